import { instanceLifecycle } from '../../domain/instance/instance-lifecycle.js';
import { OneOf, Reference, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** An instance: one container in one slot of a worker. */
export class ListedInstanceDto {
  /** Its id. */
  id!: string;

  /** Its container's name, and the id of its service in Consul. */
  name!: string;

  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** Name of its worker. */
  worker!: string;

  /** Its number among the worker's instances, 1 and up; a replacement keeps it. */
  slot!: number;

  /** The deploy whose image it runs. */
  deploy_id!: string;

  /** The commit that it runs: 40 hexadecimal digits. */
  rref!: string;

  /** Name of its host. */
  host!: string;

  /** The host's port that leads to it; null for a worker without traffic. */
  port!: number | null;

  /** `planned`, `started`, `healthy`, `draining`, `failed` or `stopped`. */
  state!: string;

  /** What should be with it: `running`; `replace`: it serves until its successor does; `stopped`. */
  desired!: string;

  /** Whether it is kept out of traffic until all new ones of its deploy are healthy (blue-green). */
  standby!: boolean;

  /** Memory that it may use, in MiB. */
  memory_mb!: number;

  /** Processor cores that it may use. */
  cpus!: number;

  /** Why it does not work, in one sentence; null where it does. */
  failure_reason!: string | null;

  /** When its place was reserved: ISO 8601, UTC. */
  created_at!: string;

  /** When its container was started; null before. */
  started_at!: string | null;

  /** When it became healthy; null before. */
  healthy_at!: string | null;

  /** When it failed or was stopped; null before. */
  ended_at!: string | null;
}

/** An instance as an answer shows it. */
export const INSTANCE_EXAMPLE: ListedInstanceDto = {
  id: '311',
  name: 'sample-production-web-1-d42',
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  worker: 'web',
  slot: 1,
  deploy_id: '42',
  rref: '4f1c0d5a9e0b7c3d2e1f00112233445566778899',
  host: 'host-1',
  port: 20_017,
  state: 'healthy',
  desired: 'running',
  standby: false,
  memory_mb: 256,
  cpus: 0.1,
  failure_reason: null,
  created_at: '2026-11-21T03:36:00.000Z',
  started_at: '2026-11-21T03:36:02.000Z',
  healthy_at: '2026-11-21T03:36:04.000Z',
  ended_at: null,
};

/** Which instances are wanted. */
export class ListInstancesDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;

  /** Only those of the workers of this name. */
  @Text({ max: 63, optional: true, example: 'web' })
  worker?: string;

  /** Only those on this host. */
  @Text({ max: 253, optional: true, example: 'host-1' })
  host?: string;

  /** Only those in this state; all that are not stopped where nothing is said. */
  @OneOf(instanceLifecycle.states, { optional: true, example: 'healthy' })
  state?: string;
}

import { LONGEST, WORKER_NAME } from '../../domain/kernel/names.js';
import { HIGHEST_SCALE } from '../../domain/worker/worker.js';
import { Amount, Flag, Reference, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';
import { WORKER_POLICY_EXAMPLE, WorkerPolicyDto, WorkerPolicySettingsDto } from './worker-policy.dto.js';

const NAME = {
  max: LONGEST.worker,
  pattern: WORKER_NAME,
  shape: 'a name of small letters, digits, - and _, beginning with a letter',
  example: 'web',
};

const SCALE = { min: 0, max: HIGHEST_SCALE, example: 3 };

/** The settings of a worker that may be left out; each keeps its value, or begins with the default of {@link WorkerDto}. */
export class WorkerSettingsDto extends WorkerPolicySettingsDto {
  /** The program and its arguments, in words as a shell reads them; no shell runs it. Empty: the image's own command. */
  @Text({ min: 0, max: 4096, optional: true, shape: 'a command', example: '/start web' })
  command?: string;

  /** How many instances there should be. */
  @WholeNumber({ ...SCALE, optional: true })
  scale?: number;

  /** The port inside the container that takes traffic; only of the worker `web`, 8888 where it is null. */
  @WholeNumber({ min: 1, max: 65_535, optional: true, nullable: true, example: 8888 })
  port?: number | null;

  /** Memory that each instance reserves and may use, in MiB; Docker takes no less than 6. */
  @WholeNumber({ min: 6, max: 4_194_304, unit: 'MiB', optional: true, example: 256 })
  memory_mb?: number;

  /** Processor cores that each instance reserves and may use; 0.5 is half a core. */
  @Amount({ min: 0.01, max: 1024, unit: 'cores', optional: true, example: 0.1 })
  cpus?: number;

  /** The path at which `web` is asked whether it is healthy; any 2xx is. */
  @Text({
    max: 1024,
    pattern: /^\/[\x21-\x7e]*$/,
    shape: 'a path that begins with /',
    optional: true,
    example: '/',
  })
  health_path?: string;

  /** Between two health checks. */
  @WholeNumber({ min: 1, max: 3600, unit: 'seconds', optional: true, example: 2 })
  health_interval_seconds?: number;

  /** How long one health check may take. */
  @WholeNumber({ min: 1, max: 600, unit: 'seconds', optional: true, example: 2 })
  health_timeout_seconds?: number;

  /** How long a new instance may take to get healthy; then its deploy fails. */
  @WholeNumber({ min: 1, max: 3600, unit: 'seconds', optional: true, example: 120 })
  health_deadline_seconds?: number;

  /** How long an instance that is out of Consul may end its requests before it is told to stop. */
  @WholeNumber({ min: 0, max: 3600, unit: 'seconds', optional: true, example: 5 })
  drain_seconds?: number;

  /** How long an instance that was told to stop may take before it is killed. */
  @WholeNumber({ min: 0, max: 3600, unit: 'seconds', optional: true, example: 10 })
  stop_grace_seconds?: number;

  /** Whether its instances may be moved to another host while nothing is wrong; true. False keeps their hosts: none of them is chosen to leave. */
  @Flag({ optional: true, example: true })
  may_move?: boolean;
}

/** A worker: a process type of an app in an environment. */
export class WorkerDto extends WorkerPolicyDto {
  /** Its id. */
  id!: string;

  /** Its name; only `web` takes traffic. */
  name!: string;

  /** The program and its arguments; empty for the image's own command. */
  command!: string;

  /** How many instances there should be. */
  scale!: number;

  /** Where it scales itself: between which bounds, and whether the scale will be brought back into them; else null. */
  scaling_notice!: string | null;

  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** The port inside the container that takes traffic; null for none. */
  port!: number | null;

  /** Memory of each instance, in MiB. */
  memory_mb!: number;

  /** Processor cores of each instance. */
  cpus!: number;

  /** The path at which `web` is asked whether it is healthy. */
  health_path!: string;

  /** Seconds between two health checks. */
  health_interval_seconds!: number;

  /** Seconds that one health check may take. */
  health_timeout_seconds!: number;

  /** Seconds that a new instance may take to get healthy. */
  health_deadline_seconds!: number;

  /** Seconds between leaving Consul and the stop signal. */
  drain_seconds!: number;

  /** Seconds between the stop signal and the kill. */
  stop_grace_seconds!: number;

  /** Whether its instances may be moved to another host while nothing is wrong. */
  may_move!: boolean;

  /** When it was created: ISO 8601, UTC. */
  created_at!: string;

  /** When it was changed last: ISO 8601, UTC. */
  updated_at!: string;
}

/** A worker as an answer shows it. */
export const WORKER_EXAMPLE: WorkerDto = {
  id: '9',
  name: 'web',
  command: '/start web',
  scale: 3,
  scaling_notice: null,
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  port: 8888,
  memory_mb: 256,
  cpus: 0.1,
  health_path: '/',
  health_interval_seconds: 2,
  health_timeout_seconds: 2,
  health_deadline_seconds: 120,
  drain_seconds: 5,
  stop_grace_seconds: 10,
  may_move: true,
  ...WORKER_POLICY_EXAMPLE,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:00.000Z',
};

/** What a new worker is made of. */
export class CreateWorkerDto extends WorkerSettingsDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** Its name, for good. */
  @Text({ ...NAME, example: 'mailer' })
  name!: string;
}

/** What is to change of a worker; what is left out stays. */
export class UpdateWorkerDto extends WorkerSettingsDto {
  /** May say its name again; a worker keeps its name. */
  @Text({ ...NAME, optional: true })
  name?: string;

  /** May say again which app's it is; it stays that app's. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** May say again in which environment it is; it stays there. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

/** A new scale for a worker that is named by its place. */
export class RescaleWorkerDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** The worker's name. */
  @Text({ max: 63, shape: 'the name of a worker', example: 'web' })
  name!: string;

  /** How many instances there should be. */
  @WholeNumber(SCALE)
  scale!: number;
}

/** Which workers are wanted. */
export class ListWorkersDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those of this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;

  /** Only those of this name. */
  @Text({ max: 63, optional: true, shape: 'the name of a worker', example: 'web' })
  worker?: string;
}

import { deployLifecycle } from '../../domain/deploy/deploy-lifecycle.js';
import { Flag, OneOf, Reference, Text } from '../../http/input/fields.js';
import { CallbackUrl } from '../../http/input/callback-url.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { BUILD_EXAMPLE, BuildDto } from '../builds/build.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** What an instance left when it failed. */
export class FailureDto {
  /** One sentence of cause. */
  cause!: string;

  /** `exited`, `unhealthy`, `not_started` or `vanished`. */
  kind!: string;

  /** What its container ended with; null where it did not end. */
  exit_code!: number | null;

  /** Whether it ran out of memory. */
  out_of_memory!: boolean;

  /** What its health check said last. */
  last_check!: string | null;

  /** The last lines that it printed, at most 50, oldest first. */
  last_lines!: string[];
}

/** What the instance left on which a deploy failed. */
export class DeployFailureDto extends FailureDto {
  /** Name of its container. */
  instance!: string;

  /** The host that it ran on. */
  host!: string;
}

/** One container of a deploy. */
export class InstanceDto {
  /** Name of its container, and id of its service in Consul. */
  id!: string;

  /** Its worker. */
  worker!: string;

  /** Its number among the worker's instances, 1 and up. */
  slot!: number;

  /** The host that it runs on. */
  host!: string;

  /** The host's port that leads to it; null for a worker without traffic. */
  port!: number | null;

  /** `planned`, `started`, `healthy`, `draining`, `failed` or `stopped`. */
  state!: string;

  /** Why it does not work; null for one that does. */
  failure!: FailureDto | null;
}

/** A deploy: one rollout of a build to an environment. */
export class DeployDto {
  /** Its id. */
  id!: string;

  /** `created`, `building`, `deploying`, `deployed`, `failed`, or `stopped` once a later one took its place. */
  state!: string;

  /** What is finer: `succeeded`, `build_failed`, `not_placed`, `timed_out`, `reverted`, `superseded`; null in progress. */
  outcome!: string | null;

  /** What is rolled out. */
  build!: BuildDto;

  /** Where to. */
  environment!: EnvironmentDto;

  /** What of. */
  app!: AppDto;

  /** The full commit id. */
  rref!: string;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When it changed last. */
  updated_at!: string;

  /** When it settled. */
  completed_at!: string | null;

  /** Why it failed, in one sentence. */
  failure_reason!: string | null;

  /** The proof of it: what the instance left that failed first. */
  failure!: DeployFailureDto | null;

  /** The host of its first instance. */
  container_host!: string | null;

  /** The container of its first instance. */
  container_id!: string | null;

  /** Where the deploy is sent when it settles. */
  callback_url!: string | null;

  /** What a caller may not expect, such as that nothing is started; null where all is plain. Only of a single deploy. */
  notice?: string | null;

  /** The last instance of each slot, ended ones too. Only of a single deploy. */
  instances?: InstanceDto[];
}

/** An instance as an answer shows it. */
export const INSTANCE_EXAMPLE: InstanceDto = {
  id: 'sample-production-web-1-d42',
  worker: 'web',
  slot: 1,
  host: 'h1',
  port: 27316,
  state: 'healthy',
  failure: null,
};

/** A deploy as an answer shows it. */
export const DEPLOY_EXAMPLE: DeployDto = {
  id: '42',
  state: 'deployed',
  outcome: 'succeeded',
  build: BUILD_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  app: APP_EXAMPLE,
  rref: BUILD_EXAMPLE.rref,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:12.000Z',
  completed_at: '2026-11-21T03:36:12.000Z',
  failure_reason: null,
  failure: null,
  container_host: 'h1',
  container_id: 'f31c8c5b58eda4d6e8896509e14ac283d5c7f2eb676af4d03913d095c2f443e3',
  callback_url: null,
  notice: null,
  instances: [INSTANCE_EXAMPLE],
};

/** A deploy that was just asked for. */
export const NEW_DEPLOY_EXAMPLE: DeployDto = {
  ...DEPLOY_EXAMPLE,
  state: 'created',
  outcome: null,
  updated_at: DEPLOY_EXAMPLE.created_at,
  completed_at: null,
  container_host: null,
  container_id: null,
  instances: [],
};

/** What a deploy is asked for with. */
export class CreateDeployDto {
  /** The app, by name or id. */
  @Reference('app')
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment')
  environment!: string;

  /** What to deploy: a commit id, which may be shortened, a branch or a tag. */
  @Text({ max: 255, shape: 'a commit, a branch or a tag', example: BUILD_EXAMPLE.rref })
  rref!: string;

  /** Whether to take the place of the deploy that is in progress, which then fails as `superseded`. */
  @Flag({ optional: true, example: false })
  force?: boolean;

  /** Where the deploy is sent when it settles. */
  @CallbackUrl()
  callback_url?: string | null;
}

/** Which deploys are wanted. */
export class ListDeploysDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true })
  app?: string;

  /** Only those to this environment, by name or id. */
  @Reference('environment', { optional: true })
  environment?: string;

  /** Only those in this state. */
  @OneOf(deployLifecycle.states, { optional: true, example: 'deployed' })
  state?: string;
}

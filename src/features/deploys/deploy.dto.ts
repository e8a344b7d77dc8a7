import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { BUILD_EXAMPLE, BuildDto } from '../builds/build.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';
import { DeployFailureDto, INSTANCE_EXAMPLE, InstanceDto } from './instance.dto.js';
import { WaitsForRoomDto } from './room.dto.js';

/** The release command of a deploy: run once, in the new image, before anything is moved. */
export class ReleaseCommandDto {
  /** `running`, `succeeded` or `failed`. */
  state!: string;

  /** The host that it runs on. */
  host!: string;

  /** What it ended with; null while it runs. */
  exit_code!: number | null;
}

/** What was seen through a router while the traffic of a deploy moved. */
export class ProbeDto {
  /** How many requests were sent. */
  requests!: number;

  /** How many of them failed. */
  failures!: number;

  /** 99 of 100 were answered within so many milliseconds; null before the first answer. */
  p99_ms!: number | null;

  /** Why the last one that failed did. */
  last_failure!: string | null;
}

/** A deploy: one rollout of a build to an environment. */
export class DeployDto {
  /** Its id. */
  id!: string;

  /** `created`, `building`, `deploying`, `deployed`, `failed`, or `stopped` once a later one took its place. */
  state!: string;

  /**
   * What is finer: `succeeded`, `build_failed`, `not_placed`, `timed_out`, `reverted`, `superseded`, `canceled`,
   * `release_command_failed`, `image_gone` (neither the registry nor a host has it), `revert_incomplete` (what was there
   * could not be put back in time, and the reconcile goes on with it) or `config_unreadable` (a secret of its variables
   * cannot be opened); null in progress.
   */
  outcome!: string | null;

  /** Why there is one: `deploy` of a commit, `rollback` to an earlier release, `promotion` of another environment's, or `config`: what runs, with other variables. */
  kind!: string;

  /** The release that it made, `v42`; null until it succeeded. */
  release!: string | null;

  /** The release that it brings back, or promotes, `v41`; null for a deploy of a commit. */
  from_release!: string | null;

  /** Whether it waits for its turn. */
  queued!: boolean;

  /** Its place among those that wait, 1 and up; null for one that does not. */
  position!: number | null;

  /** Whether nobody asked for it by hand, so that a hold keeps it out. */
  automatic!: boolean;

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

  /** What it waits for room for, until hosts come to its pool; null where it does not. */
  waits_for_room!: WaitsForRoomDto | null;

  /** Why it is paused: until somebody says continue or cancel nothing more is moved. Null where it is not. */
  paused_because!: string | null;

  /** When it was asked to be taken back; null where it was not. */
  cancel_requested_at!: string | null;

  /** How its release command went; null where there is none, or it was not run yet. */
  release_command!: ReleaseCommandDto | null;

  /** What was seen through a router; null where no worker has a probe. */
  probe!: ProbeDto | null;

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

/** A deploy as an answer shows it. */
export const DEPLOY_EXAMPLE: DeployDto = {
  id: '42',
  state: 'deployed',
  outcome: 'succeeded',
  kind: 'deploy',
  release: 'v12',
  from_release: null,
  queued: false,
  position: null,
  automatic: false,
  build: BUILD_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  app: APP_EXAMPLE,
  rref: BUILD_EXAMPLE.rref,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:12.000Z',
  completed_at: '2026-11-21T03:36:12.000Z',
  failure_reason: null,
  failure: null,
  waits_for_room: null,
  paused_because: null,
  cancel_requested_at: null,
  release_command: { state: 'succeeded', host: 'h1', exit_code: 0 },
  probe: { requests: 412, failures: 0, p99_ms: 18, last_failure: null },
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
  release: null,
  release_command: null,
  probe: null,
  updated_at: DEPLOY_EXAMPLE.created_at,
  completed_at: null,
  container_host: null,
  container_id: null,
  instances: [],
};

/** A deploy that is being taken back. */
export const CANCELED_DEPLOY_EXAMPLE: DeployDto = {
  ...NEW_DEPLOY_EXAMPLE,
  state: 'deploying',
  cancel_requested_at: '2026-11-21T03:36:05.000Z',
  notice: 'It is being taken back: it ends as failed when what was there before serves again.',
};

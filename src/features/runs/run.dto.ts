import { commandFault } from '../../domain/run/run-command.js';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import { Amount, Field, Flag, Identifier, OneOf, Reference, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** The longest that any setting allows, in seconds: a week. */
const LONGEST = 604_800;

/** Columns and rows of a terminal at the most. */
export const LARGEST_TERMINAL = 1000;

/** The release of a run. */
export class RunReleaseDto {
  /** Its id. */
  id!: string;

  /** `v41`. */
  name!: string;
}

/** The instance that a run is in. */
export class RunInstanceDto {
  /** Its id. */
  id!: string;

  /** Its container's name. */
  name!: string;
}

/** A command that is run once. */
export class RunDto {
  /** Its id. */
  id!: string;

  /** `one_off`: in a container of its own; `exec`: in the container of an instance. */
  kind!: string;

  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** The release whose image and variables it gets; null in an instance of a deploy that has not succeeded. */
  release!: RunReleaseDto | null;

  /** The instance that it is run in; null of one with a container of its own. */
  instance!: RunInstanceDto | null;

  /** The worker whose resources it gets; null for none in particular. */
  worker!: string | null;

  /** The program and its arguments, without the secrets of the app in them. */
  command!: string[];

  /** Whether it has a terminal, and is typed to. */
  interactive!: boolean;

  /** Whether it has a standard input without a terminal. */
  input!: boolean;

  /** Whether nobody means to be connected to it: what it prints is in its log alone. */
  detach!: boolean;

  /** `waiting`, `starting`, `running`; then `exited`, `failed` or `canceled`. */
  state!: string;

  /** `succeeded`, `failed`, `out_of_memory`, `timed_out`, `canceled` or `lost`; null before its end. */
  outcome!: string | null;

  /** Exit code; null before its end, and where none was seen. */
  exit_code!: number | null;

  /** The signal that ended it: `SIGKILL`; null for none. */
  signal!: string | null;

  /** Why it failed, in one sentence. */
  failure_reason!: string | null;

  /** What it waits for, in one sentence; null where it does not wait. */
  waiting_for!: string | null;

  /** Name of its host; null before it has one. */
  host!: string | null;

  /** Who asked for it. */
  requested_by!: string | null;

  /** Memory that it may use, in MiB; null in an instance, whose own it uses. */
  memory_mb!: number | null;

  /** Processor cores that it may use; null in an instance. */
  cpus!: number | null;

  /** How long it may run, in seconds. */
  time_limit_seconds!: number;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When it was started; null before. */
  started_at!: string | null;

  /** When it ended; null before. */
  completed_at!: string | null;
}

/** A run as an answer shows it. */
export const RUN_EXAMPLE: RunDto = {
  id: '17',
  kind: 'one_off',
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  release: { id: '40', name: 'v41' },
  instance: null,
  worker: null,
  command: ['rake', 'db:migrate'],
  interactive: false,
  input: false,
  detach: true,
  state: 'exited',
  outcome: 'succeeded',
  exit_code: 0,
  signal: null,
  failure_reason: null,
  waiting_for: null,
  host: 'host-1',
  requested_by: 'octocat',
  memory_mb: 256,
  cpus: 0.1,
  time_limit_seconds: 3600,
  created_at: '2026-11-21T03:36:00.000Z',
  started_at: '2026-11-21T03:36:01.000Z',
  completed_at: '2026-11-21T03:36:09.000Z',
};

/** A run that has only been asked for. */
export const WAITING_RUN_EXAMPLE: RunDto = {
  ...RUN_EXAMPLE,
  state: 'waiting',
  outcome: null,
  exit_code: null,
  host: null,
  started_at: null,
  completed_at: null,
};

/** A run in an instance that has only been asked for. */
export const EXEC_EXAMPLE: RunDto = {
  ...WAITING_RUN_EXAMPLE,
  id: '18',
  kind: 'exec',
  instance: { id: '311', name: 'sample-production-web-1-d42' },
  command: ['sh'],
  interactive: true,
  detach: false,
  host: 'host-1',
  memory_mb: null,
  cpus: null,
};

/** What is run, and how somebody is connected to it. */
export class CreateExecDto {
  /** The program and its arguments; a text is split into words as a worker's command is, and no shell sees it. */
  @Field('map', commandFault, {
    example: ['rake', 'db:migrate'],
    schema: {
      oneOf: [
        { type: 'array', items: { type: 'string' }, minItems: 1 },
        { type: 'string', minLength: 1 },
      ],
    } as object,
  })
  command!: string | string[];

  /** Whether it gets a terminal, and is typed to at its console. */
  @Flag({ optional: true, example: false })
  interactive?: boolean;

  /** Whether it gets a standard input without a terminal, as a program in a pipe. */
  @Flag({ optional: true, example: false })
  input?: boolean;

  /** Columns of the terminal. */
  @WholeNumber({ min: 1, max: LARGEST_TERMINAL, optional: true, example: 80 })
  columns?: number;

  /** Rows of the terminal. */
  @WholeNumber({ min: 1, max: LARGEST_TERMINAL, optional: true, example: 24 })
  rows?: number;

  /** How long it may run; at most, and where nothing is said, `RUN_TIME_LIMIT_SECONDS`. */
  @WholeNumber({ min: 1, max: LONGEST, unit: 'seconds', optional: true, example: 600 })
  time_limit_seconds?: number;
}

/** What is run in a container of its own. */
export class CreateRunDto extends CreateExecDto {
  /** The app, by name or id. */
  @Reference('app', { example: 'sample' })
  app!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** The release whose image and variables it gets: `v41`, or `current`, which it is where nothing is said. */
  @Text({
    ...{ max: 20, pattern: /^(current|v?[1-9][0-9]{0,8})$/i, shape: 'a release, v41, or "current"' },
    ...{ optional: true, example: 'current' },
  })
  release?: string;

  /** A worker of that release: the resources are its own. Those of the first one where nothing is said. */
  @Text({ max: 63, optional: true, example: 'web' })
  worker?: string;

  /** Whether nobody will be connected to it: what it prints is in its log. */
  @Flag({ optional: true, example: true })
  detach?: boolean;

  /** Memory that it may use; at most `RUN_MEMORY_LIMIT_MB`. */
  @WholeNumber({ min: 4, max: 1_048_576, unit: 'MiB', optional: true, example: 512 })
  memory_mb?: number;

  /** Processor cores that it may use. */
  @Amount({ min: 0.01, max: 64, unit: 'cores', optional: true, example: 0.5 })
  cpus?: number;
}

/** Which runs are wanted. */
export class ListRunsDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;

  /** Only those in this state. */
  @OneOf(runLifecycle.states, { optional: true, example: 'running' })
  state?: string;

  /** Only those in this instance. */
  @Identifier('instance', { optional: true, example: '311' })
  instance?: string;
}

import { HIGHEST_SCALE } from '../../domain/worker/worker.js';
import { RELEASE_KEY, RELEASE_KEY_SHAPE } from '../../domain/release/find-release.js';
import { Amount, Field, OneOf, Reference, show, Text, WholeNumber } from '../../http/input/fields.js';

/** The most times that a scale is thought of: the highest scale ends it in any case. */
const MOST_TIMES = 1000;

/** What may be planned. */
export const CHANGE_KINDS = ['deploy', 'scale', 'config', 'lose_host', 'add_hosts', 'group_of'] as const;

/** One of {@link CHANGE_KINDS}. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** The most hosts that a plan adds: a plan of more than anybody buys at once is a typing error. */
const MOST_HOSTS = 100;

const KIND = { example: 'scale' };

/** A deploy: of a commit, of a release, or of the commit that is there where neither is said. */
export class DeployChangeDto {
  /** `deploy`. */
  @OneOf(['deploy'], { example: 'deploy' })
  kind!: 'deploy';

  /** The app, by name or id; may stand beside `change` instead. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** A commit id, which may be shortened, a branch or a tag. */
  @Text({ max: 255, shape: 'a commit, a branch or a tag', optional: true, example: 'main' })
  rref?: string;

  /** An earlier release, as a rollback would bring it back. */
  @Text({ max: 40, pattern: RELEASE_KEY, shape: RELEASE_KEY_SHAPE, optional: true, example: 'v41' })
  release?: string;
}

/** Another scale of a worker. */
export class ScaleChangeDto {
  /** `scale`. */
  @OneOf(['scale'], KIND)
  kind!: 'scale';

  /** The app, by name or id; may stand beside `change` instead. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** The worker's name. */
  @Text({ max: 63, shape: 'the name of a worker', example: 'web' })
  worker!: string;

  /** How many instances there should be; or say `times`. */
  @WholeNumber({ min: 0, max: HIGHEST_SCALE, optional: true, example: 5 })
  scale?: number;

  /** How many times as many as now, rounded up: 2 doubles it. */
  @Amount({ min: 0, max: MOST_TIMES, optional: true, example: 2 })
  times?: number;
}

const mapFault = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : `is ${show(value)}, but should be a map of variables: {"NAME": "value"}.`;

/** Other variables. */
export class ConfigChangeDto {
  /** `config`. */
  @OneOf(['config'], { example: 'config' })
  kind!: 'config';

  /** The app, by name or id; may stand beside `change` instead. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Variables that would be set; `null` would remove one; those that are not named stay. */
  @Field('map', mapFault, {
    example: { LOG_LEVEL: 'debug' },
    schema: { type: 'object', additionalProperties: { type: 'string', nullable: true } },
  })
  config!: Record<string, unknown>;
}

/** A host that is lost for good. */
export class LoseHostChangeDto {
  /** `lose_host`. */
  @OneOf(['lose_host'], { example: 'lose_host' })
  kind!: 'lose_host';

  /** Its name. */
  @Text({ max: 255, shape: 'the name of a host', example: 'h2' })
  host!: string;
}

/** More hosts. */
export class AddHostsChangeDto {
  /** `add_hosts`. */
  @OneOf(['add_hosts'], { example: 'add_hosts' })
  kind!: 'add_hosts';

  /** How many. */
  @WholeNumber({ min: 1, max: MOST_HOSTS, unit: 'hosts', example: 2 })
  count!: number;

  /** What each has. */
  @WholeNumber({ min: 1, max: 4_194_304, unit: 'MiB', example: 4096 })
  memory_mb!: number;

  /** What each has. */
  @Amount({ min: 0.01, max: 1024, unit: 'cores', example: 2 })
  cpus!: number;

  /** The stack that they are of, by name or id. */
  @Reference('stack', { example: 'api' })
  stack!: string;
}

/** A host pool of another size. */
export class GroupOfChangeDto {
  /** `group_of`. */
  @OneOf(['group_of'], { example: 'group_of' })
  kind!: 'group_of';

  /** The stack of the pool, by name or id. */
  @Reference('stack', { example: 'api' })
  stack!: string;

  /** How many hosts it would have. */
  @WholeNumber({ min: 0, max: MOST_HOSTS, unit: 'hosts', example: 4 })
  hosts!: number;
}

/** A change, by its kind. */
export const CHANGE_DTOS = {
  deploy: DeployChangeDto,
  scale: ScaleChangeDto,
  config: ConfigChangeDto,
  lose_host: LoseHostChangeDto,
  add_hosts: AddHostsChangeDto,
  group_of: GroupOfChangeDto,
} as const satisfies Record<ChangeKind, new () => { kind: ChangeKind }>;

/** Any of the changes. */
export type ChangeDto = InstanceType<(typeof CHANGE_DTOS)[ChangeKind]>;

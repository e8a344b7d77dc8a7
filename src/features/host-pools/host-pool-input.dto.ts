import {
  HOST_POOL_KINDS,
  type HostPoolKind,
  SCALING_MODES,
  type ScalingMode,
} from '../../domain/host-pool/host-pool.js';
import { Amount, Field, Flag, OneOf, Reference, show, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { LAUNCH_EXAMPLE } from './launch.dto.js';

/** The most hosts of a pool: a limit against typing errors, and what the planner is measured with. */
export const MOST_HOSTS = 1000;

/** In seconds; a hook of Amazon holds a machine no longer than 48 hours. */
const LONGEST = { day: 86_400, drain: 172_800 } as const;

const HOSTS = { min: 0, max: MOST_HOSTS, unit: 'hosts', optional: true } as const;
const SECONDS = { unit: 'seconds', optional: true } as const;

/** A host that offers less than this would be full of its own agents. */
const LEAST_OFFER = { memoryMb: 128, cpus: 0.1 } as const;

const OFFER = { optional: true, nullable: true } as const;

const launchFault = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : `is ${show(value)}, but should be a map: {"image_id": "ami-…", "instance_types": ["m6i.large"], …}.`;

const Launch = () =>
  Field('map', launchFault, {
    optional: true,
    example: LAUNCH_EXAMPLE,
    schema: { type: 'object', additionalProperties: true } as object,
  });

/** The settings of a pool that may be left out; each keeps its value, or begins with the default that is named. */
export class PoolSettingsDto {
  /** The fewest hosts; 0, or those of an adopted group. */
  @WholeNumber({ ...HOSTS, example: 2 })
  min_hosts?: number;

  /** The most hosts. */
  @WholeNumber({ ...HOSTS, example: 6 })
  max_hosts?: number;

  /** How many hosts there should be; only of a group. */
  @WholeNumber({ ...HOSTS, example: 2 })
  desired_hosts?: number;

  /** `automatic`, or `advice`: nothing is done, only told. */
  @OneOf(SCALING_MODES, { optional: true, example: 'automatic' })
  mode?: ScalingMode;

  /** Share of what is reserved that stays free beside it; 10. */
  @WholeNumber({ min: 0, max: 500, unit: 'percent', optional: true, example: 10 })
  head_room_percent?: number;

  /** How long fewer hosts must have been enough before one leaves; 600. */
  @WholeNumber({ min: 0, max: LONGEST.day, ...SECONDS, example: 600 })
  scale_in_after_seconds?: number;

  /** How long after a change of the count no host leaves; 120. */
  @WholeNumber({ min: 0, max: LONGEST.day, ...SECONDS, example: 120 })
  cool_down_seconds?: number;

  /** Whether it may have no host at all while nothing is wanted; false. */
  @Flag({ optional: true, example: false })
  scale_to_zero?: boolean;

  /** How long a host may take to join after its launch; 600. */
  @WholeNumber({ min: 1, max: LONGEST.day, ...SECONDS, example: 600 })
  join_deadline_seconds?: number;

  /** After how long a host that leaves is let go, emptied or not; 1800. */
  @WholeNumber({ min: 1, max: LONGEST.drain, ...SECONDS, example: 1800 })
  drain_deadline_seconds?: number;

  /** How long a deploy waits for the hosts that it needs; 900. */
  @WholeNumber({ min: 0, max: LONGEST.day, ...SECONDS, example: 900 })
  wait_for_room_seconds?: number;

  /** Memory that a host offers to containers; null, or left out of a new pool: what the smallest kind of machine has. */
  @WholeNumber({ min: LEAST_OFFER.memoryMb, max: 33_554_432, unit: 'MiB', ...OFFER, example: 7680 })
  memory_mb?: number | null;

  /** Cores that a host offers to containers; stands beside `memory_mb`. */
  @Amount({ min: LEAST_OFFER.cpus, max: 2048, unit: 'cores', ...OFFER, example: 2 })
  cpus?: number | null;

  /** What new hosts are made of, as a whole: see LaunchDto. Hosts that are there stay as they are. */
  @Launch()
  launch?: Record<string, unknown>;
}

/** A new pool. */
export class CreateHostPoolDto extends PoolSettingsDto {
  /** The stack, by name or id. */
  @Reference('stack', { example: 'api' })
  stack!: string;

  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;

  /** `auto_scaling_group`, or `static`: its hosts are registered by people. */
  @OneOf(HOST_POOL_KINDS, { example: 'auto_scaling_group' })
  kind!: HostPoolKind;

  /** Name of the group, for good; `jockey-STACK-ENVIRONMENT` where nothing is said. */
  @Text({
    max: 255,
    pattern: /^[!-9;-~]+$/,
    shape: 'the name of a group: printable ASCII without spaces and colons',
    optional: true,
    example: 'jockey-api-production',
  })
  group_name?: string;

  /** Where the group is, for good. */
  @Text({
    max: 32,
    pattern: /^[a-z]{2,3}(?:-[a-z]+)+-[0-9]{1,2}$/,
    shape: 'a region such as eu-central-1',
    optional: true,
    example: 'eu-central-1',
  })
  region?: string;

  /** Whether the group is there already and is taken as it is; false. */
  @Flag({ optional: true, example: false })
  adopt?: boolean;

  /** Whether a group that another Jockey has marked is taken away from it; false. */
  @Flag({ optional: true, example: false })
  take_over?: boolean;
}

/** What is to change of a pool; what is left out stays. */
export class UpdateHostPoolDto extends PoolSettingsDto {
  /** Why, for the history. */
  @Text({ max: 500, optional: true, shape: 'a reason', example: 'the sale begins at eight' })
  reason?: string;
}

/** Which pools are wanted. */
export class ListHostPoolsDto extends PageQueryDto {
  /** Only those of this stack, by name or id. */
  @Reference('stack', { optional: true, example: 'api' })
  stack?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

/** How a pool is deleted. */
export class DeleteHostPoolDto {
  /** Whether the group stays, with all of its machines; true. */
  @Flag({ optional: true, example: true })
  keep_group?: boolean;
}

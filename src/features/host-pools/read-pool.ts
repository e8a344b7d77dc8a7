import type { LaunchSettings } from '../../domain/host-pool/host-pool.js';
import { type PoolNumbers, poolContradictions } from '../../domain/host-pool/pool-contradictions.js';
import { DomainError, type FieldError } from '../../domain/kernel/errors.js';
import { readPart } from '../../http/input/input.pipe.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import type { CreateHostPoolDto, PoolSettingsDto } from './host-pool-input.dto.js';
import { LaunchDto } from './launch.dto.js';

/** What may be said of a pool again and again. */
export type PoolSettings = Partial<
  Pick<
    HostPoolRow,
    | 'minHosts'
    | 'maxHosts'
    | 'desiredHosts'
    | 'mode'
    | 'headRoomPercent'
    | 'scaleInAfterSeconds'
    | 'coolDownSeconds'
    | 'scaleToZero'
    | 'joinDeadlineSeconds'
    | 'drainDeadlineSeconds'
    | 'waitForRoomSeconds'
    | 'memoryMb'
    | 'cpus'
    | 'launch'
  >
>;

/** The column of each setting that is taken over as it is. */
const COLUMNS = {
  min_hosts: 'minHosts',
  max_hosts: 'maxHosts',
  desired_hosts: 'desiredHosts',
  mode: 'mode',
  head_room_percent: 'headRoomPercent',
  scale_in_after_seconds: 'scaleInAfterSeconds',
  cool_down_seconds: 'coolDownSeconds',
  scale_to_zero: 'scaleToZero',
  join_deadline_seconds: 'joinDeadlineSeconds',
  drain_deadline_seconds: 'drainDeadlineSeconds',
  wait_for_room_seconds: 'waitForRoomSeconds',
  memory_mb: 'memoryMb',
  cpus: 'cpus',
} as const satisfies Record<Exclude<keyof PoolSettingsDto, 'launch'>, keyof PoolSettings>;

/** A launch template is named `jockey-GROUP`, in at most 128 characters of these. */
const TEMPLATE_NAME = /^[A-Za-z0-9().\/_-]{1,121}$/;

/** The settings that are given, by column. */
export function settingsOf(body: PoolSettingsDto): PoolSettings {
  const said = Object.entries(COLUMNS).filter(([field]) => body[field as keyof typeof COLUMNS] !== undefined);
  return {
    ...Object.fromEntries(said.map(([field, column]) => [column, body[field as keyof typeof COLUMNS]])),
    ...(body.launch === undefined ? {} : { launch: launchOf(body.launch) }),
  };
}

/** Throws `record_invalid`, with every fault, for what cannot be said together of a new pool. */
export function refuseNonsense(body: CreateHostPoolDto): void {
  throwAll(body.kind === 'static' ? staticFaults(body) : groupFaults(body));
}

/** Throws `record_invalid` for what is only of a group. */
export function refuseOfStatic(body: PoolSettingsDto): void {
  throwAll(staticFaults(body));
}

/** Throws `record_invalid`, with every fault, where a pool as it would stand contradicts itself. */
export function requireSense(pool: PoolNumbers): void {
  throwAll(poolContradictions(pool));
}

const ONLY_OF_GROUPS = ['group_name', 'region', 'adopt', 'take_over', 'desired_hosts', 'launch'] as const;

function staticFaults(body: PoolSettingsDto): FieldError[] {
  return ONLY_OF_GROUPS.filter((field) => Reflect.get(body, field) !== undefined).map((field) => ({
    field,
    message: 'is only of an auto_scaling_group: the hosts of a static pool are those that people register in Consul.',
  }));
}

function groupFaults(body: CreateHostPoolDto): FieldError[] {
  const adopts = body.adopt === true;
  return [
    ...faultIf(body.region === undefined, 'region', 'is required for an auto_scaling_group: eu-central-1.'),
    ...faultIf(
      adopts && body.launch !== undefined,
      'launch',
      'is not for a group that is adopted, which is taken as it is; send it with PUT afterwards.',
    ),
    ...faultIf(
      !adopts && body.launch === undefined,
      'launch',
      'is required for a new group; or adopt one: adopt true.',
    ),
    ...faultIf(!adopts && body.max_hosts === undefined, 'max_hosts', 'is required for a new group.'),
    ...faultIf(!adopts && body.take_over === true, 'take_over', 'is only for a group that is adopted: adopt true.'),
    ...faultIf(
      !adopts && body.group_name !== undefined && !TEMPLATE_NAME.test(body.group_name),
      'group_name',
      'of a new group should be at most 121 letters, digits, (, ), ., /, _ and -: its launch template is named by it.',
    ),
  ];
}

const faultIf = (isFault: boolean, field: string, message: string): FieldError[] =>
  isFault ? [{ field, message }] : [];

function throwAll(faults: readonly FieldError[]): void {
  if (faults.length === 0) return;
  throw new DomainError('record_invalid', faults.map(({ field, message }) => `${field} ${message}`).join(' '), faults);
}

/** A form and JSON are read alike: its fields are texts. */
function launchOf(input: Record<string, unknown>): LaunchSettings {
  const launch = readPart(LaunchDto, { name: 'launch', input, form: false });
  return {
    imageId: launch.image_id,
    instanceTypes: launch.instance_types,
    subnets: launch.subnets,
    securityGroups: launch.security_groups,
    instanceProfile: launch.instance_profile ?? null,
    keyName: launch.key_name ?? null,
  };
}

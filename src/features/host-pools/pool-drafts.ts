import { Injectable } from '@nestjs/common';
import type { GroupOwner } from '../../domain/host-pool/group-marks.js';
import { HostOffers } from '../../observation/host-offers.js';
import type { GroupSeen } from '../../ports/host-groups.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { presentCaller } from '../../store/present-caller.js';
import { Directory } from '../../store/repositories/directory.js';
import type { PoolPlace } from '../../store/repositories/host-pools.js';
import type { CountCause, NewPool, PoolChange } from '../../store/repositories/pool-writes.js';
import { type CreateHostPoolDto, MOST_HOSTS, type UpdateHostPoolDto } from './host-pool-input.dto.js';
import { PoolGroups } from './pool-groups.js';
import { type PoolSettings, refuseNonsense, refuseOfStatic, requireSense, settingsOf } from './read-pool.js';

/** A pool that would be made, and what there is of its group. */
export interface NewPoolDraft {
  readonly pool: NewPool & PoolFields;
  readonly place: PoolPlace;
  readonly owner: GroupOwner;
  /** The group that is adopted; null for none. */
  readonly seen: GroupSeen | null;
}

/** What a new pool always says. */
type PoolFields = Required<
  Pick<HostPoolRow, 'minHosts' | 'maxHosts' | 'desiredHosts' | 'scaleToZero' | 'memoryMb' | 'cpus' | 'launch'>
>;

/** Reads what people want of pools, and refuses what makes no sense; nothing is written or changed. */
@Injectable()
export class PoolDrafts {
  constructor(
    private readonly directory: Directory,
    private readonly groups: PoolGroups,
    private readonly offers: HostOffers,
  ) {}

  /** A new pool; the group is asked, and so is what kinds of machine have. */
  async ofNew(body: CreateHostPoolDto): Promise<NewPoolDraft> {
    refuseNonsense(body);
    const settings = settingsOf(body);
    const [stack, environment] = await Promise.all([
      this.directory.stack(body.stack),
      this.directory.environment(body.environment),
    ]);
    const place = { stack: stack.name, environment: environment.name };
    const owner = await this.groups.ownerOf(place);
    const base = { stackId: stack.id, environmentId: environment.id, kind: body.kind };
    if (body.kind === 'static') return { ...staticDraft(base, settings), place, owner };
    const { region = '', group_name: groupName = `jockey-${place.stack}-${place.environment}` } = body;
    const ref = { region, name: groupName };
    const limits = completed(settings, null);
    if (body.adopt !== true) requireSense(limits);
    const intent = { ref, owner, adopt: body.adopt === true, takeOver: body.take_over === true };
    const seen = await this.groups.find(intent);
    const pool = { ...base, region, groupName, ...settings, ...completed(settings, seen) };
    requireSense(pool);
    return { pool: { ...pool, ...(await this.offerOf(pool, seen)) }, place, owner, seen };
  }

  /** A change of a pool: what it makes of the row, and why the count changes. */
  async ofChange(row: HostPoolRow, body: UpdateHostPoolDto): Promise<Pick<PoolChange, 'why'> & { apply: Apply }> {
    if (row.kind === 'static') refuseOfStatic(body);
    const settings = settingsOf(body);
    applied(row, settings);
    const { launch } = settings;
    const offer = launch == null ? {} : await this.newOfferOf(row, settings);
    return {
      apply: (before) => applied(before, { ...settings, ...offer }),
      why: (before, after) => whyOf(settings, body.reason, { before, after }),
    };
  }

  private async offerOf(
    { region, launch, memoryMb, cpus }: PoolFields & { readonly region: string },
    seen: GroupSeen | null,
  ): Promise<Pick<HostPoolRow, 'memoryMb' | 'cpus'>> {
    const offer =
      launch === null
        ? await this.offers.of(region, seen?.instanceTypes ?? [])
        : await this.offers.ofKnown(region, launch.instanceTypes);
    return memoryMb === null ? { memoryMb: offer?.memoryMb ?? null, cpus: offer?.cpus ?? null } : { memoryMb, cpus };
  }

  /** Other kinds of machine offer something else, unless it is said what. */
  private async newOfferOf({ region }: HostPoolRow, { launch, memoryMb }: PoolSettings): Promise<PoolSettings> {
    const offer = await this.offers.ofKnown(region ?? '', launch?.instanceTypes ?? []);
    return memoryMb === undefined ? { memoryMb: offer?.memoryMb ?? null, cpus: offer?.cpus ?? null } : {};
  }
}

type Apply = (before: HostPoolRow) => HostPoolRow;

function staticDraft(base: Pick<NewPool, 'stackId' | 'environmentId' | 'kind'>, settings: PoolSettings) {
  const numbers = { maxHosts: MOST_HOSTS, ...settings };
  const pool = { ...base, region: null, groupName: null, ...settings, ...completed(numbers, null) };
  requireSense({ ...pool, desiredHosts: pool.minHosts });
  return { pool: { ...pool, desiredHosts: 0 }, seen: null };
}

/** What is not said is as the group that is adopted has it, or as a pool begins. */
function completed(settings: PoolSettings, seen: GroupSeen | null): PoolFields {
  const { minHosts = seen?.min ?? 0, maxHosts = seen?.max ?? 0, scaleToZero = false } = settings;
  const begin = Math.max(minHosts, scaleToZero ? 0 : Math.min(1, maxHosts));
  const desiredHosts = settings.desiredHosts ?? Math.min(Math.max(seen?.desired ?? begin, minHosts), maxHosts);
  const { memoryMb = null, cpus = null, launch = null } = settings;
  return { minHosts, maxHosts, desiredHosts, scaleToZero, memoryMb, cpus, launch };
}

/** Where only the limits are said, the count comes within them. */
function applied(before: HostPoolRow, settings: PoolSettings): HostPoolRow {
  const after = Object.assign(Object.create(Object.getPrototypeOf(before) as object) as HostPoolRow, before, settings);
  if (after.kind === 'static') {
    requireSense({ ...after, desiredHosts: after.minHosts });
    return after;
  }
  if (settings.desiredHosts === undefined)
    after.desiredHosts = Math.max(after.minHosts, Math.min(after.maxHosts, after.desiredHosts));
  requireSense(after);
  return after;
}

function whyOf(
  { desiredHosts }: PoolSettings,
  reason: string | undefined,
  { before, after }: { readonly before: HostPoolRow; readonly after: HostPoolRow },
): CountCause {
  const who = presentCaller()?.name ?? 'Somebody';
  const said = reason === undefined ? '' : `: ${reason}`;
  if (desiredHosts !== undefined)
    return {
      cause: 'operator',
      reason: `${who} asked for ${desiredHosts} hosts instead of ${before.desiredHosts}${said}.`,
    };
  return { cause: 'limits', reason: `${who} set the limits to ${after.minHosts} to ${after.maxHosts} hosts${said}.` };
}

import { Inject, Injectable } from '@nestjs/common';
import { type GroupOwner, isMadeFor, isOfAnother, marksOf } from '../../domain/host-pool/group-marks.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { HostUserData } from '../../observation/host-user-data.js';
import {
  type GroupChange,
  type GroupRef,
  type GroupSeen,
  HOST_GROUPS,
  type HostGroups,
} from '../../ports/host-groups.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { presentCaller } from '../../store/present-caller.js';

/** A pool that is to be of a group. */
export interface GroupIntent {
  readonly ref: GroupRef;
  readonly owner: GroupOwner;
  readonly adopt: boolean;
  /** Whether a group of another Jockey may be taken from it. */
  readonly takeOver: boolean;
}

/** What people do to groups by way of their pools. */
@Injectable()
export class PoolGroups {
  constructor(
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
    private readonly userData: HostUserData,
    private readonly pools: HostPoolRecords,
  ) {}

  /** Whose groups of a place are. */
  async ownerOf(place: { readonly stack: string; readonly environment: string }): Promise<GroupOwner> {
    return { ...place, installationId: (await this.pools.settings()).installationId };
  }

  /**
   * The group that a pool would be of: what there is of one that is adopted, null for one that is to be made. One that
   * was made for just this pool and never noted, because Jockey died meanwhile, counts as not made.
   */
  async find({ ref, owner, adopt, takeOver }: GroupIntent): Promise<GroupSeen | null> {
    const seen = await this.groups.read(ref);
    if (!adopt) return refuseTaken(seen, ref, owner);
    if (seen === null) throw notFound(`Auto Scaling Group in ${ref.region}`, ref.name);
    if (isOfAnother(seen.tags, owner.installationId) && !takeOver) throw anothers(ref);
    return seen;
  }

  /** Makes the group of a new pool, or goes on where somebody died who made it. */
  async make(row: HostPoolRow, owner: GroupOwner): Promise<void> {
    const ref = refOf(row);
    if (ref === null || row.launch === null) return;
    const marks = marksOf(owner);
    const { minHosts: min, maxHosts: max, desiredHosts: desired, launch } = row;
    if ((await this.groups.read(ref)) === null) {
      const userData = await this.userData.userDataOf(row, presentCaller()?.name);
      await this.groups.create(ref, { min, max, desired, launch, userData, tags: marks.tags });
    } else await this.groups.update(ref, { min, max, desired });
    await this.groups.fit(ref, marks);
  }

  /** Fits a group that is adopted, and gives it the limits that were said. */
  async adopt(row: HostPoolRow, owner: GroupOwner, seen: GroupSeen): Promise<void> {
    const ref = refOf(row);
    if (ref === null) return;
    await this.groups.fit(ref, marksOf(owner));
    const change = widened(seen, row);
    if (change !== null) await this.groups.update(ref, change);
  }

  /**
   * Tells the group of a change as far as that ends no machine: which of them go, and when, is chosen by the engine. A
   * group that is not there is trouble of its pool, and no reason to refuse what is wanted of it.
   */
  async follow(before: HostPoolRow, after: HostPoolRow): Promise<void> {
    const ref = refOf(after);
    const isNew = JSON.stringify(after.launch) !== JSON.stringify(before.launch);
    if (ref === null || !(isNew || isOther(before, after))) return;
    const seen = await this.own(ref);
    if (seen === null) return;
    const change = widened(seen, after);
    if (change !== null) await this.groups.update(ref, change);
    if (isNew && after.launch !== null)
      await this.groups.relaunch(ref, after.launch, await this.userData.userDataOf(after, presentCaller()?.name));
  }

  /** Takes the group away, and all of its machines. */
  async remove(row: HostPoolRow): Promise<void> {
    const ref = refOf(row);
    if (ref !== null && (await this.own(ref)) !== null) await this.groups.remove(ref);
  }

  /** The group as it is, null where it is not there; one that another Jockey has taken is left alone. */
  private async own(ref: GroupRef): Promise<GroupSeen | null> {
    const [seen, { installationId }] = await Promise.all([this.groups.read(ref), this.pools.settings()]);
    if (seen !== null && isOfAnother(seen.tags, installationId)) throw anothers(ref);
    return seen;
  }
}

/** Whether the limits or the count are others. */
function isOther(one: HostPoolRow, other: HostPoolRow): boolean {
  return one.minHosts !== other.minHosts || one.maxHosts !== other.maxHosts || one.desiredHosts !== other.desiredHosts;
}

/** Where a pool's group is; null for a static one. */
export function refOf({ region, groupName }: Pick<HostPoolRow, 'region' | 'groupName'>): GroupRef | null {
  return region === null || groupName === null ? null : { region, name: groupName };
}

/** What a group has to be told so that it has room for what is wanted, without ending a machine; null for nothing. */
export function widened(
  now: Required<GroupChange>,
  { minHosts, maxHosts, desiredHosts }: Pick<HostPoolRow, 'minHosts' | 'maxHosts' | 'desiredHosts'>,
): GroupChange | null {
  const change = {
    ...(minHosts === now.min ? {} : { min: Math.min(minHosts, Math.max(now.desired, desiredHosts)) }),
    ...(maxHosts === now.max ? {} : { max: Math.max(maxHosts, now.desired) }),
    ...(desiredHosts > now.desired ? { desired: desiredHosts } : {}),
  };
  return Object.keys(change).length === 0 ? null : change;
}

function refuseTaken(seen: GroupSeen | null, { name, region }: GroupRef, owner: GroupOwner): null {
  if (seen === null || isMadeFor(seen.tags, owner)) return null;
  throw new DomainError(
    'conflict',
    `There is a group ${name} in ${region} already: choose another group_name, or take it as it is with adopt: true.`,
  );
}

function anothers({ name, region }: GroupRef): DomainError {
  return new DomainError(
    'conflict',
    `The group ${name} in ${region} is another Jockey's: two would undo what the other does. Have it deleted there ` +
      'first (the group stays), or send take_over: true if that Jockey is no more.',
  );
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull } from 'typeorm';
import type { CapacityCause } from '../../domain/capacity/capacity-cause.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { HostPoolRow, PoolHostRow } from '../entities/index.js';
import { presentCaller } from '../present-caller.js';
import { uniquely } from '../uniquely.js';
import { CapacityChanges } from './capacity-changes.js';
import { HostLoads } from './host-loads.js';
import { PoolHosts } from './pool-hosts.js';
import { tellingOfHosts } from './tell-of-hosts.js';

/** What a new pool is made of; what is left out begins with the default of its column. */
export type NewPool = Pick<HostPoolRow, 'stackId' | 'environmentId' | 'kind' | 'groupName' | 'region'> &
  Partial<HostPoolRow>;

/** What is done in the world with a row that is about to be kept; where it throws, nothing is kept. */
export type PoolAct = (row: HostPoolRow) => Promise<void>;

/** A pool that is to be written. */
export interface PoolCreation {
  /** The place in words: `api in production`. */
  readonly place: string;
  readonly pool: NewPool;
  /** Why it has as many hosts as it begins with, a sentence. */
  readonly reason: string;
  readonly act: PoolAct;
}

/** A change of one. */
export interface PoolChange {
  readonly id: string;
  /** Throws when the version is not the one that the caller has read. */
  readonly require: (version: number) => void;
  /** The pool as it should be; throws where that makes no sense. */
  readonly change: (before: HostPoolRow) => HostPoolRow;
  /** Why its count changes, where it does. */
  readonly why: (before: HostPoolRow, after: HostPoolRow) => CountCause;
  readonly act: (before: HostPoolRow, after: HostPoolRow) => Promise<void>;
}

/** Why a count changes. */
export interface CountCause {
  readonly cause: CapacityCause;
  /** A sentence. */
  readonly reason: string;
}

/** A pool that is to be forgotten. */
export interface PoolEnd extends Pick<PoolChange, 'id' | 'require'> {
  readonly act: PoolAct;
}

/** What people write of pools: each is one transaction with what it does to the group. */
@Injectable()
export class PoolWrites {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hosts: PoolHosts,
    private readonly loads: HostLoads,
  ) {}

  /** Writes a pool and makes or fits its group, or does neither. */
  async create({ place, pool, reason, act }: PoolCreation): Promise<HostPoolRow> {
    const what = pool.groupName === null ? place : `${place}, or of the group ${pool.groupName} in ${pool.region}`;
    return uniquely(`a pool of ${what},`, () =>
      this.dataSource.transaction(async (manager) => {
        const { id } = await manager.save(HostPoolRow, manager.create(HostPoolRow, pool));
        const row = await manager.findOneByOrFail(HostPoolRow, { id });
        if (row.desiredHosts > 0) await noteCount(manager, row, { from: 0, cause: 'operator', reason });
        await act(row);
        return row;
      }),
    );
  }

  /** Changes a pool and tells its group, or does neither. A new count is written down with its cause. */
  async change({ id, require, change, why, act }: PoolChange): Promise<HostPoolRow> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockPool(manager, id);
      require(row.version);
      const before = manager.create(HostPoolRow, { ...row });
      const after = change(row);
      if (isSame(before, after)) return row;
      const counts = before.desiredHosts !== after.desiredHosts;
      if (counts) Object.assign(after, { scaledAt: new Date(), surplusSince: null });
      const saved = await manager.save(HostPoolRow, Object.assign(after, { updatedAt: new Date() }));
      if (counts) await noteCount(manager, saved, { from: before.desiredHosts, ...why(before, saved) });
      await act(before, saved);
      return saved;
    });
  }

  /** Forgets a pool. Its history stays, and so do hosts that were leaving. */
  async forget({ id, require, act }: PoolEnd): Promise<HostPoolRow> {
    return this.dataSource.transaction(async (manager) => {
      const row = await lockPool(manager, id);
      require(row.version);
      await act(row);
      for (const host of await this.hosts.records(id, manager))
        if (host.leavingSince !== null) await this.hosts.stay(manager, host.id);
      await manager.update(PoolHostRow, { poolId: id, goneAt: IsNull() }, { goneAt: new Date() });
      return manager.save(HostPoolRow, Object.assign(row, { deletedAt: new Date(), updatedAt: new Date() }));
    });
  }

  /** Keeps new instances away from hosts that are about to go; throws `conflict` while there are any on them. */
  async close(hosts: readonly string[]): Promise<void> {
    await this.loads.alone(NO_APP, async (manager, loads) => {
      const used = hosts.filter((host) => (loads.get(host)?.instances ?? 0) > 0);
      const count = used.reduce((sum, host) => sum + (loads.get(host)?.instances ?? 0), 0);
      if (count > 0) throw inUse(used, count);
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('jockey:words-on-hosts'))`);
      for (const host of hosts) await this.hosts.empty(manager, host, CLOSED);
    });
  }

  /** Opens hosts again that were closed and did not go. */
  async open(hosts: readonly string[]): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('jockey:words-on-hosts'))`);
      await tellingOfHosts(manager, hosts, () =>
        manager.query(
          `UPDATE hosts SET cordoned = false, reason = NULL, drain_requested_at = NULL, version = version + 1
           WHERE name = ANY($1) AND reason = $2`,
          [hosts, CLOSED],
        ),
      );
    });
  }
}

/** No app: loads are read here, but nothing is placed. */
const NO_APP = '0';

const CLOSED = 'Its pool is being deleted with its group.';

function inUse(hosts: readonly string[], count: number): DomainError {
  return new DomainError(
    'conflict',
    `${count} instances are on ${hosts.join(', ')}: scale their workers to 0 or delete their apps first, or keep the ` +
      'group with keep_group=true.',
  );
}

const isSame = (one: HostPoolRow, other: HostPoolRow): boolean => JSON.stringify(one) === JSON.stringify(other);

async function lockPool(manager: EntityManager, id: string): Promise<HostPoolRow> {
  const lock = { mode: 'pessimistic_write' } as const;
  const row = await manager.findOne(HostPoolRow, { where: { id, deletedAt: IsNull() }, lock });
  if (row === null) throw notFound('host pool', id);
  return row;
}

async function noteCount(
  manager: EntityManager,
  { id, desiredHosts }: HostPoolRow,
  { from, ...why }: CountCause & { readonly from: number },
): Promise<void> {
  const requestedBy = presentCaller()?.name ?? null;
  const change = { poolId: id, fromHosts: from, toHosts: desiredHosts, applied: true, requestedBy, ...why };
  await CapacityChanges.write(manager, change);
}

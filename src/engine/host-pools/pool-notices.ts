import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { HOST_NOTICES, type HostNotice, type HostNotices } from '../../ports/host-notices.js';
import type { Trigger } from '../../ports/work-queue.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { type Leaving, PoolHosts } from '../../store/repositories/pool-hosts.js';
import { EngineIdentity } from '../engine-identity.js';
import { PoolRunner } from './pool-runner.js';

/** Takes what the cloud says of machines: whose machine is taken away leaves at once, all else is found by a look. */
@Injectable()
export class PoolNotices {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(HOST_NOTICES) private readonly notices: HostNotices,
    private readonly pools: HostPoolRecords,
    private readonly poolHosts: PoolHosts,
    private readonly runner: PoolRunner,
    private readonly engine: EngineIdentity,
  ) {}

  /** Begins; what is to be looked at is handed to `receive`. */
  start(receive: (trigger: Trigger) => void, signal: AbortSignal): void {
    this.notices.receive((notice) => this.take(notice, receive, signal), signal);
  }

  /** Rejects only where Postgres is silent: then the notice comes again. Those of other machines are not Jockey's. */
  private async take(notice: HostNotice, receive: (trigger: Trigger) => void, signal: AbortSignal): Promise<void> {
    const pool = await this.poolOf(notice);
    this.engine.log.info({ ...notice, pool: pool?.id ?? null }, 'a notice of a machine');
    if (pool === null) return;
    const leaving = leavingOf(notice);
    if (leaving !== null && (await this.isFollowed(notice, pool))) await this.leave(notice, { pool, leaving, signal });
    receive({ kind: 'host_pool', poolId: pool.id });
  }

  private async poolOf({ region, group, instance }: HostNotice): Promise<HostPoolRow | null> {
    const named = group === null ? null : await this.pools.ofGroup(region, group);
    return named ?? (await this.pools.ofMachine(region, instance));
  }

  /** A recommendation is only told where nothing is done by itself; what is taken away goes in any case. */
  private async isFollowed({ kind }: HostNotice, pool: HostPoolRow): Promise<boolean> {
    return kind !== 'rebalance' || (await this.pools.modeOf(pool)) === 'automatic';
  }

  private async leave(
    { instance }: HostNotice,
    of: { readonly pool: HostPoolRow; readonly leaving: Leaving; readonly signal: AbortSignal },
  ): Promise<void> {
    if ((await this.poolHosts.ofMachine(instance)) === null) await this.runner.look(of.pool.id, of.signal);
    const host = await this.poolHosts.ofMachine(instance);
    if (host === null) return;
    await this.dataSource.transaction((manager) => this.poolHosts.leave(manager, host.id, of.leaving));
  }
}

function leavingOf({ kind, instance }: HostNotice): Leaving | null {
  if (kind === 'terminating') return null;
  if (kind === 'rebalance')
    return {
      cause: kind,
      reason: `The cloud recommends to replace machine ${instance}, which may be taken back soon.`,
    };
  return { cause: kind, reason: `The cloud takes machine ${instance} back in two minutes.` };
}

import { Inject, Injectable } from '@nestjs/common';
import { INSTALLATION_TAG, isOfAnother } from '../../domain/host-pool/group-marks.js';
import { planPoolHosts } from '../../domain/host-pool/plan-pool-hosts.js';
import type { PoolHostRules, PoolHostStep } from '../../domain/host-pool/pool-host-step.js';
import type { PoolSight } from '../../domain/host-pool/pool-sight.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { PoolSights } from '../../observation/pool-sights.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { Leases } from '../../store/leases.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import { PoolTroubles } from '../../store/repositories/pool-troubles.js';
import { HeldLease } from '../builds/held-lease.js';
import { EngineIdentity } from '../engine-identity.js';
import { PoolNews } from './pool-news.js';
import { PoolPatience } from './pool-patience.js';
import { PoolSteps, type SeenPool } from './pool-steps.js';
import { PoolScaler } from './scaling/pool-scaler.js';

/** How long the lease lasts, in milliseconds; it is renewed while the look goes on. */
const LEASE = 30_000;
/** A look is ended after so many rounds: what is left is for the next. Each step shows in the next round. */
const MOST_ROUNDS = 8;

/** Looks at host pools and does what is to be done for their hosts: one look at a pool at a time, among all engines. */
@Injectable()
export class PoolRunner {
  /** Looks that are under way, and whether somebody asked for another meanwhile. */
  private readonly underWay = new Map<string, { again: boolean; readonly done: Promise<void> }>();

  constructor(
    private readonly pools: HostPoolRecords,
    private readonly sights: PoolSights,
    private readonly steps: PoolSteps,
    private readonly scaler: PoolScaler,
    private readonly troubles: PoolTroubles,
    private readonly news: PoolNews,
    private readonly patience: PoolPatience,
    private readonly leases: Leases,
    private readonly engine: EngineIdentity,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Looks at a pool until nothing is left to do now; who asks meanwhile gets one more look. Never rejects. */
  async look(poolId: string, signal: AbortSignal): Promise<void> {
    const before = this.underWay.get(poolId);
    if (before !== undefined) {
      before.again = true;
      return before.done;
    }
    const done = this.lookAgainAndAgain(poolId, signal).finally(() => this.underWay.delete(poolId));
    this.underWay.set(poolId, { again: false, done });
    return done;
  }

  private async lookAgainAndAgain(poolId: string, signal: AbortSignal): Promise<void> {
    for (let again = true; again && !signal.aborted;) {
      await this.lookOnce(poolId, signal).catch((error: unknown) =>
        this.engine.log.warn({ pool: poolId, error: sentenceOf(error) }, 'a look at a host pool did not come through'),
      );
      const mark = this.underWay.get(poolId);
      again = mark?.again === true;
      if (mark !== undefined) mark.again = false;
    }
  }

  private async lookOnce(poolId: string, stop: AbortSignal): Promise<void> {
    if (!this.patience.mayAsk(poolId)) return;
    const request = { key: `host_pool:${poolId}`, holder: this.engine.name, reason: 'look', milliseconds: LEASE };
    const taken = await this.leases.take(request);
    if (taken === null) return;
    const lease = HeldLease.hold(this.leases, taken, { milliseconds: LEASE, clock: this.clock });
    try {
      await this.rounds(poolId, AbortSignal.any([stop, lease.signal]));
    } finally {
      await lease.release();
    }
  }

  /** What is left to do first, then the scaling, then what follows from it. */
  private async rounds(poolId: string, signal: AbortSignal): Promise<void> {
    const before = await this.settle(poolId, signal);
    if (before === null || signal.aborted) return;
    const { pool, sight } = before;
    const standing = troubleOf(sight, pool);
    this.patience.heard(poolId, sight.groupTrouble !== null);
    if (standing !== null) return this.troubles.keep(poolId, standing);
    const ofScaling = await this.scaler.scale(pool, sight);
    const after = await this.settle(poolId, signal);
    await this.troubles.keep(poolId, wordsOf([...(after ?? before).troubles, ofScaling]));
  }

  /** Does round after round until nothing is left to do, or nothing that is left can be done; what was seen last. */
  private async settle(poolId: string, signal: AbortSignal): Promise<Settled | null> {
    for (let round = 1; ; round += 1) {
      const pool = await this.pools.find(poolId);
      if (pool === null) return null;
      const sight = await this.sights.of(pool);
      await this.news.tell(sight);
      const steps = planPoolHosts(sight, rulesOf(pool));
      const troubles = await this.performAll(steps, { pool, sight }, signal);
      if (troubles.length === steps.length || round === MOST_ROUNDS || signal.aborted) return { pool, sight, troubles };
    }
  }

  private async performAll(steps: readonly PoolHostStep[], seen: SeenPool, signal: AbortSignal): Promise<string[]> {
    const troubles: string[] = [];
    for (const step of steps) {
      if (signal.aborted) break;
      const trouble = await this.steps.perform(step, seen);
      if (trouble !== null) troubles.push(trouble);
    }
    return troubles;
  }
}

interface Settled extends SeenPool {
  /** Of the steps that were left at the end. */
  readonly troubles: readonly string[];
}

function rulesOf({ desiredHosts: desired, joinDeadlineSeconds, drainDeadlineSeconds }: HostPoolRow): PoolHostRules {
  return { desired, joinDeadlineSeconds, drainDeadlineSeconds };
}

/** What stands in the way of scaling; null for nothing. */
function troubleOf(
  { groupTrouble, consulTrouble, group, installationId }: PoolSight,
  pool: HostPoolRow,
): string | null {
  if (groupTrouble !== null || consulTrouble !== null) return groupTrouble ?? consulTrouble;
  if (group === null || !isOfAnother(group.tags, installationId)) return null;
  return (
    `Group ${pool.groupName ?? ''} is marked as that of another Jockey, ${group.tags[INSTALLATION_TAG] ?? ''}: the pool ` +
    'stands still. Adopt it with take_over, or delete the pool.'
  );
}

function wordsOf(troubles: readonly (string | null)[]): string | null {
  const said = [...new Set(troubles.filter((trouble) => trouble !== null))];
  return said.length === 0 ? null : said.join(' ');
}

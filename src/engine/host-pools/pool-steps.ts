import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DRAIN_HOOK, marksOf } from '../../domain/host-pool/group-marks.js';
import type { PoolHostStep } from '../../domain/host-pool/pool-host-step.js';
import type { PoolSight } from '../../domain/host-pool/pool-sight.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { type GroupRef, HOST_GROUPS, type HostGroups } from '../../ports/host-groups.js';
import type { HostPoolRow } from '../../store/entities/index.js';
import { CapacityChanges } from '../../store/repositories/capacity-changes.js';
import { PoolHosts } from '../../store/repositories/pool-hosts.js';
import { EngineIdentity } from '../engine-identity.js';

/** The pool that steps are of, and how it was seen when they were planned. */
export interface SeenPool {
  readonly pool: HostPoolRow;
  readonly sight: PoolSight;
}

type StepOf<Kind extends PoolHostStep['kind']> = Extract<PoolHostStep, { readonly kind: Kind }>;

/** Does the steps of a plan: to the group first, then to what is written down, so that a lost answer is asked for again. */
@Injectable()
export class PoolSteps {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
    private readonly poolHosts: PoolHosts,
    private readonly engine: EngineIdentity,
  ) {}

  /**
   * Does one. Answers what went wrong, a sentence, null for nothing: what is of one host stands beside that host too, and
   * the others are done all the same.
   */
  async perform(step: PoolHostStep, seen: SeenPool): Promise<string | null> {
    try {
      await this.act(step, seen);
      this.log(step, seen);
      return null;
    } catch (error) {
      const trouble = sentenceOf(error);
      if ('recordId' in step) await this.poolHosts.keepTrouble(step.recordId, trouble);
      return trouble;
    }
  }

  private async act(step: PoolHostStep, seen: SeenPool): Promise<void> {
    switch (step.kind) {
      case 'fit':
        return this.groups.fit(groupOf(seen), marksOf(seen.sight));
      case 'protect':
        return this.groups.protect(groupOf(seen), step.machines, true);
      case 'note':
        return this.poolHosts.note(seen.pool.id, step.seen);
      case 'forget':
        return this.poolHosts.forget(step.recordId, step.because);
      case 'leave':
        return this.leave(step);
      case 'empty':
        return this.poolHosts.empty(this.dataSource.manager, step.host, step.because);
      case 'stay':
        return this.stay(step, seen.pool);
      case 'heartbeat':
      case 'release':
      case 'terminate':
        return this.end(step, groupOf(seen));
    }
  }

  private async end(step: StepOf<'heartbeat' | 'release' | 'terminate'>, group: GroupRef): Promise<void> {
    const held = { hook: DRAIN_HOOK, instance: step.machine };
    if (step.kind === 'heartbeat') {
      await this.groups.heartbeat(group, held);
      return this.poolHosts.beat(step.recordId);
    }
    if (step.kind === 'release') await this.groups.release(group, held);
    else await this.groups.terminate(group, step.machine, step.smaller);
    if (step.kind === 'release' || step.letGo) await this.poolHosts.letGo(step.recordId);
  }

  private async leave({ recordId, cause, because }: StepOf<'leave'>): Promise<void> {
    await this.dataSource.transaction((manager) => this.poolHosts.leave(manager, recordId, { cause, reason: because }));
  }

  /** Who keeps a host that was to leave, because fewer were needed, wants one more. */
  private async stay({ recordId, because }: StepOf<'stay'>, pool: HostPoolRow): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const cause = await this.poolHosts.causeOf(manager, recordId);
      const stays = await this.poolHosts.stay(manager, recordId);
      if (!stays || cause !== 'scale_in') return;
      const [row] = await manager.query<{ desired: number }[]>(
        `WITH more AS (UPDATE host_pools SET desired_hosts = desired_hosts + 1, scaled_at = now(), version = version + 1
           WHERE id = $1 AND desired_hosts < max_hosts RETURNING desired_hosts AS desired)
         SELECT desired FROM more`,
        [pool.id],
      );
      if (row === undefined) return;
      const change = { poolId: pool.id, fromHosts: row.desired - 1, toHosts: row.desired, reason: because };
      await CapacityChanges.write(manager, { ...change, cause: 'operator', applied: true, requestedBy: null });
    });
  }

  /** Signs of life and what is merely seen are not worth a line. */
  private log(step: PoolHostStep, { pool }: SeenPool): void {
    if (step.kind === 'heartbeat' || step.kind === 'note') return;
    this.engine.log.info({ pool: pool.id, group: pool.groupName, ...step }, 'a step of a host pool');
  }
}

function groupOf({ pool: { region, groupName } }: SeenPool): GroupRef {
  return { region: region ?? '', name: groupName ?? '' };
}

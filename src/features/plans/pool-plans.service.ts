import { Injectable } from '@nestjs/common';
import { DataSource, IsNull } from 'typeorm';
import { planCapacity } from '../../domain/capacity/plan-capacity.js';
import type { CapacitySnapshot, WaitingRoom } from '../../domain/capacity/capacity.js';
import { isWhole, type PoolSight } from '../../domain/host-pool/pool-sight.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { WEB_WORKER } from '../../domain/worker/worker.js';
import type { NewHosts } from '../../domain/what-if/change-world.js';
import { hostsOf, poolOutcome, withHostsOf, withoutHostOf, withScaleOf } from '../../domain/what-if/pool-what-if.js';
import { PoolCapacities } from '../../observation/pool-capacities.js';
import { PoolSights } from '../../observation/pool-sights.js';
import {
  type AppRow,
  type EnvironmentRow,
  HostPoolRow,
  type StackRow,
  type WorkerRow,
} from '../../store/entities/index.js';
import { HostPoolRecords } from '../../store/repositories/host-pools.js';
import type { PlanPoolDto } from './pool-plan.dto.js';

/** A pool, and what its capacity is planned from. */
export interface PlannedPool {
  readonly row: HostPoolRow;
  readonly sight: PoolSight;
  readonly snapshot: CapacitySnapshot;
}

/** What another size of a pool would bring. */
export interface PlannedSize {
  /** Hosts that would come; null for none. */
  readonly added: Omit<NewHosts, 'apps'> | null;
  /** Names of those that would leave. */
  readonly leave: readonly string[];
  readonly notes: readonly string[];
  readonly pools: readonly PlanPoolDto[];
}

/** Says what a change would cost or save the host pools that it is about. */
@Injectable()
export class PoolPlans {
  constructor(
    private readonly dataSource: DataSource,
    private readonly pools: HostPoolRecords,
    private readonly sights: PoolSights,
    private readonly capacities: PoolCapacities,
  ) {}

  /** Another scale of a worker; none where its stack has no pool in the environment. */
  async scale(app: AppRow, row: WorkerRow, scale: number): Promise<PlanPoolDto[]> {
    const pool = await this.pools.at(app.stackId, row.environmentId);
    if (pool === null) return [];
    const room: Omit<WaitingRoom, 'count'> = {
      ...{ who: `${row.name} of ${app.name}`, app: app.id, group: row.id, worker: row.name },
      each: { memoryMb: row.memoryMb, cpus: row.cpus },
      needsTcpDocker: row.name !== WEB_WORKER,
    };
    return this.outcomes([pool], (snapshot) => withScaleOf(snapshot, room, { from: row.scale, to: scale }));
  }

  /** A host that is lost: of every pool of the environment that has it. */
  async loseHost({ id }: EnvironmentRow, host: string): Promise<PlanPoolDto[]> {
    const where = { environmentId: id, deletedAt: IsNull() };
    const rows = await this.dataSource.manager.find(HostPoolRow, { where, order: { id: 'ASC' } });
    const planned = await Promise.all(rows.map((row) => this.look(row)));
    return planned
      .filter(({ snapshot }) => snapshot.hosts.some(({ name }) => name === host))
      .map((each) => viewOf(each, withoutHostOf(each.snapshot, host)));
  }

  /** The pool of a stack in an environment; throws `not_found` where there is none. */
  async at(stack: StackRow, environment: EnvironmentRow): Promise<PlannedPool> {
    const row = await this.pools.at(stack.id, environment.id);
    if (row === null) throw notFound('host pool', `of ${stack.name} in ${environment.name}`);
    return this.look(row);
  }

  /** A pool of so many hosts: who would come, and who would leave. */
  groupOf(pool: PlannedPool, hosts: number): PlannedSize {
    const { row, snapshot } = pool;
    const after = withHostsOf(snapshot, hosts);
    const { leave, reason } = planCapacity(after);
    const more = hosts - hostsOf(snapshot);
    const capacity = snapshot.offer ?? snapshot.hosts.find((each) => each.capacity !== null)?.capacity ?? null;
    const added = more > 0 && capacity !== null ? { count: more, capacity } : null;
    const limits = `The pool may have ${row.minHosts} to ${row.maxHosts} hosts: PUT /host_pools/${row.id} says otherwise.`;
    const isOutside = row.kind !== 'static' && (hosts < row.minHosts || hosts > row.maxHosts);
    return { added, leave, notes: [reason, ...(isOutside ? [limits] : [])], pools: [viewOf(pool, after)] };
  }

  /** A pool as it is now; throws `unavailable` where its group or Consul does not answer. */
  async look(row: HostPoolRow): Promise<PlannedPool> {
    const sight = await this.sights.of(row);
    if (!isWhole(sight)) throw new DomainError('unavailable', sight.groupTrouble ?? sight.consulTrouble ?? '');
    const { snapshot } = await this.capacities.of(row, sight);
    return { row, sight, snapshot };
  }

  private async outcomes(
    rows: readonly HostPoolRow[],
    change: (snapshot: CapacitySnapshot) => CapacitySnapshot,
  ): Promise<PlanPoolDto[]> {
    const planned = await Promise.all(rows.map((row) => this.look(row)));
    return planned.map((each) => viewOf(each, change(each.snapshot)));
  }
}

function viewOf({ row, sight, snapshot }: PlannedPool, after: CapacitySnapshot): PlanPoolDto {
  const { hosts, neededNow, neededAfter, beyondMax, sentence } = poolOutcome(snapshot, after);
  return {
    ...{ pool_id: row.id, stack: sight.stack, environment: sight.environment, hosts },
    ...{ hosts_needed_now: neededNow, hosts_needed_after: neededAfter, beyond_max: beyondMax, sentence },
  };
}

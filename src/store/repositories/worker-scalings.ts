import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import type { ScalePlan } from '../../domain/autoscale/scale-snapshot.js';
import type { ScalingMode } from '../../domain/host-pool/host-pool.js';
import { AppRow, ScalingSettingsRow, WorkerRow, WorkerScalingRow } from '../entities/index.js';
import { tellOfScaling } from './tell-of-scaling.js';
import { type WrittenWorker, Workers } from './workers.js';

/** What people say of how a worker scales. */
export type ScalingRule = Pick<
  WorkerScalingRow,
  'minScale' | 'maxScale' | 'mode' | 'schedules' | 'metric' | 'scaleInAfterSeconds' | 'coolDownSeconds'
>;

/** A decision, and what it was made from. */
export interface ScaleDecision {
  /** The rule as it was read. */
  readonly scaling: WorkerScalingRow;
  readonly plan: ScalePlan;
  /** The scale that it was decided from. */
  readonly from: number;
  /** When what it was decided from was read, in milliseconds since 1970 by the database's clock. */
  readonly at: number;
}

/** How workers scale. */
@Injectable()
export class WorkerScalings {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workers: Workers,
  ) {}

  /** Of a worker; null where it does not scale by itself. */
  async find(workerId: string): Promise<WorkerScalingRow | null> {
    return this.dataSource.manager.findOneBy(WorkerScalingRow, { workerId });
  }

  /** Of these workers, those that scale themselves. */
  async of(workerIds: readonly string[]): Promise<WorkerScalingRow[]> {
    return this.dataSource.manager.findBy(WorkerScalingRow, { workerId: In([...workerIds]) });
  }

  /** All that scale, of apps that are there. */
  async all(): Promise<WorkerScalingRow[]> {
    return this.dataSource
      .getRepository(WorkerScalingRow)
      .createQueryBuilder('scaling')
      .innerJoin(WorkerRow, 'worker', 'worker.id = scaling.worker_id')
      .innerJoin(AppRow, 'app', 'app.id = worker.app_id AND app.deleted_at IS NULL')
      .orderBy('scaling.worker_id')
      .getMany();
  }

  /** `advice` where the switch for all says so, whatever the worker's own says. */
  async switchedTo(manager: EntityManager = this.dataSource.manager): Promise<ScalingMode> {
    const settings = await manager.findOneBy(ScalingSettingsRow, { id: 1 });
    return settings?.mode ?? 'automatic';
  }

  /**
   * Writes the rule of a worker in place of the one that there is. `require` throws when that is not the one that the caller
   * has read. What was measured and decided under another metric is forgotten.
   */
  async put(
    workerId: string,
    rule: ScalingRule,
    require: (stored: WorkerScalingRow | null) => void,
  ): Promise<WorkerScalingRow> {
    return this.dataSource.transaction(async (manager) => {
      // The worker is locked, since two may write the first rule at once.
      await manager.findOneOrFail(WorkerRow, { where: { id: workerId }, lock: { mode: 'pessimistic_write' } });
      const stored = await manager.findOneBy(WorkerScalingRow, { workerId });
      require(stored);
      const row = stored ?? manager.create(WorkerScalingRow, { workerId });
      await manager.save(WorkerScalingRow, Object.assign(row, rule, sameMetric(stored, rule) ? {} : NOTHING_SEEN));
      return manager.findOneByOrFail(WorkerScalingRow, { workerId });
    });
  }

  /** Takes the rule of a worker away, and answers what it was; the scale stays. */
  async remove(workerId: string): Promise<WorkerScalingRow | null> {
    const stored = await this.find(workerId);
    if (stored !== null) await this.dataSource.manager.delete(WorkerScalingRow, { workerId });
    return stored;
  }

  /**
   * Writes what was decided, and does it unless only advice is wanted. Answers the worker where its scale was changed; null
   * where nothing was. What was decided from a rule or a scale that is no more is dropped.
   */
  async decide(decision: ScaleDecision): Promise<WrittenWorker | null> {
    return this.dataSource.transaction(async (manager) => {
      const { workerId, version } = decision.scaling;
      const worker = await this.workers.lockedIn(manager, workerId);
      const scaling = await manager.findOneBy(WorkerScalingRow, { workerId });
      if (worker === null || scaling?.version !== version || worker.scale !== decision.from) return null;
      const advice = scaling.mode === 'advice' || (await this.switchedTo(manager)) === 'advice';
      const moves = decision.plan.scale !== decision.from;
      await note(manager, decision, { advice: advice && moves, scaled: moves && !advice });
      if (!moves || advice) return null;
      await tellOfScaling(manager, worker, { to: decision.plan.scale, reason: decision.plan.reason });
      return this.workers.scaleIn(manager, worker, decision.plan.scale);
    });
  }
}

/** Postgres keeps the fields of JSON in an order of its own. */
function sameMetric(stored: WorkerScalingRow | null, { metric }: ScalingRule): boolean {
  const [one, other] = [stored?.metric, metric].map((each) => each && [each.kind, each.target, each.url, each.query]);
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** The state of one of which nothing was seen yet. */
const NOTHING_SEEN = { lastValue: null, lastValueAt: null, lowerSince: null, reason: null, trouble: null };

/** Past the version: what is seen at each look is no change of the rule. A value is kept until there is another. */
async function note(
  manager: EntityManager,
  { scaling, plan, at }: ScaleDecision,
  { advice, scaled }: { readonly advice: boolean; readonly scaled: boolean },
): Promise<void> {
  await manager.query(
    `UPDATE worker_scalings SET reason = $2, trouble = $3, lower_since = to_timestamp($4::float8 / 1000),
       last_value = coalesce($5::float8, last_value),
       last_value_at = CASE WHEN $5::float8 IS NULL THEN last_value_at ELSE to_timestamp($6::float8 / 1000) END,
       scaled_at = CASE WHEN $7 THEN now() ELSE scaled_at END
     WHERE worker_id = $1`,
    [
      scaling.workerId,
      advice ? `Advice only. ${plan.reason}` : plan.reason,
      plan.trouble,
      plan.lowerSince,
      plan.value,
      at,
      scaled,
    ],
  );
}

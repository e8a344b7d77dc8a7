import { Inject, Injectable } from '@nestjs/common';
import { planScale } from '../../domain/autoscale/plan-scale.js';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import type { Precondition } from '../../http/answer/precondition.js';
import { Tagged } from '../../http/answer/tagged.js';
import { ScaleSurvey, type SurveyedRule } from '../../observation/scale-survey.js';
import { METRIC_SOURCE, type MetricSource } from '../../ports/metric-source.js';
import type { WorkerRow, WorkerScalingRow } from '../../store/entities/index.js';
import { WorkerScalings } from '../../store/repositories/worker-scalings.js';
import { Workers } from '../../store/repositories/workers.js';
import { ruleOf } from './scaling-rule.js';
import { nextViewOf, viewOf } from './worker-scaling-view.js';
import type {
  PreviewWorkerScalingDto,
  PutWorkerScalingDto,
  ScalingPreviewDto,
  WorkerScalingDto,
} from './worker-scaling.dto.js';

/** How long a preview may measure, in milliseconds; an address that is slower is said to be. */
const PATIENCE = 10_000;

/** How workers scale, as the API shows and changes it. */
@Injectable()
export class WorkerScalingsService {
  constructor(
    private readonly workers: Workers,
    private readonly scalings: WorkerScalings,
    private readonly survey: ScaleSurvey,
    @Inject(METRIC_SOURCE) private readonly metrics: MetricSource,
  ) {}

  async get(workerId: string): Promise<Tagged<WorkerScalingDto>> {
    const worker = await this.workers.get(workerId);
    return this.tagged(worker, await this.require(worker));
  }

  async put(
    workerId: string,
    input: { readonly body: PutWorkerScalingDto; readonly form: boolean },
    precondition: Precondition,
  ): Promise<Tagged<WorkerScalingDto>> {
    const worker = await this.workers.get(workerId);
    const rule = ruleOf(input.body, (url) => this.metrics.refusalOf(url), input.form);
    const require = (stored: WorkerScalingRow | null): void => precondition.require(stored?.version ?? 0);
    return this.tagged(worker, await this.scalings.put(worker.id, rule, require));
  }

  /** Answers the rule that was. */
  async remove(workerId: string): Promise<WorkerScalingDto> {
    const worker = await this.workers.get(workerId);
    const removed = await this.scalings.remove(worker.id);
    if (removed === null) throw noRule(worker);
    return this.view(worker, removed);
  }

  /** Measures, and writes nothing. */
  async preview(workerId: string, body: PreviewWorkerScalingDto, form: boolean): Promise<ScalingPreviewDto> {
    const worker = await this.workers.get(workerId);
    const rule = await this.tried(worker, body, form);
    const snapshot = await this.survey.take(rule, AbortSignal.timeout(PATIENCE));
    const { scale, reason, value, trouble, lowerSince } = planScale(snapshot);
    return {
      scale: snapshot.current,
      planned_scale: scale,
      reason,
      value,
      trouble,
      lower_since: lowerSince === null ? null : new Date(lowerSince).toISOString(),
      next_schedule: nextViewOf(rule.schedules, snapshot.now),
    };
  }

  /** The rule of a body, or the one that there is; one that is tried goes on where that one stands. */
  private async tried(worker: WorkerRow, body: PreviewWorkerScalingDto, form: boolean): Promise<SurveyedRule> {
    if (Object.values(body).every((value) => value === undefined)) return this.require(worker);
    const { min_scale, max_scale, ...rest } = body;
    if (min_scale === undefined) throw invalid('min_scale', 'is required.');
    if (max_scale === undefined) throw invalid('max_scale', 'is required.');
    const rule = ruleOf({ ...rest, min_scale, max_scale }, (url) => this.metrics.refusalOf(url), form);
    const stored = await this.scalings.find(worker.id);
    const { lowerSince = null, scaledAt = null } = stored ?? {};
    return { ...rule, workerId: worker.id, lowerSince, scaledAt };
  }

  private async require(worker: WorkerRow): Promise<WorkerScalingRow> {
    const stored = await this.scalings.find(worker.id);
    if (stored === null) throw noRule(worker);
    return stored;
  }

  private async tagged(worker: WorkerRow, row: WorkerScalingRow): Promise<Tagged<WorkerScalingDto>> {
    return new Tagged(await this.view(worker, row), row.version);
  }

  private async view({ scale }: WorkerRow, row: WorkerScalingRow): Promise<WorkerScalingDto> {
    return viewOf(row, { scale, all: await this.scalings.switchedTo(), now: Date.now() });
  }
}

function noRule({ id, name }: WorkerRow): DomainError {
  return new DomainError(
    'not_found',
    `Worker ${id} (${name}) does not scale itself; PUT /workers/${id}/scaling says how it should.`,
  );
}

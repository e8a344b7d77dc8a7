import { pointerFault } from '../../domain/autoscale/json-pointer.js';
import { invalid } from '../../domain/kernel/errors.js';
import type { ScaleMetric, ScaleMetricKind, ScaleSchedule } from '../../domain/worker/worker-scaling.js';
import { readPart } from '../../http/input/input.pipe.js';
import type { ScalingRule } from '../../store/repositories/worker-scalings.js';
import { ScaleMetricInputDto } from './scale-metric.dto.js';
import { ScaleScheduleInputDto } from './scale-schedule.dto.js';
import type { PutWorkerScalingDto } from './worker-scaling.dto.js';

const SCALE_IN_AFTER = 300;
const COOL_DOWN = 60;
/** A container cannot use more than it reserves: that is its hard limit. */
const ALL_OF_IT = 100;

const MEASURED: ReadonlySet<ScaleMetricKind> = new Set(['cpu', 'memory']);

/**
 * The rule that a body says; throws `record_invalid` for what makes no sense. `refusalOf` judges addresses; `form` says
 * whether the body came in a form, whose values are all strings.
 */
export function ruleOf(
  body: PutWorkerScalingDto,
  refusalOf: (url: string) => string | null,
  form: boolean,
): ScalingRule {
  const { min_scale: minScale, max_scale: maxScale } = body;
  if (minScale > maxScale) throw invalid('min_scale', `is ${minScale}, which is more than max_scale, ${maxScale}.`);
  const metric = body.metric == null ? null : metricOf(body.metric, refusalOf, form);
  if (metric !== null && MEASURED.has(metric.kind) && minScale === 0)
    throw invalid(
      'min_scale',
      `is 0, and where nothing runs no ${metric.kind} is used: it would stay at 0 for ever. Use 1.`,
    );
  return {
    minScale,
    maxScale,
    mode: body.mode ?? 'automatic',
    schedules: (body.schedules ?? []).map((input, at) => scheduleOf(input, { at, minScale, maxScale, form })),
    metric,
    scaleInAfterSeconds: body.scale_in_after_seconds ?? SCALE_IN_AFTER,
    coolDownSeconds: body.cool_down_seconds ?? COOL_DOWN,
  };
}

function scheduleOf(
  input: Record<string, unknown>,
  of: { readonly at: number; readonly minScale: number; readonly maxScale: number; readonly form: boolean },
): ScaleSchedule {
  const name = `schedules.${of.at}`;
  const { cron, time_zone: timeZone = 'UTC', scale } = readPart(ScaleScheduleInputDto, { name, input, form: of.form });
  if (scale < of.minScale || scale > of.maxScale)
    throw invalid(
      `${name}.scale`,
      `is ${scale}, but should be within min_scale and max_scale, ${of.minScale} to ${of.maxScale}.`,
    );
  return { cron: cron.trim().replace(/\s+/g, ' '), timeZone, scale };
}

function metricOf(
  input: Record<string, unknown>,
  refusalOf: (url: string) => string | null,
  form: boolean,
): ScaleMetric {
  const { kind, target, url = null, query = null } = readPart(ScaleMetricInputDto, { name: 'metric', input, form });
  if (MEASURED.has(kind)) return measured({ kind, target, url, query });
  if (url === null) throw invalid('metric.url', `is required for ${kind}.`);
  const refusal = refusalOf(url);
  if (refusal !== null) throw invalid('metric.url', refusal);
  if (query === null || (kind === 'prometheus' && query.trim() === ''))
    throw invalid('metric.query', `is required for ${kind}.`);
  const fault = kind === 'http_json' ? pointerFault(query) : null;
  if (fault !== null) throw invalid('metric.query', fault);
  return { kind, target, url, query };
}

function measured(metric: ScaleMetric): ScaleMetric {
  const { kind, target, url, query } = metric;
  if (url !== null) throw invalid('metric.url', `is not for ${kind}, which Docker says.`);
  if (query !== null) throw invalid('metric.query', `is not for ${kind}, which Docker says.`);
  if (target > ALL_OF_IT)
    throw invalid('metric.target', `is ${target} %, and an instance never uses more than 100 % of what it reserves.`);
  return metric;
}

import type { ScaleMetric } from '../worker/worker-scaling.js';
import type { ScaleReading, ScaleSnapshot } from './scale-snapshot.js';

/** How many instances a metric asks for. */
export interface ScaleDemand {
  /** Before bounds; null where nothing usable was said. */
  readonly wanted: number | null;
  readonly value: number | null;
  /** What was measured, for the sentence: `cpu is 84 % of what is reserved, for a target of 60 %`. */
  readonly words: string;
  readonly trouble: string | null;
}

/**
 * So far may a value be off its target before the scale follows it, as a part of the target; as in Kubernetes' autoscaler:
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
 */
export const TOLERANCE = 0.1;

/** A value older than so many milliseconds says nothing of now. */
export const OLDEST = 60_000;

type Reading<Kind extends ScaleReading['kind']> = Extract<ScaleReading, { readonly kind: Kind }>;

/** What the metric of a worker asks for; null where it has none. */
export function demandOf({ metric, reading, current, now }: ScaleSnapshot): ScaleDemand | null {
  if (metric === null) return null;
  const trouble = faultOf(reading, now);
  if (trouble !== null || reading === null || reading.kind === 'none') return unknown(metric, trouble ?? '');
  return reading.kind === 'total' ? demandOfTotal(metric, reading, current) : demandOfShares(metric, reading, current);
}

function unknown({ kind }: ScaleMetric, trouble: string): ScaleDemand {
  return { wanted: null, value: null, words: `nothing is known of ${kind}`, trouble };
}

/** Why a reading is not to be believed. */
function faultOf(reading: ScaleReading | null, now: number): string | null {
  if (reading === null) return 'The metric was not asked.';
  if (reading.kind === 'none') return reading.because;
  const values = reading.kind === 'total' ? [reading.value] : reading.percents;
  if (values.length === 0) return 'No instance could be measured.';
  if (!values.every((value) => Number.isFinite(value) && value >= 0))
    return `The metric is ${String(values.find((value) => !(value >= 0 && Number.isFinite(value))))}, which is no amount.`;
  const age = now - reading.at;
  return age <= OLDEST ? null : `The last value is ${Math.round(age / 1000)} s old, which says nothing of now.`;
}

function demandOfTotal({ kind, target }: ScaleMetric, { value }: Reading<'total'>, current: number): ScaleDemand {
  const words = `${kind} is ${figure(value)}, and one instance should bear ${figure(target)}`;
  return { wanted: following(value / target, current), value, words, trouble: null };
}

/**
 * What is known of no instance counts as nothing where more are asked for, and as just the target where fewer are, so that
 * it never changes the direction nor hastens it.
 */
function demandOfShares({ kind, target }: ScaleMetric, of: Reading<'shares'>, current: number): ScaleDemand {
  const { percents, missing } = of;
  const count = percents.length + missing;
  const sum = percents.reduce((total, each) => total + each, 0);
  const value = sum / percents.length;
  const unseen = missing === 0 ? '' : ` (${missing} of ${count} instances could not be measured)`;
  const words = `${kind} is ${figure(value)} % of what is reserved, for a target of ${figure(target)} %${unseen}`;
  const [least, most] = [sum / target, sum / target + missing];
  if (least > count * (1 + TOLERANCE)) return { wanted: Math.max(ceil(least), current), value, words, trouble: null };
  const lower = most < count * (1 - TOLERANCE) ? Math.min(ceil(most), current) : current;
  return { wanted: lower, value, words, trouble: null };
}

/** So many as bear it all; as many as there are while they are about right. */
function following(needed: number, current: number): number {
  return Math.abs(needed - current) <= current * TOLERANCE + ROUNDING ? current : ceil(needed);
}

/** What the arithmetic of floating point alone may add. */
const ROUNDING = 1e-9;

const ceil = (amount: number): number => Math.ceil(amount - ROUNDING);

/** As people read it. */
const figure = (value: number): string => String(Math.round(value * 100) / 100);

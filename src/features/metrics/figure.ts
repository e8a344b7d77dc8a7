import type { Settled } from '../../store/figures/settled-spread.js';
import type { MetricName } from './metric-table.js';

/** Values of a metric's labels by name. */
export type Labels = Readonly<Record<string, string>>;

/** One value of a gauge or a counter. */
export interface Figure {
  readonly metric: MetricName;
  readonly labels?: Labels;
  readonly value: number;
}

/** What a histogram counted. */
export interface Spread {
  readonly metric: MetricName;
  readonly labels?: Labels;
  /** How many fell into each bucket; the last is those above all limits. */
  readonly buckets: readonly number[];
  readonly sum: number;
}

/** A group of figures that is read together; where it cannot be, the others still are. */
export interface Collector {
  /** A word. */
  readonly name: string;
  /** The figures as they are now. Throws where they cannot be read. */
  read(): Promise<readonly (Figure | Spread)[]>;
}

/** The metrics of what has settled, and the label that tells the ways apart. */
export interface SettledMetrics {
  readonly total: MetricName;
  readonly lengths: MetricName;
  readonly label: string;
}

/** What has settled in each of these ways, those in which nothing has too: a counter that begins at 1 hides its first. */
export function settledFigures(
  { total, lengths, label }: SettledMetrics,
  ways: readonly string[],
  settled: readonly Settled[],
): (Figure | Spread)[] {
  return ways.flatMap((way) => {
    const each = settled.find(({ labels }) => labels[0] === way);
    const count: Figure = { metric: total, labels: { [label]: way }, value: each?.count ?? 0 };
    return each === undefined ? [count] : [count, spreadOf(lengths, { [label]: way }, each)];
  });
}

/** The lengths of what has settled, those that have one. */
export const spreadOf = (metric: MetricName, labels: Labels, { buckets, seconds }: Settled): Spread => ({
  ...{ metric, labels, buckets },
  sum: seconds,
});

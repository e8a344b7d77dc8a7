import type { FigureReader } from './figure-reader.js';

/** What has ended, of one kind and length. */
interface Group {
  readonly labels: readonly string[];
  /** Position of the first limit that is above the length; null where it has none, as of a build that never began. */
  readonly bucket: number | null;
  readonly count: number;
  readonly seconds: number;
}

/** How many of one kind have ended, ever, and how long they took. */
export interface Settled {
  /** As the question names them. */
  readonly labels: readonly string[];
  /** All of them, those without a length too. */
  readonly count: number;
  /** How many have a length below each limit but not below the one before; the last is those above all limits. */
  readonly buckets: readonly number[];
  /** Their lengths together. */
  readonly seconds: number;
}

/** What is counted. Every text is SQL of ours. */
export interface SettledQuestion {
  /** Table, and what it is joined with; the rows are called `it`. */
  readonly from: string;
  /** When a row ended: a column with an index. From then on nothing that is counted changes. */
  readonly at: string;
  /** How long it took, in seconds; null for not at all. */
  readonly seconds: string;
  /** What tells the kinds apart: texts. */
  readonly labels: readonly string[];
  /** Upper limits of the lengths, in seconds, rising. */
  readonly limits: readonly number[];
}

/** Rows that ended so long ago are counted once and not again, in milliseconds: no clock is off by more. */
const QUIET = 3_600_000;

/** So long the count of all that ever ended may take, in milliseconds; it is done once by each process. */
const PATIENCE = 60_000;

/**
 * Counts what has ended since the beginning, so that the sums only ever grow. The first reading looks at all rows, every
 * other at those of the last two hours: the cost does not grow with the history.
 */
export class SettledSpread {
  private readonly old = new Map<string, Settled>();
  private until: Date | null = null;

  constructor(
    private readonly reader: FigureReader,
    private readonly question: SettledQuestion,
  ) {}

  /** All kinds that have ever been. Readings of one object must not overlap. */
  async read(): Promise<readonly Settled[]> {
    const now = new Date();
    if (this.until === null || this.until.getTime() < now.getTime() - 2 * QUIET) await this.advance(now);
    const all = new Map(this.old);
    for (const group of await this.between(this.until, null)) add(all, group, this.question.limits.length);
    return [...all.values()];
  }

  private async advance(now: Date): Promise<void> {
    const to = new Date(now.getTime() - QUIET);
    for (const group of await this.between(this.until, to)) add(this.old, group, this.question.limits.length);
    this.until = to;
  }

  private between(from: Date | null, to: Date | null): Promise<readonly Group[]> {
    const { question } = this;
    return this.reader.rows<Group>(
      `SELECT labels, bucket, count(*)::int AS count, coalesce(sum(seconds), 0)::float AS seconds FROM (
         SELECT ARRAY[${question.labels.join(', ')}]::text[] AS labels, (${question.seconds})::float AS seconds,
           width_bucket((${question.seconds})::float, $3::float[]) AS bucket
         FROM ${question.from}
         WHERE ${question.at} IS NOT NULL
           AND ($1::timestamptz IS NULL OR ${question.at} >= $1) AND ($2::timestamptz IS NULL OR ${question.at} < $2)
       ) ended GROUP BY labels, bucket`,
      [from, to, question.limits],
      PATIENCE,
    );
  }
}

function add(all: Map<string, Settled>, group: Group, limits: number): void {
  const key = JSON.stringify(group.labels);
  const { count, buckets, seconds } = all.get(key) ?? NOTHING(limits);
  all.set(key, {
    labels: group.labels,
    count: count + group.count,
    buckets: buckets.map((each, at) => (at === group.bucket ? each + group.count : each)),
    seconds: seconds + group.seconds,
  });
}

const NOTHING = (limits: number): Omit<Settled, 'labels'> => ({
  ...{ count: 0, seconds: 0 },
  buckets: Array.from({ length: limits + 1 }, () => 0),
});

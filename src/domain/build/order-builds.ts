/** What the order of waiting builds depends on. */
export interface WaitingBuild {
  /** Grows with the time at which it was asked for. */
  readonly id: string;
  readonly appId: string;
  /** When a build of its app began last, in milliseconds since 1970; null where none did. */
  readonly appServedAt: number | null;
  /** It ran before, and its engine or its host was lost under it. */
  readonly begun: boolean;
}

/**
 * Whose turn it is, first to last. Those that ran before go on first. Then the turns go round the apps: each time to the
 * app with the fewest builds that run or had their turn; where these are equal to the one whose last turn is longest ago,
 * and then to the one whose oldest build waits longest. So an app that asks for a hundred builds keeps nobody else
 * waiting, also where one runs at a time, and within an app the oldest is first.
 */
export function orderBuilds<T extends WaitingBuild>(
  waiting: readonly T[],
  running: ReadonlyMap<string, number>,
): readonly T[] {
  const oldestFirst = [...waiting].sort((one, other) => byAge(one.id, other.id));
  const order = oldestFirst.filter(({ begun }) => begun);
  const turns = new Turns(running);
  for (const build of order) turns.note(build);
  const lines = linesOf(oldestFirst.filter(({ begun }) => !begun));
  for (let next = turns.next(lines); next !== null; next = turns.next(lines)) {
    const [first, ...rest] = next;
    order.push(first);
    turns.note(first);
    if (isLine(rest)) lines.set(first.appId, rest);
    else lines.delete(first.appId);
  }
  return order;
}

/** The builds of one app that wait, oldest first. */
type Line<T> = readonly [T, ...T[]];

const isLine = <T>(builds: T[]): builds is [T, ...T[]] => builds.length > 0;

function linesOf<T extends WaitingBuild>(waiting: readonly T[]): Map<string, Line<T>> {
  const lines = new Map<string, [T, ...T[]]>();
  for (const build of waiting) {
    const line = lines.get(build.appId);
    if (line === undefined) lines.set(build.appId, [build]);
    else line.push(build);
  }
  return lines;
}

/** How many turns each app has had, and when the last. */
class Turns {
  private readonly had: Map<string, number>;
  /** The how-manieth turn of this round an app had last: later than all before the round. */
  private readonly last = new Map<string, number>();

  constructor(running: ReadonlyMap<string, number>) {
    this.had = new Map(running);
  }

  note({ appId }: WaitingBuild): void {
    this.had.set(appId, (this.had.get(appId) ?? 0) + 1);
    this.last.set(appId, Math.max(0, ...this.last.values()) + 1);
  }

  next<T extends WaitingBuild>(lines: ReadonlyMap<string, Line<T>>): Line<T> | null {
    let best: Line<T> | null = null;
    for (const line of lines.values()) if (best === null || this.compare(line[0], best[0]) < 0) best = line;
    return best;
  }

  private compare(one: WaitingBuild, other: WaitingBuild): number {
    const had = ({ appId }: WaitingBuild): number => this.had.get(appId) ?? 0;
    const last = ({ appId }: WaitingBuild): number => this.last.get(appId) ?? 0;
    const served = ({ appServedAt }: WaitingBuild): number => appServedAt ?? 0;
    return had(one) - had(other) || last(one) - last(other) || served(one) - served(other) || byAge(one.id, other.id);
  }
}

/** Ids are numbers of any length, written out. */
function byAge(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

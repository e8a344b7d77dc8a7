/** What the order of waiting builds depends on. */
export interface WaitingBuild {
  /** Grows with the time at which it was asked for. */
  readonly id: string;
  readonly appId: string;
  /** It ran before, and its engine or its host was lost under it. */
  readonly begun: boolean;
}

/**
 * Whose turn it is, first to last. Those that ran before go on first. Then the turns go round the apps: each time to the
 * app with the fewest builds that run or had their turn, and where these are equal to the one that waits longest. So an
 * app that asks for a hundred builds keeps nobody else waiting, and within an app the oldest is first.
 */
export function orderBuilds<T extends WaitingBuild>(
  waiting: readonly T[],
  running: ReadonlyMap<string, number>,
): readonly T[] {
  const oldestFirst = [...waiting].sort((one, other) => byAge(one.id, other.id));
  const order = oldestFirst.filter(({ begun }) => begun);
  const turns = new Map(running);
  for (const { appId } of order) turns.set(appId, (turns.get(appId) ?? 0) + 1);
  const lines = linesOf(oldestFirst.filter(({ begun }) => !begun));
  for (let next = nextLine(lines, turns); next !== null; next = nextLine(lines, turns)) {
    const [first, ...rest] = next;
    order.push(first);
    turns.set(first.appId, (turns.get(first.appId) ?? 0) + 1);
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

function nextLine<T extends WaitingBuild>(
  lines: ReadonlyMap<string, Line<T>>,
  turns: ReadonlyMap<string, number>,
): Line<T> | null {
  const had = ([{ appId }]: Line<T>): number => turns.get(appId) ?? 0;
  let best: Line<T> | null = null;
  for (const line of lines.values())
    if (best === null || had(line) < had(best) || (had(line) === had(best) && byAge(line[0].id, best[0].id) < 0))
      best = line;
  return best;
}

/** Ids are numbers of any length, written out. */
function byAge(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

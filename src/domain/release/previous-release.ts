import type { ReleaseFacts } from './release-facts.js';

/**
 * The release that `previous` means; null where there is none. History is read as undo reads it, so that nothing that
 * was taken back is ever brought in again:
 *
 * - The *origin* of a rollback is the release that it brought back (and that one's origin, where it is a rollback
 *   itself); any other release is its own origin.
 * - What *precedes* a release that is no rollback is the origin of the release that was current just before it.
 * - `previous` is what precedes the origin of the current release, and where that holds the same content as the current
 *   one, what precedes that, and so on.
 *
 * After v40, v41, v42 and a rollback to v41 (v43), `previous` is v40, and never v42; after a deploy on top of it (v44)
 * it is v41. Each step goes to a smaller number, so asking again and again ends. The order of the input does not matter.
 */
export function previousRelease(history: readonly ReleaseFacts[]): ReleaseFacts | null {
  const lineage = new Lineage(history);
  const current = lineage.newest;
  if (current === null) return null;
  let before = lineage.before(lineage.originOf(current));
  while (before !== null && before.content === current.content) before = lineage.before(before);
  return before;
}

class Lineage {
  private readonly byId: ReadonlyMap<string, ReleaseFacts>;
  private readonly inOrder: readonly ReleaseFacts[];

  constructor(history: readonly ReleaseFacts[]) {
    this.byId = new Map(history.map((release) => [release.id, release]));
    this.inOrder = [...history].sort((a, b) => a.number - b.number);
  }

  get newest(): ReleaseFacts | null {
    return this.inOrder.at(-1) ?? null;
  }

  /** A rollback only ever refers to an older release; what says otherwise is its own origin, so that this ends. */
  originOf(release: ReleaseFacts): ReleaseFacts {
    let origin = release;
    while (origin.kind === 'rollback') {
      const from = this.byId.get(origin.fromReleaseId ?? '');
      if (from === undefined || from.number >= origin.number) return origin;
      origin = from;
    }
    return origin;
  }

  /** What precedes an origin. */
  before(origin: ReleaseFacts): ReleaseFacts | null {
    const earlier = this.inOrder.findLast(({ number }) => number < origin.number);
    return earlier === undefined ? null : this.originOf(earlier);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../context.js';
import { safeText } from '../safe-text.js';
import { followEvents, isPassing } from './event-reader.js';
import { isSettled } from './is-settled.js';
import type { ProgressView } from './progress-view.js';
import type { LogOfSubject, Stated, SubjectKind } from './subject-kinds.js';

/** What is watched, and where it is shown. */
export interface Watching<T extends Stated> {
  readonly kind: SubjectKind<T>;
  readonly id: string;
  readonly view: ProgressView<T>;
  /** Leaves it alone, whatever it has come to. */
  readonly signal: AbortSignal;
}

/** How often it is looked at where its log is silent, in milliseconds. */
const EVERY = 1_000;

/** How long the last lines of its log are waited for once it has settled, in milliseconds. */
const LAST_LINES = 3_000;

/** How long Jockey is looked for that does not answer any more, in milliseconds. */
const PATIENCE = 120_000;

/** An answer that is held comes with this many milliseconds to spare. */
const SPARE = 15_000;

/** The thing when it has settled; null when the signal was aborted before. */
export async function watch<T extends Stated>(context: Context, watching: Watching<T>, first: T): Promise<T | null> {
  const { view, kind } = watching;
  const leaving = new AbortController();
  const signal = AbortSignal.any([watching.signal, leaving.signal]);
  const bell = new Bell();
  const told = isSettled(first) ? [] : kind.logs(first);
  const logs = told.map((log) => tell(context, { log, view, signal, bell }));
  try {
    view.show(first);
    const settled = isSettled(first) ? first : await untilSettled(context, { ...watching, signal }, bell);
    if (settled !== null && view.hold > 0)
      await Promise.race([Promise.all(logs), sleep(LAST_LINES, null, { signal }).catch(() => null)]);
    return settled;
  } finally {
    leaving.abort();
    view.end();
  }
}

async function untilSettled<T extends Stated>(context: Context, watching: Watching<T>, bell: Bell): Promise<T | null> {
  const { signal, view } = watching;
  let heardAt = Date.now();
  while (!signal.aborted) {
    try {
      const thing = await look(context, watching);
      heardAt = Date.now();
      view.show(thing);
      if (isSettled(thing)) return thing;
    } catch (error) {
      if (signal.aborted) return null;
      if (!isPassing(error) || Date.now() - heardAt > PATIENCE) throw error;
      await sleep(EVERY);
    }
    if (view.hold === 0) await bell.within(EVERY);
  }
  return null;
}

function look<T extends Stated>({ server }: Context, { kind, id, view, signal }: Watching<T>): Promise<T> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(view.hold * 1000 + SPARE)]);
  return server.data<T>({ path: `${kind.path}/${id}`, query: { wait: view.hold }, signal: limit });
}

interface Telling {
  readonly log: LogOfSubject;
  readonly view: Pick<ProgressView<never>, 'line' | 'connection'>;
  readonly signal: AbortSignal;
  readonly bell: Bell;
}

/** Tells the lines of a log; one that may not be read, or is gone, is no reason not to wait. */
async function tell({ server }: Context, { log, view, signal, bell }: Telling): Promise<void> {
  const onConnection = (isThere: boolean) => view.connection(isThere);
  const following = { path: log.path, query: { ansi: 'strip' }, signal, wasThere: true, onConnection };
  try {
    for await (const { data } of followEvents(server, following)) {
      view.line(log.before + safeText((JSON.parse(data) as { message: { text: string } }).message.text));
      bell.ring();
    }
  } catch (error) {
    if (!signal.aborted) view.line(`${log.path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Rung when there may be news, so that nobody has to look all the time. */
class Bell {
  private wake: () => void = () => undefined;
  private isRung = false;

  ring(): void {
    this.isRung = true;
    this.wake();
  }

  /** Resolves when it is rung, or was since the last time; at the latest after so many milliseconds. */
  async within(milliseconds: number): Promise<void> {
    if (!this.isRung) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.isRung = false;
  }
}

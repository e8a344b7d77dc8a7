import { setTimeout as sleep } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { JockeyProblem } from '../../../typescript/src/index.js';
import { Fault } from '../errors.js';
import type { Asked, Server } from '../server.js';

/** One server-sent event. */
export interface ServerEvent {
  /** Where it stands in the stream; null where it says none. */
  readonly id: string | null;
  readonly event: string;
  readonly data: string;
}

/** A stream, and how it is followed. */
export interface Following {
  readonly path: string;
  readonly query?: Asked['query'];
  readonly signal: AbortSignal;
  /** The last event that was seen already. */
  readonly after?: string;
  /** Told when the connection is lost, and when it is there again. */
  readonly onConnection?: (isThere: boolean) => void;
  /** Whether the server was there a moment ago, so that it is also looked for where it does not answer the first time. */
  readonly wasThere?: boolean;
  /** Between two tries to come back, in milliseconds: the first, doubled each time up to 5 s. */
  readonly pause?: number;
}

/** How long Jockey is looked for after the connection broke, in milliseconds. */
const PATIENCE = 120_000;
const PAUSE = 250;
const LONGEST_PAUSE = 5_000;

/** A server that says nothing for so long, though it gives a sign of life every 15 s, is not there any more. */
const SILENCE = 45_000;

/**
 * The events of a stream until it ends by itself or the signal is aborted. A connection that breaks is made again from
 * the last event on, so that none is missed and none comes twice; what the API refuses is thrown.
 */
export async function* followEvents(server: Server, following: Following): AsyncGenerator<ServerEvent> {
  const { signal, onConnection } = following;
  const retry = new Retry(following);
  const place: Place = { after: following.after, opened: () => (retry.worked() ? onConnection?.(true) : undefined) };
  while (!signal.aborted) {
    let trouble: unknown = null;
    try {
      if (yield* untilCut(server, following, place)) return;
    } catch (error) {
      if (signal.aborted) return;
      trouble = error;
    }
    await retry.next(trouble, signal);
    if (retry.isLost) onConnection?.(false);
  }
}

/** How far the stream was read, and who wants to know that there is a connection. */
interface Place {
  after: string | undefined;
  readonly opened: () => void;
}

/** Tries again for a while, with longer and longer pauses; gives up with the error that was seen last. */
class Retry {
  private since: number | null = null;
  private tries = 0;
  private wasThere: boolean;
  private readonly pause: number;

  constructor({ wasThere = false, pause = PAUSE }: Following) {
    this.wasThere = wasThere;
    this.pause = pause;
  }

  /** Whether it did not come back at once: the first short pause is no news. */
  get isLost(): boolean {
    return this.tries === 2;
  }

  /** Notes that the connection works; answers whether it was lost before. */
  worked(): boolean {
    const wasLost = this.tries >= 2;
    this.since = null;
    this.tries = 0;
    this.wasThere = true;
    return wasLost;
  }

  async next(error: unknown, signal: AbortSignal): Promise<void> {
    this.since ??= Date.now();
    const isUp = !this.wasThere || Date.now() - this.since > PATIENCE;
    if (error !== null && (isUp || !isPassing(error))) throw error;
    await sleep(Math.min(LONGEST_PAUSE, this.pause * 2 ** this.tries), undefined, { signal }).catch(() => undefined);
    this.tries += 1;
  }
}

/** Whether another try may end otherwise: the network, a proxy, a server that is being exchanged. */
export function isPassing(error: unknown): boolean {
  if (error instanceof JockeyProblem) return error.status >= 500 || error.status === 429;
  return !(error instanceof Fault) || error.code === 'no_answer';
}

/** The events of one connection; returns whether the stream ended by itself. */
async function* untilCut(server: Server, following: Following, place: Place): AsyncGenerator<ServerEvent, boolean> {
  const { path, query } = following;
  const quiet = new Silence(following.signal);
  try {
    const headers: Record<string, string> = place.after === undefined ? {} : { 'Last-Event-ID': place.after };
    const response = await server.send({ path, query, headers, accept: 'text/event-stream', signal: quiet.signal });
    place.opened();
    for await (const event of eventsOf(response.body ?? emptyBody(), quiet)) {
      if (event.event === 'end') return true;
      place.after = event.id ?? place.after;
      yield event;
    }
    return false;
  } finally {
    quiet.end();
  }
}

async function* eventsOf(body: ReadableStream<Uint8Array>, quiet: Silence): AsyncGenerator<ServerEvent> {
  const seen: ServerEvent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) => seen.push({ id: id ?? null, event: event ?? 'message', data }),
  });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    quiet.broken();
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* seen.splice(0);
  }
}

function emptyBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({ start: (controller) => controller.close() });
}

/** Aborts a connection on which nothing is heard any more: one that died without a word looks like a quiet one. */
class Silence {
  private readonly controller = new AbortController();
  private readonly timer = setTimeout(() => this.controller.abort(new Error('nothing is heard')), SILENCE);
  readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.controller.signal]);
  }

  broken(): void {
    this.timer.refresh();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}

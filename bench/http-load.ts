import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** One stream of requests: so many a second, whatever becomes of those before. */
export interface Stream {
  /** Its name in the report. */
  readonly name: string;
  /** Address of the router. */
  readonly url: string;
  /** Host name that the router is asked for. */
  readonly host: string;
  readonly path: string;
  /** A router may ask for a GET again, and hide that it was dropped; it may not with a POST. */
  readonly method: 'GET' | 'POST';
  readonly perSecond: number;
}

/** What became of the requests of a stream. */
export interface Outcome {
  readonly name: string;
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds of those that were answered well, from when each was due. */
  readonly p50: number;
  readonly p99: number;
}

/** A request that is not answered after so long, in milliseconds, has failed. */
const LONGEST = 15_000;
/** Requests that are due are sent so often, in milliseconds. */
const TICK = 2;
/** So many failures are told one by one. */
const TOLD = 20;

/**
 * Constant load over kept connections. Every answer but 200, every connection that is cut and every silence is a failure;
 * nothing is asked a second time.
 */
export class HttpLoad {
  /** The first failures, each with its stream and the second in which it was. */
  readonly firstFailures: string[] = [];
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 2_000, scheduling: 'fifo' });
  private readonly begun = performance.now();
  private readonly counts = new Map<string, { requests: number; failed: number; milliseconds: number[] }>();
  private readonly running = new Set<Promise<void>>();
  private readonly senders: Promise<unknown>;
  private ended = false;

  constructor(streams: readonly Stream[]) {
    for (const { name } of streams) this.counts.set(name, { requests: 0, failed: 0, milliseconds: [] });
    this.senders = Promise.all(streams.map((stream) => this.send(stream)));
  }

  /** Requests so far. */
  get requests(): number {
    return [...this.counts.values()].reduce((sum, { requests }) => sum + requests, 0);
  }

  /** Failures so far. */
  get failed(): number {
    return [...this.counts.values()].reduce((sum, { failed }) => sum + failed, 0);
  }

  /** Sends no more, and waits for the answers. */
  async end(): Promise<readonly Outcome[]> {
    this.ended = true;
    await this.senders;
    await Promise.all(this.running);
    this.agent.destroy();
    return [...this.counts].map(([name, { requests, failed, milliseconds }]) => {
      milliseconds.sort((one, other) => one - other);
      return { name, requests, failed, p50: at(milliseconds, 0.5), p99: at(milliseconds, 0.99) };
    });
  }

  private async send(stream: Stream): Promise<void> {
    const begun = performance.now();
    let sent = 0;
    const due = (): number => begun + (sent * 1_000) / stream.perSecond;
    while (!this.ended) {
      for (; due() <= performance.now(); sent += 1) this.begin(stream, due());
      await sleep(TICK);
    }
  }

  private begin(stream: Stream, due: number): void {
    const running: Promise<void> = this.ask(stream, due).finally(() => this.running.delete(running));
    this.running.add(running);
  }

  private async ask(stream: Stream, due: number): Promise<void> {
    const count = this.counts.get(stream.name);
    if (count === undefined) return;
    count.requests += 1;
    const fault = await faultOf(stream, this.agent);
    if (fault === null) {
      count.milliseconds.push(performance.now() - due);
      return;
    }
    count.failed += 1;
    const second = ((due - this.begun) / 1_000).toFixed(1);
    if (this.firstFailures.length < TOLD) this.firstFailures.push(`${stream.name} at ${second} s: ${fault}`);
  }
}

/** Asks once; null for an answer 200 that came to its end. */
function faultOf({ url, host, path, method }: Stream, agent: Agent): Promise<string | null> {
  return new Promise((resolve) => {
    const asked = request(new URL(path, url), { method, agent, headers: { host } }, (answer) => {
      answer.on('error', (error) => resolve(error.message));
      answer.on('end', () => resolve(answer.statusCode === 200 ? null : `answered ${answer.statusCode}`));
      answer.resume();
    });
    const limit = setTimeout(() => asked.destroy(new Error(`no answer within ${LONGEST / 1_000} s`)), LONGEST);
    asked.on('close', () => clearTimeout(limit));
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

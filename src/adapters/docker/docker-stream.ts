import { addAbortSignal, type Readable } from 'node:stream';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { type PrintedLine, PrintedLines } from '../../domain/log/printed-lines.js';
import { jsonLinesOf } from './json-lines.js';

/** Takes a line as it comes, or a part of one that goes on; no more is read before what it answers has resolved. */
export type LineSink = (line: string, goesOn: boolean) => void | Promise<void>;

/** One item of the JSON stream that push and pull answer with. */
interface Item {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progress?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
  readonly aux?: Readonly<Record<string, unknown>>;
}

/** How a stream is read. */
export interface StreamReading {
  /** The host at the other end, for the sentence of a broken connection. */
  readonly host: string;
  readonly onLine: LineSink;
  readonly signal: AbortSignal;
  /** After so many milliseconds without a word the stream is given up; none unless told. */
  readonly longestSilence?: number;
}

/** What a stream ended with. */
export interface StreamEnd {
  /** All `aux` items put together: `Digest` after a push. */
  readonly aux: Readonly<Record<string, unknown>>;
  /** What went wrong, in Docker's words; null when nothing did. */
  readonly failure: string | null;
}

/**
 * Reads such a stream to its end, handing on line by line as it comes. Docker answers 200 before it begins: what goes
 * wrong later is an item in the stream (`failure`). Throws `unavailable` for a stream that is cut or aborted.
 */
export async function readDockerStream(stream: Readable, reading: StreamReading): Promise<StreamEnd> {
  const lines = new Lines(reading.onLine);
  const patience = new Patience(reading.longestSilence);
  const signal = AbortSignal.any([reading.signal, patience.signal]);
  let aux: Readonly<Record<string, unknown>> = {};
  let failure: string | null = null;
  try {
    for await (const item of jsonLinesOf<Item>(addAbortSignal(signal, stream))) {
      if (item.aux !== undefined) aux = { ...aux, ...item.aux };
      failure ??= item.errorDetail?.message ?? item.error ?? null;
      patience.pause();
      await lines.add(textOf(item));
      patience.renew();
    }
  } catch (error) {
    throw lostOrStopped({ host: reading.host, signal }, error);
  } finally {
    patience.pause();
    await lines.end();
  }
  return { aux, failure: failure?.trim() ?? null };
}

/** The sentence of a stream that did not come to its end. */
export function lostOrStopped({ host, signal }: Pick<StreamReading, 'host' | 'signal'>, error: unknown): DomainError {
  if (signal.aborted) return new DomainError('unavailable', `stopped on host ${host}: ${sentenceOf(signal.reason)}`);
  return new DomainError('unavailable', `the connection to host ${host} was lost: ${sentenceOf(error)}`);
}

function textOf(item: Item): string {
  if (item.stream !== undefined) return item.stream;
  const message = item.errorDetail?.message ?? item.error;
  if (message !== undefined) return `${message}\n`;
  if (item.status === undefined || item.progress !== undefined) return '';
  return item.id === undefined ? `${item.status}\n` : `${item.id}: ${item.status}\n`;
}

/** Runs out when nothing is heard for too long; a sink that takes its time is no silence. */
class Patience {
  private readonly silence = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly longest: number | undefined) {
    this.renew();
  }

  get signal(): AbortSignal {
    return this.silence.signal;
  }

  renew(): void {
    const { longest } = this;
    if (longest !== undefined) this.timer = setTimeout(() => this.silence.abort(silent(longest)), longest);
  }

  pause(): void {
    clearTimeout(this.timer);
  }
}

function silent(longest: number): DomainError {
  return new DomainError('unavailable', `nothing was heard for ${longest / 1000} s, so what it waits for hangs`);
}

/** Puts pieces of text together into lines. */
class Lines {
  private readonly printed = new PrintedLines();

  constructor(private readonly onLine: LineSink) {}

  async add(text: string): Promise<void> {
    for (const line of this.printed.add(text)) await this.say(line);
  }

  async end(): Promise<void> {
    for (const line of this.printed.end()) await this.say(line);
  }

  private async say({ text, goesOn }: PrintedLine): Promise<void> {
    await this.onLine(text, goesOn);
  }
}

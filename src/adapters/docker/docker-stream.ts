import type { Readable } from 'node:stream';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { LineSink } from '../../ports/docker-hosts.js';

/** One item of the JSON stream that build, push and pull answer with. */
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
  /** Who speaks, for the sentence of a broken connection: `Docker on host h1`. */
  readonly speaker: string;
  readonly onLine: LineSink;
}

/** What a stream ended with. */
export interface StreamEnd {
  /** The `aux` item that came last: the image's id after a build, the digest after a push. */
  readonly aux: Readonly<Record<string, unknown>>;
}

/** Longest part of a line without its newline that is kept before it is handed on as a line, in characters. */
const LONGEST_PART = 16_384;

/** The step that a Dockerfile build says it has come to. */
const STEP = /^Step \d+\/\d+ : .+/;

/**
 * Reads such a stream to its end, line by line as it comes. Docker answers 200 before it begins: what goes wrong
 * later is an item in the stream, and a stream that is cut is no success either.
 */
export async function readDockerStream(stream: Readable, reading: StreamReading): Promise<StreamEnd> {
  const lines = new Lines(reading.onLine);
  let aux: Readonly<Record<string, unknown>> = {};
  let failure: string | null = null;
  try {
    for await (const item of itemsOf(stream)) {
      if (item.aux !== undefined) aux = item.aux;
      failure ??= item.errorDetail?.message ?? item.error ?? null;
      lines.add(textOf(item));
    }
  } catch (error) {
    throw unavailable(reading.speaker, `the connection was lost: ${sentenceOf(error)}`);
  } finally {
    lines.end();
  }
  if (failure !== null) throw new DomainError('unprocessable_entity', sentence(failure, lines.step));
  return { aux };
}

function sentence(failure: string, step: string | null): string {
  return step === null ? failure.trim() : `${step} failed: ${failure.trim()}`;
}

function textOf(item: Item): string {
  if (item.stream !== undefined) return item.stream;
  const message = item.errorDetail?.message ?? item.error;
  if (message !== undefined) return `${message}\n`;
  if (item.status === undefined || item.progress !== undefined) return '';
  return item.id === undefined ? `${item.status}\n` : `${item.id}: ${item.status}\n`;
}

/** Docker separates items by `\r\n`, and cuts them over chunks as it likes. */
async function* itemsOf(stream: Readable): AsyncGenerator<Item> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    rest += decoder.decode(chunk as Buffer, { stream: true });
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) if (part.trim() !== '') yield JSON.parse(part) as Item;
  }
  if (rest.trim() !== '') yield JSON.parse(rest) as Item;
}

/** Puts pieces of text together into lines, and remembers the last step of a build. */
class Lines {
  step: string | null = null;
  private part = '';

  constructor(private readonly onLine: LineSink) {}

  add(text: string): void {
    const pieces = (this.part + text).split('\n');
    this.part = pieces.pop() ?? '';
    for (const piece of pieces) this.say(piece);
    if (this.part.length < LONGEST_PART) return;
    this.say(this.part);
    this.part = '';
  }

  end(): void {
    if (this.part !== '') this.say(this.part);
    this.part = '';
  }

  private say(line: string): void {
    const clean = line.replace(/\r$/, '');
    if (STEP.test(clean)) this.step = clean;
    this.onLine(clean);
  }
}

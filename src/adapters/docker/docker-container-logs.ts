import { addAbortSignal, type Readable } from 'node:stream';
import type { Host } from '../../domain/host/host.js';
import type { OutputLine } from '../../domain/log/output-line.js';
import type { ContainerLogs, LinesFollowed, LinesWanted } from '../../ports/container-logs.js';
import type { DockerClients } from './docker-clients.js';
import { failureAt, statusOf } from './docker-errors.js';
import { OutputFrames } from './output-frames.js';

/** How long a host may take to begin its answer, in milliseconds; what comes after may take as long as it likes. */
const BEGIN = 10_000;

/** How long the lines of one container may take when they are read and not followed, in milliseconds. */
const READ = 30_000;

/** Of the output of one container so many characters are kept at a time: the last ones. */
const MOST_CHARACTERS = 8 << 20;

/** Where one container is, and how it is asked. */
interface Asked {
  readonly host: Host;
  readonly name: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly signal: AbortSignal;
}

/** What containers print, from the Docker engines of their hosts. */
export class DockerContainerLogs implements ContainerLogs {
  constructor(private readonly clients: DockerClients) {}

  async read(host: Host, name: string, { since, tail }: LinesWanted): Promise<readonly OutputLine[] | null> {
    const options = { tail, follow: false, ...sinceOf(since) };
    const asked = { host, name, options, signal: AbortSignal.timeout(READ) };
    const stream = await this.open(asked);
    if (stream === null) return null;
    const kept = new LastLines();
    for await (const lines of linesOf(asked, stream)) kept.add(lines);
    return kept.lines;
  }

  async *follow(host: Host, name: string, { since, signal }: LinesFollowed): AsyncGenerator<readonly OutputLine[]> {
    const asked = { host, name, options: { follow: true, ...sinceOf(since) }, signal };
    const stream = signal.aborted ? null : await this.open(asked);
    if (stream !== null) yield* untilAborted(linesOf(asked, stream), signal);
  }

  /** Null where there is no such container, or it was aborted meanwhile. */
  private async open({ host, name, options, signal }: Asked): Promise<Readable | null> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), BEGIN);
    const abortSignal = AbortSignal.any([signal, late.signal]);
    try {
      const { modem } = this.clients.of(host);
      return await new Promise<Readable>((resolve, reject) =>
        modem.dial(
          {
            path: `/containers/${encodeURIComponent(name)}/logs?`,
            method: 'GET',
            isStream: true,
            statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
            options: { stdout: true, stderr: true, timestamps: true, ...options },
            abortSignal,
          },
          (error: unknown, stream: unknown) => (error === null ? resolve(stream as Readable) : reject(error as Error)),
        ),
      );
    } catch (error) {
      if (statusOf(error) === 404 || signal.aborted) return null;
      const silence = new Error(`no answer within ${BEGIN / 1000} s`, { cause: error });
      throw failureAt(host, `read the output of ${name}`, late.signal.aborted ? Object.assign(silence, LATE) : error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What tells an outage from a refusal. */
const LATE = { code: 'ETIMEDOUT' };

async function* linesOf({ host, name, signal }: Asked, stream: Readable): AsyncGenerator<readonly OutputLine[]> {
  const frames = new OutputFrames();
  try {
    for await (const chunk of addAbortSignal(signal, stream)) {
      const lines = frames.take(chunk as Buffer);
      if (lines.length > 0) yield lines;
    }
  } catch (error) {
    throw failureAt(
      host,
      `read the output of ${name}`,
      Object.assign(new Error(String(error)), { code: 'ECONNRESET' }),
    );
  }
}

/** Who has left is told nothing of a connection that was cut for him. */
async function* untilAborted<T>(items: AsyncGenerator<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** `1763696164.120000000`: Docker reads all nine digits, and gives the lines of that moment too. */
function sinceOf(since: bigint | null): { since?: string } {
  if (since === null) return {};
  return { since: `${since / 1_000_000_000n}.${String(since % 1_000_000_000n).padStart(9, '0')}` };
}

/** The last lines, of no more than so many characters. */
class LastLines {
  readonly lines: OutputLine[] = [];
  private characters = 0;

  add(lines: readonly OutputLine[]): void {
    for (const line of lines) this.characters += line.text.length;
    this.lines.push(...lines);
    let gone = 0;
    while (this.characters > MOST_CHARACTERS) this.characters -= this.lines[gone++]?.text.length ?? 0;
    this.lines.splice(0, gone);
  }
}

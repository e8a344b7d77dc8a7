import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Host } from '../../../domain/host/host.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { BuildOutput } from '../../../ports/build-hosts.js';
import type { DockerClients } from '../docker-clients.js';
import { lostOrStopped } from '../docker-stream.js';
import { jsonLinesOf } from '../json-lines.js';
import { readSolveStatus } from './buildkit-messages.js';
import { BuildTrace } from './buildkit-trace.js';
import { post } from './docker-dial.js';

/** What a solve ended with. */
export interface SolveEnd {
  readonly trace: BuildTrace;
  /** `sha256:…`; null where none came. */
  readonly imageId: string | null;
  /** BuildKit's words; null when nothing went wrong. */
  readonly failure: string | null;
}

/** A solve on a host. */
export interface Solving extends BuildOutput {
  /** What it is called at the host, so that it can be ended. */
  readonly name: string;
  /** Begins it and answers with its stream; the signal cuts the connection. */
  readonly begin: (docker: Docker, cut: AbortSignal) => Promise<Readable>;
}

/** One item of the stream that a build with BuildKit answers with. */
interface Item {
  readonly id?: string;
  readonly aux?: string | { readonly ID?: string };
  readonly stream?: string;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/** Between two asks to end a solve, in milliseconds: one that comes before the solve has begun ends nothing. */
const ASK_AGAIN = 250;

/** How long a host may take to end one, in milliseconds: a program is killed at once, its layers have to be put away. */
const LONGEST_END = 30_000;

/** Solves of BuildKit inside Docker engines, which are ended for sure when their signal says so. */
export class BuildKitSolves {
  constructor(private readonly clients: DockerClients) {}

  /**
   * Runs one to its end. When the signal stops it, it is cancelled and its stream read on until BuildKit has told that
   * it is over, every step of it: only then does this throw, so that nobody begins again beside it. One of the same name
   * that an earlier try left behind is ended first. Throws `unavailable` when stopped, or cut off.
   */
  async run(host: Host, solving: Solving): Promise<SolveEnd> {
    const { name, signal } = solving;
    const over = new AbortController();
    const cut = new AbortController();
    if (signal.aborted) throw lostOrStopped({ host: host.name, signal }, signal.reason);
    await this.cancel(host, name);
    const ending = whenEither(signal, over.signal).then(() => this.end(host, name, { over, cut }));
    try {
      const end = await readSolve(await solving.begin(this.clients.of(host), cut.signal), solving);
      if (signal.aborted) throw endOf(host, signal, end.trace.running.length === 0);
      return end;
    } catch (error) {
      throw await this.brokenOff(host, solving, error);
    } finally {
      over.abort();
      await ending;
    }
  }

  /** Asks the host to end a solve, again and again until its stream has ended; cuts the connection if it never does. */
  private async end(host: Host, name: string, { over, cut }: Ending): Promise<void> {
    const deadline = Date.now() + LONGEST_END;
    while (!over.signal.aborted && Date.now() < deadline) {
      await this.cancel(host, name).catch(() => undefined);
      await sleep(ASK_AGAIN, undefined, { signal: over.signal }).catch(() => undefined);
    }
    cut.abort(new Error('it was not over in time'));
  }

  /** A name that no solve has is no fault. */
  private async cancel(host: Host, name: string): Promise<void> {
    await this.clients.ask(host, { to: 'end a build' }, (docker, abortSignal) =>
      post(docker, { path: '/build/cancel?', options: { id: name }, abortSignal }),
    );
  }

  /** Whatever broke it off, the host may go on by itself; where it can still be asked, it is told not to. */
  private async brokenOff(host: Host, { name, signal }: Solving, error: unknown): Promise<unknown> {
    if (error instanceof SolveStopped) return error;
    if (signal.aborted) return endOf(host, signal, isAnswer(error));
    if (isAnswer(error)) return error;
    await this.cancel(host, name).catch(() => undefined);
    return error instanceof DomainError ? error : lostOrStopped({ host: host.name, signal }, error);
  }
}

interface Ending {
  /** The stream has ended. */
  readonly over: AbortController;
  /** Cuts the stream's connection. */
  readonly cut: AbortController;
}

/** A solve that was told to stop. */
class SolveStopped extends DomainError {}

/** What a solve that was told to stop ends with; where nobody told that it is over, that is said. */
function endOf(host: Host, signal: AbortSignal, isOver: boolean): SolveStopped {
  const { message } = lostOrStopped({ host: host.name, signal }, signal.reason);
  const doubt = isOver ? '' : '; the host did not say that the build is over';
  return new SolveStopped('unavailable', `${message}${doubt}`);
}

/** Whether Docker itself said no: then it does nothing any more. */
function isAnswer(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'unprocessable_entity';
}

/** Reads a solve's stream to its end, handing its lines on. Throws `unavailable` for a stream that is cut. */
async function readSolve(stream: Readable, { onLine, signal }: Solving): Promise<SolveEnd> {
  const trace = new BuildTrace();
  let imageId: string | null = null;
  let failure: string | null = null;
  const say = async (lines: Iterable<Parameters<BuildOutput['onLine']>[0]>) => {
    for (const line of lines) if (!signal.aborted) await onLine(line);
  };
  for await (const { id, aux, stream: text, error, errorDetail } of jsonLinesOf<Item>(stream)) {
    if (id === 'moby.buildkit.trace' && typeof aux === 'string') await say(trace.add(readSolveStatus(aux)));
    if (id === 'moby.image.id' && typeof aux === 'object') imageId = aux.ID ?? null;
    if (text !== undefined) await say([{ text: text.trimEnd(), stream: 'status', step: null }]);
    failure ??= errorDetail?.message ?? error ?? null;
  }
  await say(trace.end());
  return { trace, imageId, failure };
}

/** Resolves when one of them says so. */
function whenEither(one: AbortSignal, other: AbortSignal): Promise<void> {
  const either = AbortSignal.any([one, other]);
  return new Promise((resolve) => {
    if (either.aborted) resolve();
    else either.addEventListener('abort', () => resolve(), { once: true });
  });
}

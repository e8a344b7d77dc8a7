import { unavailable } from '../../src/domain/kernel/errors.js';
import type { HttpProbe, ProbeAnswer, ProbeTarget } from '../../src/ports/http-probe.js';

/** What becomes of a request: an answer, the words of a failure, or nothing ever. */
export type ProbeFate = ProbeAnswer | { readonly failure: string } | 'silence';

const ABORTED = 'This operation was aborted';

/** Requests that a test decides of. */
export class FakeHttpProbe implements HttpProbe {
  /** All that was asked, oldest first. */
  readonly asked: ProbeTarget[] = [];
  /** What becomes of the next request. */
  fateOf: (target: ProbeTarget) => ProbeFate | Promise<ProbeFate> = () => ({ status: 200, milliseconds: 1 });

  async get(target: ProbeTarget, timeoutMs: number, signal: AbortSignal): Promise<ProbeAnswer> {
    this.asked.push(target);
    const fate = await this.fateOf(target);
    const name = target.host === null ? target.url : `${target.url} (as ${target.host})`;
    if (signal.aborted) throw unavailable(name, ABORTED);
    if (fate === 'silence') throw unavailable(name, await endOfPatience(timeoutMs, signal));
    if ('failure' in fate) throw unavailable(name, fate.failure);
    return fate;
  }
}

function endOfPatience(timeoutMs: number, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`no answer within ${timeoutMs / 1000} s`), timeoutMs);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(ABORTED);
    });
  });
}

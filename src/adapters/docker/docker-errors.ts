import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { Host } from '../../domain/host/host.js';

/** Socket errors that mean: the engine itself was not reached. */
const UNREACHED = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  'ENOENT',
]);

/** The HTTP status that Docker answered with; null where it did not answer. */
export function statusOf(error: unknown): number | null {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

/** What Docker said, without the client's preface. */
export function wordsOf(error: unknown): string {
  const message = (error as { json?: { message?: unknown } } | null)?.json?.message;
  return typeof message === 'string' ? message : sentenceOf(error);
}

/** Anything that went wrong between us and a host's Docker, as a failure that names the host. */
export function failureAt(host: Host, error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = (error as { code?: unknown } | null)?.code;
  const gone =
    statusOf(error) === null && (error instanceof Error || (typeof code === 'string' && UNREACHED.has(code)));
  if (gone) return unavailable(`Docker on host ${host.name} (${host.dockerUrl})`, sentenceOf(error));
  return new DomainError('unprocessable_entity', `Docker on host ${host.name} refused: ${wordsOf(error)}`);
}

/** The port is taken on the host by something that Docker cannot move. */
export function isPortTaken(error: unknown): boolean {
  return /port is already allocated|address already in use/.test(wordsOf(error));
}

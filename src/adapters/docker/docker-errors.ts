import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import type { Host } from '../../domain/host/host.js';

/** What Docker answers when the host's port belongs to somebody else: to another container, or to a program. */
const PORT_TAKEN = /port is already allocated|address already in use/;

/** What Docker answers to a change of a container that its runtime has seen end. */
const ENDING = /cannot update a stopped container/;

/** What Docker says of a registry that it could not speak with, as opposed to one that said no. */
const REGISTRY_SILENT = /dial tcp|connection refused|no such host|i\/o timeout|TLS handshake|server gave HTTP|\bEOF\b/;

/** The HTTP status that Docker answered with; null where it did not answer. */
export function statusOf(error: unknown): number | null {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : null;
}

/** What Docker said, without the client's preface. */
export function wordsOf(error: unknown): string {
  const message = (error as { json?: { message?: unknown } } | null)?.json?.message;
  const words = typeof message === 'string' ? message : sentenceOf(error).replace(/^\(HTTP code \d+\) .*? - /, '');
  return words.trim();
}

/**
 * Anything that went wrong between us and a host's Docker, as a failure that names the host and what was tried
 * (`to`, in words that follow "could not"). An error that is neither Docker's nor the network's is handed on as it is.
 */
export function failureAt(host: Host, to: string, error: unknown): unknown {
  if (error instanceof DomainError) return error;
  if (statusOf(error) !== null)
    return new DomainError('unprocessable_entity', `Docker on host ${host.name} could not ${to}: ${wordsOf(error)}`);
  if (typeof (error as { code?: unknown } | null)?.code !== 'string') return error;
  return unavailable(`Docker on host ${host.name} (${host.dockerUrl})`, `could not ${to}: ${sentenceOf(error)}`);
}

/** Whether a failure means that the port on the host is taken. */
export function isPortTaken(error: unknown): boolean {
  return PORT_TAKEN.test(wordsOf(error));
}

/**
 * Whether a failure means that the container ends at this moment: its runtime knows, and the engine, which answers 500,
 * does not yet.
 */
export function isEnding(error: unknown): boolean {
  return ENDING.test(wordsOf(error));
}

/** What is to be done with an image. */
export interface ImageQuestion {
  readonly to: 'build' | 'push' | 'pull';
  readonly image: string;
}

/** What Docker could not do with an image; where the registry was not reached, that is said first. */
export function imageFailure(host: Host, { to, image }: ImageQuestion, words: string): DomainError {
  const registry = image.slice(0, image.indexOf('/'));
  const silent = REGISTRY_SILENT.test(words) ? `the registry ${registry} does not answer host ${host.name}; ` : '';
  return new DomainError('unprocessable_entity', `${silent}host ${host.name} could not ${to} ${image}: ${words}`);
}

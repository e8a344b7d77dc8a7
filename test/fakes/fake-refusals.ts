import type { Host } from '../../src/domain/host/host.js';
import { DomainError } from '../../src/domain/kernel/errors.js';

/** What Docker refuses, in its words. */
export function refused(words: string): DomainError {
  return new DomainError('unprocessable_entity', words);
}

/** A host cannot reach the registry of an image. */
export function registrySilent(host: Host, image: string): DomainError {
  return refused(`the registry ${image.slice(0, image.indexOf('/'))} does not answer host ${host.name}`);
}

/** Work that was ended by its signal. */
export function stopped(host: Host, signal: AbortSignal): DomainError {
  return new DomainError('unavailable', `stopped on host ${host.name}: ${String(signal.reason)}`);
}

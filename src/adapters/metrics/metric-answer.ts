import { DomainError } from '../../domain/kernel/errors.js';

/** An answer in which the number is not; `predicate` says it, without the host. */
export class NoNumber extends DomainError {
  constructor(readonly predicate: string) {
    super('unprocessable_entity', predicate);
  }
}

/** The document in an answer. */
export function documentIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new NoNumber('is no JSON, or longer than the 64 KiB that are read.');
  }
}

/** A number that can be scaled by. */
export function usable(value: number): number {
  if (!Number.isFinite(value)) throw new NoNumber(`is ${value}, which is no amount.`);
  if (value < 0) throw new NoNumber(`is ${value}, and an amount is never below 0.`);
  return value;
}

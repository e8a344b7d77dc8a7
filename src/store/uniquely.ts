import { QueryFailedError } from 'typeorm';
import { DomainError } from '../domain/kernel/errors.js';

/** Runs a write that a unique index may refuse, and then says what there is already: `an app "sample"`. */
export async function uniquely<T>(what: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) throw new DomainError('conflict', `There is ${what} already.`);
    throw error;
  }
}

/** Whether a unique index refused a write. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof QueryFailedError && 'code' in error.driverError && error.driverError.code === '23505';
}

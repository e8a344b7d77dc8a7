import { ApiRefusal } from '../../commands/command.js';
import { DomainError, ERROR_CODES, unavailable } from '../../domain/kernel/errors.js';

/** Fails as the API did when it was asked for what a page cannot do without. */
export async function asRefused<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusal)
      throw new DomainError(ERROR_CODES.find((code) => code === error.code) ?? 'internal_error', error.message);
    if (error instanceof DOMException && error.name === 'TimeoutError')
      throw unavailable('Jockey', 'a part of the page was not answered in time');
    throw error;
  }
}

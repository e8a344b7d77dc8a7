import { QueryFailedError } from 'typeorm';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';

/** Classes and codes of https://www.postgresql.org/docs/current/errcodes-appendix.html, and Node's of a lost socket. */
const LOST = /^(08|57P0|53|28|3D)|^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH)$/;
const LOST_SENTENCE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection/i;
const SOLVED_BY_REPEATING = new Set(['40001', '40P01', '55P03']);
const VALUE_REFUSED = new Set(['22001', '22003', '22021', '22P02', '22P05']);

/** What an error of the database means for a caller; null for one that is a fault of Jockey. */
export function fromPostgres(error: unknown): DomainError | null {
  const code = codeOf(error);
  if (code === '23505') return new DomainError('conflict', `There is one like this already${keyOf(error)}.`);
  if (code === '23503')
    return new DomainError('conflict', 'Something that it refers to has just gone; read again, then repeat.');
  if (SOLVED_BY_REPEATING.has(code))
    return new DomainError('conflict', 'Another request changed the same at this moment; repeat it.');
  if (VALUE_REFUSED.has(code))
    return new DomainError('unprocessable_entity', 'A value holds characters or a number that cannot be stored.');
  if (code === '42P01')
    return new DomainError('unavailable', 'The database is not migrated to this version; run "npm run migrate".');
  if (LOST.test(code) || isLostConnection(error)) return unavailable('Postgres', sentenceOf(error));
  return null;
}

function codeOf(error: unknown): string {
  if (error instanceof QueryFailedError) return codeOf(error.driverError);
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const isLostConnection = (error: unknown): boolean =>
  error instanceof Error && LOST_SENTENCE.test(error.message) && !('status' in error);

/** The columns that clash, as Postgres names them, without the values. */
function keyOf(error: unknown): string {
  const detail: unknown =
    error instanceof QueryFailedError && 'detail' in error.driverError ? error.driverError.detail : '';
  const columns = /^Key \(([a-z_, ]+)\)=/.exec(String(detail))?.[1];
  return columns === undefined ? '' : `: ${columns.replaceAll('_id', '')} must be unique`;
}

/**
 * The closed list of what can go wrong, as it stands in the OpenAPI document. A layer that speaks HTTP maps each
 * code to a status with a total record, so that a new code does not compile without one.
 */
export const ERROR_CODES = [
  'bad_request',
  'not_authenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'stale',
  'payload_too_large',
  'unsupported_media_type',
  'record_invalid',
  'unprocessable_entity',
  'resource_locked',
  'upgrade_required',
  'rate_limited',
  'internal_error',
  'unavailable',
] as const;

/** One code of the closed list. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What is wrong with one field of the input. */
export interface FieldError {
  /** The field as the caller wrote it, nested names with dots: `config.PORT`. */
  readonly field: string;
  /** The value's fault and the way out, one sentence. */
  readonly message: string;
}

/** An expected failure: it carries its code, and reads as one sentence that says the way out. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly fields: readonly FieldError[] = [],
  ) {
    super(message);
    this.name = 'DomainError';
  }
}

/** A thing that was asked for by a name or id and is not there. */
export function notFound(noun: string, key: string): DomainError {
  return new DomainError('not_found', `There is no ${noun} "${key.slice(0, 80)}".`);
}

/** A record that breaks one rule, told by field. */
export function invalid(field: string, message: string): DomainError {
  return new DomainError('record_invalid', `${field} ${message}`, [{ field, message }]);
}

/** A part that Jockey needs does not answer: names the part and what was seen. */
export function unavailable(dependency: string, cause: string): DomainError {
  return new DomainError('unavailable', `${dependency} does not answer: ${cause}`);
}

/** The sentence of anything thrown, for logs and failure reasons. */
export function sentenceOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(sentenceOf).join('; ');
  if (error instanceof Error) return error.message === '' ? error.name : error.message;
  return String(error);
}

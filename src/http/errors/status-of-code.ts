import type { ErrorCode } from '../../domain/kernel/errors.js';

/** The status of each code: a new code does not compile without one. */
export const STATUS_OF_CODE: Record<ErrorCode, number> = {
  bad_request: 400,
  not_authenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  stale: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  record_invalid: 422,
  unprocessable_entity: 422,
  resource_locked: 423,
  upgrade_required: 426,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
};

/** What each code says in general; what happened stands in `detail`. */
export const TITLE_OF_CODE: Record<ErrorCode, string> = {
  bad_request: 'The request cannot be read',
  not_authenticated: 'No valid token',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'The path does not take this method',
  conflict: 'In conflict with what is there',
  stale: 'Changed since it was read',
  payload_too_large: 'The body is too large',
  unsupported_media_type: 'The kind of body is not known',
  record_invalid: 'The record breaks a rule',
  unprocessable_entity: 'It cannot be done',
  resource_locked: 'Locked by something in progress',
  upgrade_required: 'It is a WebSocket',
  rate_limited: 'Too many requests',
  internal_error: 'A fault of Jockey',
  unavailable: 'Something that Jockey needs does not answer',
};

/** The code of a status that a library chose. */
export function codeOfStatus(status: number): ErrorCode {
  const found = (Object.keys(STATUS_OF_CODE) as ErrorCode[]).find((code) => STATUS_OF_CODE[code] === status);
  return found ?? (status >= 400 && status < 500 ? 'bad_request' : 'internal_error');
}

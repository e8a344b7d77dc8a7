import { HttpException } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';
import { fromPostgres } from './postgres-error.js';
import type { ProblemDto } from './problem.dto.js';
import { codeOfStatus, STATUS_OF_CODE, TITLE_OF_CODE } from './status-of-code.js';

const OUR_FAULT = 'Something is wrong inside Jockey; its log tells more under this request_id.';

/** Anything thrown, as one of the closed list. What is not expected becomes `internal_error` and says nothing of itself. */
export function domainErrorOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const database = fromPostgres(error);
  if (database !== null) return database;
  const status = statusOf(error);
  if (status === null || status >= 500) return new DomainError('internal_error', OUR_FAULT);
  return new DomainError(codeOfStatus(status), sentenceFor(status, error));
}

/** The problem document of an expected failure. */
export function problemOf(error: DomainError, request: HttpRequest): ProblemDto {
  return {
    type: `urn:jockey:problem:${error.code}`,
    title: TITLE_OF_CODE[error.code],
    status: STATUS_OF_CODE[error.code],
    detail: error.message,
    instance: request.originalUrl.split('?')[0] ?? '/',
    request_id: request.id,
    error: { code: error.code, message: error.message },
    ...(error.fields.length > 0 ? { errors: error.fields.map(({ field, message }) => ({ field, message })) } : {}),
  };
}

/** The status that Nest, Express or a body parser chose; null where none did. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  return error instanceof Error && 'status' in error && typeof error.status === 'number' ? error.status : null;
}

function sentenceFor(status: number, error: unknown): string {
  if (status === 413) return 'The body is larger than 1 MB, which is the most that is taken.';
  if (status === 415) return 'Send the body as application/json or application/x-www-form-urlencoded, in UTF-8.';
  return error instanceof Error ? `${error.message.replace(/\.$/, '')}.` : 'The request cannot be read.';
}

import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';

/** What a caller demands of the version that it changes: RFC 9110, section 13.1.1. */
export class Precondition {
  constructor(private readonly header: string | undefined) {}

  /** Throws `stale` when the caller has read another version. Call it where the row is locked. */
  require(version: number): void {
    if (this.header === undefined || this.header.trim() === '*') return;
    const tags = this.header.split(',').map((tag) => tag.trim());
    if (tags.some((tag) => tag === `"${version}"` || tag.startsWith(`"${version}-`))) return;
    throw new DomainError(
      'stale',
      `It was changed since you read it: If-Match says ${this.header.slice(0, 80)}, it is at "${version}". Read it again, then repeat.`,
    );
  }
}

/** No demand. */
export const UNCONDITIONAL = new Precondition(undefined);

/** Hands the `If-Match` of a request to its handler. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): Precondition =>
    new Precondition(context.switchToHttp().getRequest<HttpRequest>().headers['if-match']),
);

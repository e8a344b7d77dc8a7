import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { catchError, concatMap, from, type Observable } from 'rxjs';
import type { Caller } from '../../domain/access/caller.js';
import { PUBLIC } from '../auth/public.decorator.js';
import { domainErrorOf } from '../errors/problem-of.js';
import { STATUS_OF_CODE } from '../errors/status-of-code.js';
import type { HttpRequest } from '../http-request.js';
import { ReplayedAnswer } from '../idempotency/replayed-answer.js';
import { AuditTrail, type Ending, type OpenWrite } from './audit-trail.js';

/**
 * Writes an entry before a write begins and one after it ended, so that none is missing where the process dies between
 * them. It stands outside all else that may refuse, or answer, in the handler's place.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly trail: AuditTrail,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (!this.trail.concerns(context)) return next.handle();
    const open = this.isPublic(context) ? whenProven(context, this.trail) : await this.trail.begin(context);
    const writeOf = (): OpenWrite | null => ('write' in open ? open.write : open);
    return next.handle().pipe(
      catchError((error: unknown) => from(this.failed(context, writeOf(), error))),
      concatMap((answer) => from(this.done(context, writeOf(), answer))),
    );
  }

  private isPublic(context: ExecutionContext): boolean {
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC, [context.getHandler(), context.getClass()]) === true
    );
  }

  private async done(context: ExecutionContext, write: OpenWrite | null, answer: unknown): Promise<unknown> {
    const { statusCode: status } = context.switchToHttp().getResponse<Response>();
    await this.end(context, write, { status, error: null, replayed: false, answer });
    return answer;
  }

  private async failed(context: ExecutionContext, write: OpenWrite | null, error: unknown): Promise<never> {
    await this.end(context, write, endingOf(error));
    throw error;
  }

  /** What was done is done: that it cannot be written is told to the log, and the entry that began it stays alone. */
  private async end(context: ExecutionContext, write: OpenWrite | null, ending: Ending): Promise<void> {
    if (write === null) return;
    await this.trail.end(context, write, ending).catch((err: unknown) => {
      const { status, error } = ending;
      const { log } = context.switchToHttp().getRequest<HttpRequest>();
      log.error({ err, audit: write.id, status, code: error }, 'the end of a write was not written into the audit');
    });
  }
}

/** Who sends a public write is known once its signature is proven; what nobody proves leaves nothing. */
function whenProven(context: ExecutionContext, trail: AuditTrail): { write: OpenWrite | null } {
  const open: { write: OpenWrite | null } = { write: null };
  const request = context.switchToHttp().getRequest<HttpRequest>();
  request.provenAs = async (caller: Caller) => {
    request.caller = caller;
    open.write ??= await trail.begin(context);
  };
  return open;
}

function endingOf(error: unknown): Ending {
  if (error instanceof ReplayedAnswer) return { status: error.status, error: null, replayed: true };
  const { code } = domainErrorOf(error);
  return { status: STATUS_OF_CODE[code], error: code, replayed: false };
}

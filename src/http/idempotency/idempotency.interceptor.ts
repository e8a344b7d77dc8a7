import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Response } from 'express';
import { catchError, concatMap, from, Observable } from 'rxjs';
import { invalid } from '../../domain/kernel/errors.js';
import { underClaim } from '../../store/present-claim.js';
import { EnvelopeInterceptor } from '../answer/envelope.interceptor.js';
import { domainErrorOf, problemOf } from '../errors/problem-of.js';
import type { HttpRequest } from '../http-request.js';
import { AnswerStore } from './answer-store.js';
import { type Claim, IdempotencyKeys } from './idempotency-keys.js';
import { HOLDS_SECRET, WRITES_NOTHING } from './read-again.decorator.js';
import { ResourceReader } from './resource-reader.js';

/** Gives the first answer again to a POST that is repeated with its `Idempotency-Key`. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly answers: AnswerStore,
    private readonly resources: ResourceReader,
    private readonly reflector: Reflector,
    private readonly envelope: EnvelopeInterceptor,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const key = request.headers['idempotency-key'];
    if (request.method !== 'POST' || key === undefined || request.caller === undefined) return next.handle();
    const claim = await this.keys.claim({
      caller: request.caller.name,
      path: request.originalUrl,
      key: checked(key),
      body: request.body as unknown,
    });
    return this.run(context, claim, next).pipe(
      catchError((error: unknown) => from(this.failed(context, claim, error))),
      concatMap((answer) => from(this.kept(context, claim, answer))),
    );
  }

  /** What an earlier run did that died is read; all else is done. Its transactions are bound to the claim. */
  private run(context: ExecutionContext, claim: Claim, next: CallHandler): Observable<unknown> {
    const { effect, present } = claim;
    if (this.resources.isDone(context, effect))
      return this.envelope.intercept(context, { handle: () => from(this.resources.read(context, effect)) });
    return new Observable((observer) => underClaim(present, () => next.handle().subscribe(observer)));
  }

  /** An answer that cannot be kept is not lost: what was done is bound to the claim, and can be read again. */
  private async kept(context: ExecutionContext, claim: Claim, body: unknown): Promise<unknown> {
    const http = context.switchToHttp();
    const { statusCode: status } = http.getResponse<Response>();
    const secret = this.says(HOLDS_SECRET, context);
    const keep = this.answers.canKeep({ secret, status })
      ? this.keys.keep(claim, { status, body, secret })
      : this.keys.release(claim);
    await keep.catch((err: unknown) =>
      http.getRequest<HttpRequest>().log.warn({ err }, 'the answer to an Idempotency-Key was not kept'),
    );
    return body;
  }

  /** A refusal is an answer too. What may pass is not kept, nor what only looked: that is looked at again. */
  private async failed(context: ExecutionContext, claim: Claim, error: unknown): Promise<never> {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    const problem = problemOf(domainErrorOf(error), request);
    const { status } = problem;
    const isKept = status < 500 && !this.says(WRITES_NOTHING, context);
    const end = isKept ? this.keys.keep(claim, { status, body: problem, secret: false }) : this.keys.release(claim);
    await end.catch((err: unknown) => request.log.warn({ err }, 'a claim was left behind'));
    throw error;
  }

  private says(what: string, context: ExecutionContext): boolean {
    return (
      this.reflector.getAllAndOverride<boolean | undefined>(what, [context.getHandler(), context.getClass()]) === true
    );
  }
}

/** Printable, and as long as a UUID or a digest needs: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header. */
function checked(key: string | string[]): string {
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalid('Idempotency-Key', 'should be 1 to 255 printable characters without spaces.');
}

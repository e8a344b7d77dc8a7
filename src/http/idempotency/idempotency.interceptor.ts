import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { catchError, concatMap, from, type Observable } from 'rxjs';
import { invalid } from '../../domain/kernel/errors.js';
import { domainErrorOf, problemOf } from '../errors/problem-of.js';
import type { HttpRequest } from '../http-request.js';
import { type Claim, IdempotencyKeys } from './idempotency-keys.js';

/** Gives the first answer again to a POST that is repeated with its `Idempotency-Key`. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(private readonly keys: IdempotencyKeys) {}

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
    const response = context.switchToHttp().getResponse<Response>();
    return next.handle().pipe(
      concatMap((answer) => from(this.kept(claim, response.statusCode, answer))),
      catchError((error: unknown) => from(this.failed(claim, error, request))),
    );
  }

  private async kept(claim: Claim, status: number, answer: unknown): Promise<unknown> {
    await this.keys.keep(claim, status, answer);
    return answer;
  }

  /** A refusal is an answer too; what may pass by itself is not kept. */
  private async failed(claim: Claim, error: unknown, request: HttpRequest): Promise<never> {
    const problem = problemOf(domainErrorOf(error), request);
    if (problem.status < 500) await this.keys.keep(claim, problem.status, problem);
    else await this.keys.release(claim).catch((err: unknown) => request.log.warn({ err }, 'a claim was left behind'));
    throw error;
  }
}

/** Printable, and as long as a UUID or a digest needs: https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header. */
function checked(key: string | string[]): string {
  if (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw invalid('Idempotency-Key', 'should be 1 to 255 printable characters without spaces.');
}

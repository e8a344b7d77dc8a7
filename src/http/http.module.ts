import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { AnswerHold } from './answer/answer-hold.js';
import { EnvelopeInterceptor } from './answer/envelope.interceptor.js';
import { SignedInGuard } from './auth/signed-in.guard.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { InputPipe } from './input/input.pipe.js';

/** What is the same for every route. Idempotency stands outside the envelope, so that it keeps what goes out. */
@Global()
@Module({
  providers: [
    AnswerHold,
    IdempotencyKeys,
    { provide: APP_GUARD, useClass: SignedInGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_PIPE, useClass: InputPipe },
  ],
  exports: [AnswerHold],
})
export class HttpModule {}

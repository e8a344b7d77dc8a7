import type { Server } from 'node:http';
import { type BeforeApplicationShutdown, Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost } from '@nestjs/core';
import { AuditInterceptor } from './audit/audit.interceptor.js';
import { AuditTrail } from './audit/audit-trail.js';
import { AnswerHold } from './answer/answer-hold.js';
import { RequestTimes } from './answer/request-times.js';
import { EnvelopeInterceptor } from './answer/envelope.interceptor.js';
import { Environment } from '../config/environment.js';
import { parseCiRules } from '../domain/access/parse-ci-rules.js';
import { AppsOfRepo } from '../store/repositories/apps-of-repo.js';
import { ApiTokenReader } from './auth/api-tokens.js';
import { BootstrapToken } from './auth/bootstrap-token.js';
import { CiTokens } from './auth/ci-tokens.js';
import { BrowserCookies } from './auth/browser-cookies.js';
import { BrowserSessions } from './auth/browser-sessions.js';
import { CallerFinder, TOKEN_READERS, type TokenReader } from './auth/caller-finder.js';
import { GITHUB_ACCESS } from './auth/github-access.js';
import { GithubDevice } from './auth/github-device.js';
import { GithubOauth } from './auth/github-oauth.js';
import { GithubTokens } from './auth/github-tokens.js';
import { LoginCallers } from './auth/login-callers.js';
import { OneTimeTokens } from './auth/one-time-tokens.js';
import { RequestTarget } from './auth/request-target.js';
import { RightsGuard } from './auth/rights.guard.js';
import { SignInSetUp } from './auth/sign-in-set-up.js';
import { ProblemFilter } from './errors/problem.filter.js';
import { AnswerStore } from './idempotency/answer-store.js';
import { IdempotencyInterceptor } from './idempotency/idempotency.interceptor.js';
import { IdempotencyKeys } from './idempotency/idempotency-keys.js';
import { ResourceReader } from './idempotency/resource-reader.js';
import { RequestTraces } from './logging/request-traces.js';
import { LiveSockets } from './sockets/live-sockets.js';
import { keepNothingAlive } from './stop-gracefully.js';
import { InputPipe } from './input/input.pipe.js';

/** What is the same for every route. The audit stands outside of all, and idempotency outside the envelope, to keep what goes out. */
@Global()
@Module({
  providers: [
    ...GITHUB_ACCESS,
    AnswerHold,
    ApiTokenReader,
    { provide: CiTokens, inject: [Environment, AppsOfRepo], useFactory: ciTokens },
    AnswerStore,
    AuditTrail,
    EnvelopeInterceptor,
    LiveSockets,
    IdempotencyKeys,
    OneTimeTokens,
    RequestTarget,
    RequestTimes,
    RequestTraces,
    ResourceReader,
    {
      provide: TOKEN_READERS,
      inject: [Environment, OneTimeTokens, ApiTokenReader, CiTokens, GithubTokens],
      useFactory: tokenReaders,
    },
    {
      provide: CallerFinder,
      inject: [TOKEN_READERS, BrowserSessions],
      useFactory: (all: readonly TokenReader[], sessions: BrowserSessions) => new CallerFinder(all, sessions),
    },
    { provide: APP_GUARD, useClass: RightsGuard },
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
    { provide: APP_INTERCEPTOR, useClass: IdempotencyInterceptor },
    { provide: APP_INTERCEPTOR, useClass: EnvelopeInterceptor },
    { provide: APP_PIPE, useClass: InputPipe },
  ],
  exports: [
    AnswerHold,
    BrowserCookies,
    BrowserSessions,
    CallerFinder,
    GithubDevice,
    GithubOauth,
    LiveSockets,
    LoginCallers,
    OneTimeTokens,
    RequestTimes,
    SignInSetUp,
  ],
})
export class HttpModule implements BeforeApplicationShutdown {
  constructor(private readonly adapter: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.adapter.httpAdapter?.getHttpServer() as Server | undefined;
    if (server !== undefined) keepNothingAlive(server);
  }
}

/** In the order in which they are tried. */
function tokenReaders(environment: Environment, ...own: TokenReader[]): readonly TokenReader[] {
  return [new BootstrapToken(environment.JOCKEY_BOOTSTRAP_TOKEN), ...own];
}

function ciTokens(
  { CI_ISSUER: issuer, CI_AUDIENCE: audience, CI_RULES: rules }: Environment,
  apps: AppsOfRepo,
): CiTokens {
  const parsed = rules === undefined ? [] : parseCiRules(rules).rules;
  return new CiTokens({ issuer, audience: audience ?? null, rules: parsed }, apps);
}

import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Logger } from 'pino';
import { Environment } from '../config/environment.js';
import { wordsOf } from '../config/limit-settings.js';
import { RequestTimes } from './answer/request-times.js';
import { CallerFinder } from './auth/caller-finder.js';
import { findCaller, takeTokenAway } from './auth/token.middleware.js';
import { readBody } from './input/body-parser.js';
import { crossOrigin } from './limits/cross-origin.js';
import { FailedSignIns } from './limits/failed-sign-ins.js';
import { limitRates } from './limits/rate-limits.js';
import { responseHeaders } from './limits/response-headers.js';
import { limitServer } from './limits/server-limits.js';
import { requestLog } from './logging/request-log.js';
import { RequestTraces } from './logging/request-traces.js';
import { mountDocs } from './openapi/openapi.js';
import { takeUpgrades } from './sockets/upgrades.js';
import { knowConnections } from './stop-gracefully.js';
import { sayVersion } from './version.js';

/** What the HTTP side needs to know. */
export interface HttpOptions {
  readonly logger: Logger;
}

/** Nest's own body parser stays off: bodies are read here, after it is known who sends them. */
export const NEST_OPTIONS = { bodyParser: false, abortOnError: false } as const;

/** Everything before the routes, in order. The entry point and the tests call it, then `app.listen`. */
export function configureHttp(app: NestExpressApplication, options: HttpOptions): void {
  const settings = app.get(Environment);
  const failedSignIns = new FailedSignIns(settings.SIGN_IN_FAILURES_PER_MINUTE);
  limitServer(app.getHttpServer());
  knowConnections(app.getHttpServer());
  takeUpgrades(app.getHttpServer());
  trustProxies(app, settings.TRUST_PROXY);
  app.disable('x-powered-by');
  app.use(sayVersion());
  app.use(takeTokenAway());
  app.use(app.get(RequestTimes).watch());
  app.use(requestLog(options.logger));
  app.use(app.get(RequestTraces).watch());
  app.use(responseHeaders(settings.JOCKEY_URL));
  allowOrigins(app, wordsOf(settings.CORS_ORIGINS));
  app.use(failedSignIns.guard());
  app.use(findCaller(app.get(CallerFinder)));
  app.use(failedSignIns.remember(), ...limitRates(settings.RATE_LIMIT_PER_MINUTE));
  app.use(...readBody());
  mountDocs(app);
}

/** Whose word on the caller's address is believed; Express knows a number as hops. */
function trustProxies(app: NestExpressApplication, proxies: string): void {
  app.set('trust proxy', /^[0-9]$/.test(proxies) ? Number(proxies) : wordsOf(proxies));
}

function allowOrigins(app: NestExpressApplication, origins: readonly string[]): void {
  if (origins.length > 0) app.enableCors(crossOrigin(origins));
}

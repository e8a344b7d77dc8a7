import type { NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { CallerFinder } from './auth/caller-finder.js';
import { findCaller, takeTokenAway } from './auth/token.middleware.js';
import { readBody } from './input/body-parser.js';
import { requestLog } from './logging/request-log.js';
import { mountDocs } from './openapi/openapi.js';

/** What the HTTP side needs to know. */
export interface HttpOptions {
  readonly logger: Logger;
}

/** Nest's own body parser stays off: bodies are read here, after it is known who sends them. */
export const NEST_OPTIONS = { bodyParser: false, abortOnError: false } as const;

/** Everything before the routes, in order. The entry point and the tests call it, then `app.listen`. */
export function configureHttp(app: NestExpressApplication, options: HttpOptions): void {
  app.disable('x-powered-by');
  app.use(takeTokenAway());
  app.use(requestLog(options.logger));
  app.use(findCaller(app.get(CallerFinder)));
  app.use(helmet({ contentSecurityPolicy: { directives: CONTENT } }));
  app.use(...readBody());
  mountDocs(app);
}

/** Only the page at /docs loads anything, all of it from here; no upgrade to HTTPS, which a small install does not have. */
const CONTENT = {
  'script-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'upgrade-insecure-requests': null,
};

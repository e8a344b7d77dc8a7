import type { Request } from 'express';
import type { Logger } from 'pino';
import type { Caller } from './auth/caller.js';

/** A request on its way through `src/http`. */
export interface HttpRequest extends Request {
  /** Who asks; undefined until a token proved it. */
  caller?: Caller;
  /** `X-Request-Id`, the caller's own or a new one. */
  id: string;
  /** Writes lines that carry the request id. */
  log: Logger;
}

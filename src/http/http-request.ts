import type { Request } from 'express';
import type { Logger } from 'pino';
import type { Caller } from '../domain/access/caller.js';
import type { DomainError } from '../domain/kernel/errors.js';

/** A request on its way through `src/http`. */
export interface HttpRequest extends Request {
  /** What the caller sent to prove who it is; taken out of the URL. */
  token?: string;
  /** Who asks; undefined until a token proved it. */
  caller?: Caller | undefined;
  /** Why it could not be known who asks. */
  callerFault?: DomainError;
  /** The bytes of a body that is signed; `body` is empty then. */
  rawBody?: Buffer;
  /** `X-Request-Id`, the caller's own or a new one. */
  id: string;
  /** Writes lines that carry the request id. */
  log: Logger;
}

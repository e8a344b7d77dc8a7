import type { Request } from 'express';
import type { Logger } from 'pino';
import type { Caller } from '../domain/access/caller.js';
import type { Place } from '../domain/access/grant.js';
import type { DomainError } from '../domain/kernel/errors.js';

/** A request on its way through `src/http`. */
export interface HttpRequest extends Request {
  /** What the caller sent to prove who it is; taken out of the URL. */
  token?: string;
  /** Who asks; undefined until a token proved it. */
  caller?: Caller | undefined;
  /** Where it would do something, as far as its caller may see. */
  place?: Place;
  /**
   * Of a public write: says who sent it, once that is proven, before anything is done. It becomes the caller, and the
   * audit begins with it.
   */
  provenAs?: (caller: Caller) => Promise<void>;
  /** Why it could not be known who asks. */
  callerFault?: DomainError;
  /** The bytes of a body that is signed; `body` is empty then. */
  rawBody?: Buffer;
  /** `X-Request-Id`, the caller's own or a new one. */
  id: string;
  /** Writes lines that carry the request id. */
  log: Logger;
}

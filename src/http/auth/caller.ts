import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { HttpRequest } from '../http-request.js';

/** Who sent a request. */
export interface Caller {
  /** Stable name of the caller, for logs and for keeping idempotency keys apart. Never a secret. */
  readonly name: string;
}

/** The caller that holds the bootstrap token. */
export const BOOTSTRAP_CALLER: Caller = { name: 'bootstrap' };

/** Hands the caller to a handler; only for handlers that are not public. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const caller = context.switchToHttp().getRequest<HttpRequest>().caller;
  if (caller === undefined) throw new Error('a public handler asked for its caller');
  return caller;
});

import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import type { TokenReader } from './caller-finder.js';

const PREFIX = 'once_';

/** How long one is good for, in milliseconds: it is used at once, by this process itself. */
const GOOD_FOR = 10_000;

/**
 * Tokens with which this process asks its own API on behalf of a caller whom it knows already, so that a command can do
 * nothing that the API would not let that caller do. Each is good for one request, and never leaves the process.
 */
@Injectable()
export class OneTimeTokens implements TokenReader {
  private readonly given = new Map<string, { readonly caller: Caller; readonly until: number }>();

  /** A token for the next request of a caller. */
  tokenFor(caller: Caller): string {
    for (const [token, { until }] of this.given) if (until < Date.now()) this.given.delete(token);
    const token = PREFIX + randomBytes(32).toString('base64url');
    this.given.set(token, { caller, until: Date.now() + GOOD_FOR });
    return token;
  }

  reads(token: string): boolean {
    return token.startsWith(PREFIX);
  }

  callerOf(token: string): Promise<Caller | null> {
    const found = this.given.get(token);
    this.given.delete(token);
    return Promise.resolve(found === undefined || found.until < Date.now() ? null : found.caller);
  }
}

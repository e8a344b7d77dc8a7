import { Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import type { HttpRequest } from '../http-request.js';

/** One way to find out who sends a token. */
export interface TokenReader {
  /** Whether a token looks like one of its kind; the first reader that says so is the only one that is asked. */
  reads(token: string): boolean;
  /** Null for a token that is not valid. Throws `unavailable` where it cannot be known now: that opens no door. */
  callerOf(token: string): Promise<Caller | null>;
}

/** A way to find out who sends a request that has no token. */
export interface RequestReader {
  /** Null where the request says nothing of it. Throws for what it says wrongly. */
  callerOf(request: HttpRequest): Promise<Caller | null>;
}

/** Injection token of the readers, in the order in which they are tried. */
export const TOKEN_READERS = Symbol('TOKEN_READERS');

/** Finds who sends a token. */
@Injectable()
export class CallerFinder {
  constructor(
    private readonly readers: readonly TokenReader[],
    private readonly sessions: RequestReader,
  ) {}

  /** Who sends a request: by its token, and only where it has none, by the session of a browser. Null for nobody. */
  async of(request: HttpRequest): Promise<Caller | null> {
    return request.token === undefined ? this.sessions.callerOf(request) : this.find(request.token);
  }

  /** Null for nobody. */
  async find(token: string): Promise<Caller | null> {
    const reader = this.readers.find((each) => each.reads(token));
    return reader === undefined ? null : reader.callerOf(token);
  }
}

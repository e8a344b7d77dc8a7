import { createHash } from 'node:crypto';
import type { NextFunction, RequestHandler, Response } from 'express';
import { MemoryStore, type Options } from 'express-rate-limit';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';
import { addressOf, WINDOW } from './rate-limits.js';

/** How many tokens are remembered as good; the oldest are forgotten first. */
const REMEMBERED = 10_000;

/** Where strangers prove themselves by a signature: one address speaks for many there. */
const SIGNED_PATHS = /^\/(github_webhooks|chat)\//;

/**
 * Refuses tokens from an address that sent too many bad ones within a minute, before anybody, GitHub above all, is
 * asked about them. A token that has proven good is asked about all the same, so that nobody is locked out by a
 * neighbour, or by whoever else comes through the same proxy.
 */
export class FailedSignIns {
  private readonly failures = new MemoryStore();
  private readonly good = new Set<string>();

  constructor(private readonly perMinute: number) {
    this.failures.init({ windowMs: WINDOW } as Options);
  }

  /** Stands before the caller is looked for. */
  guard(): RequestHandler {
    return (request, response, next) => {
      if (this.perMinute === 0 || SIGNED_PATHS.test(request.path)) return next();
      void this.check(request as HttpRequest, response).then(() => next(), next);
    };
  }

  /** Stands behind it. */
  remember(): RequestHandler {
    return (request: unknown, _response: Response, next: NextFunction) => {
      const { token, caller } = request as HttpRequest;
      if (this.perMinute > 0 && token !== undefined && caller !== undefined) this.keep(digest(token));
      next();
    };
  }

  private async check(request: HttpRequest, response: Response): Promise<void> {
    const key = addressOf(request);
    const failed = await this.failures.get(key);
    const isKnown = request.token !== undefined && this.good.has(digest(request.token));
    if (triesToSignIn(request) && !isKnown && (failed?.totalHits ?? 0) >= this.perMinute)
      throw this.refusal(failed?.resetTime, response);
    response.once('finish', () => {
      if (response.statusCode === 401 && triesToSignIn(request)) void this.failures.increment(key);
    });
  }

  private refusal(resetTime: Date | undefined, response: Response): DomainError {
    const rest = Math.max(1, Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000));
    response.setHeader('Retry-After', String(rest));
    return new DomainError(
      'rate_limited',
      `More than ${this.perMinute} sign-ins failed from this address within a minute; try again in ${rest} s, with a valid token.`,
    );
  }

  private keep(token: string): void {
    this.good.delete(token);
    this.good.add(token);
    const [oldest] = this.good;
    if (this.good.size > REMEMBERED && oldest !== undefined) this.good.delete(oldest);
  }
}

/** Who shows nothing tries nothing: that is a stranger, and counted as one. */
const triesToSignIn = ({ token, path }: HttpRequest): boolean => token !== undefined || path.startsWith('/auth/');

const digest = (token: string): string => createHash('sha256').update(token).digest('base64');

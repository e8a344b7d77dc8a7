import type { RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../http-request.js';

/** What a limit counts within, in milliseconds. */
export const WINDOW = 60_000;

/** Asked every few seconds by what watches Jockey, which must not be told that it is gone. */
export const UNLIMITED = new Set(['/healthz', '/readyz']);

/**
 * Refuses more than so many requests a minute: of a known caller by name, wherever it asks from, and of strangers by
 * address. What is left stands in the headers `RateLimit` and `RateLimit-Policy` of every answer
 * (draft-ietf-httpapi-ratelimit-headers-08), and in `Retry-After` of a refusal. 0 is no limit. Each process counts for
 * itself, in memory.
 */
export function limitRates(perMinute: number): RequestHandler[] {
  if (perMinute === 0) return [];
  return [
    rateLimit({
      windowMs: WINDOW,
      limit: perMinute,
      standardHeaders: 'draft-8',
      legacyHeaders: false,
      identifier: 'requests',
      skip: ({ path }) => UNLIMITED.has(path),
      keyGenerator: (request) => keyOf(request as HttpRequest),
      handler: (_request, _response, next) =>
        next(
          new DomainError(
            'rate_limited',
            `More than ${perMinute} requests in a minute; the header Retry-After says in how many seconds to go on.`,
          ),
        ),
    }),
  ];
}

/** An address, a network of /56 for IPv6, of which one subscriber has all. */
export function addressOf({ ip }: { readonly ip?: string | undefined }): string {
  return ipKeyGenerator(ip ?? '');
}

/** A name and an address never look alike: each has its own beginning. */
const keyOf = (request: HttpRequest): string =>
  request.caller === undefined ? `address ${addressOf(request)}` : `caller ${request.caller.name}`;

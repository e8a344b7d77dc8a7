import type { CorsOptions } from '@nestjs/common/interfaces/external/cors-options.interface.js';

/** What a page may read beside the body. */
const READABLE = [
  'ETag',
  'Link',
  'Location',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
  'Idempotency-Replayed',
  'Jockey-Version',
];

/**
 * Lets pages of these origins ask from a browser, with a token, never with cookies. To any other origin, and to all
 * where none is given, the API answers as if there were no such thing as CORS.
 */
export function crossOrigin(origins: readonly string[]): CorsOptions {
  return {
    origin: (origin: string | undefined, decide: (error: Error | null, allow: boolean) => void) =>
      decide(null, origin !== undefined && origins.includes(origin)),
    credentials: false,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'X-Request-Id'],
    exposedHeaders: READABLE,
    maxAge: 600,
  };
}

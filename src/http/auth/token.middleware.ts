import { createHash, timingSafeEqual } from 'node:crypto';
import type { NextFunction, RequestHandler, Response } from 'express';
import type { HttpRequest } from '../http-request.js';
import { BOOTSTRAP_CALLER } from './caller.js';

/** The query parameter by which the original's clients send their token. */
export const TOKEN_PARAMETER = 'github_access_token';

/**
 * Finds out who asks. The token leaves the URL here, before anything can log it, echo it in a Link header or take it
 * for a filter. It refuses nobody: that is the guard's part, which knows what is public.
 */
export function findCaller(bootstrapToken: string): RequestHandler {
  const expected = digest(bootstrapToken);
  return (request, _response: Response, next: NextFunction) => {
    const { url, token } = takeToken(request.originalUrl);
    request.originalUrl = url;
    request.url = takeToken(request.url).url;
    const given = bearer(request.headers.authorization) ?? token;
    if (given !== null && timingSafeEqual(digest(given), expected)) (request as HttpRequest).caller = BOOTSTRAP_CALLER;
    next();
  };
}

/** A URL without its token, and the token. */
export function takeToken(url: string): { url: string; token: string | null } {
  const mark = url.indexOf('?');
  if (mark < 0) return { url, token: null };
  const kept: string[] = [];
  let token: string | null = null;
  for (const pair of url.slice(mark + 1).split('&')) {
    const [name, value] = [...new URLSearchParams(pair)][0] ?? ['', ''];
    if (!name.startsWith(TOKEN_PARAMETER)) kept.push(pair);
    else if (name === TOKEN_PARAMETER) token ??= value;
  }
  const query = kept.join('&');
  return { url: url.slice(0, mark) + (query === '' ? '' : `?${query}`), token };
}

/** Digests have one length, so that the comparison takes the same time for every guess. */
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const bearer = (header: string | undefined): string | null => /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;

import type { NextFunction, RequestHandler, Response } from 'express';
import { domainErrorOf } from '../errors/problem-of.js';
import type { HttpRequest } from '../http-request.js';
import { onBehalfOf } from '../../store/present-caller.js';
import type { CallerFinder } from './caller-finder.js';

/** The query parameter by which the original's clients send their token. */
export const TOKEN_PARAMETER = 'github_access_token';

/** Takes the token out of the URL, before anything can log it, echo it in a Link header or take it for a filter. */
export function takeTokenAway(): RequestHandler {
  return (request, _response: Response, next: NextFunction) => {
    const { url, token } = takeToken(request.originalUrl);
    request.originalUrl = url;
    request.url = takeToken(request.url).url;
    const given = bearer(request.headers.authorization) ?? token;
    if (given !== null) (request as HttpRequest).token = given;
    next();
  };
}

/**
 * Finds out who asks, and runs what follows on their behalf. It refuses nobody: that is the guard's part, which knows
 * what is public.
 */
export function findCaller(callers: CallerFinder): RequestHandler {
  return (request, _response: Response, next: NextFunction) => {
    void identify(request as HttpRequest, callers).then(() => {
      const { caller } = request as HttpRequest;
      if (caller === undefined) next();
      else onBehalfOf(caller, next);
    });
  };
}

/** What stands in the way of knowing is kept: a page that is public needs no caller. */
async function identify(request: HttpRequest, callers: CallerFinder): Promise<void> {
  try {
    request.caller = (await callers.of(request)) ?? undefined;
  } catch (error) {
    request.callerFault = domainErrorOf(error);
  }
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

const bearer = (header: string | undefined): string | null => /^Bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null;

import type { HttpRequest } from '../http-request.js';

/** Methods that change nothing: RFC 9110, section 9.2.1. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a request changes something, by its method. */
export const isWrite = ({ method }: Pick<HttpRequest, 'method'>): boolean => !SAFE.has(method);

/**
 * Whether a browser says that one of our own pages sends this. Browsers of today send `Sec-Fetch-Site` with all, older
 * ones `Origin` with what writes, and no page can forge either. Where neither is sent, it is not known, so it is no.
 */
export function isFromOwnPage(request: HttpRequest, url: string | undefined): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  return url === undefined ? new URL(origin).host === request.headers.host : new URL(url).origin === origin;
}

/** Whether a browser says that a page of somebody else made it ask; what a person typed or chose is none. */
export function isFromElsewhere({ headers }: HttpRequest): boolean {
  const site = headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}

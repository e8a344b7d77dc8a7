import type { RequestHandler } from 'express';
import helmet, { type HelmetOptions } from 'helmet';

/** Only the page at /docs loads anything, all of it from here; no upgrade to HTTPS, which a small install does not have. */
const PAGE = { 'img-src': ["'self'", 'data:'], 'upgrade-insecure-requests': null };

/** An answer of the API is no page: a browser that shows one may load nothing for it, and frame it nowhere. */
const NO_PAGE = {
  'default-src': ["'none'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
};

/**
 * Headers by which browsers keep themselves safe. `url` is where Jockey is reached by: only where that is https may
 * they be told to come by HTTPS alone.
 */
export function responseHeaders(url: string | undefined): RequestHandler {
  const shared: HelmetOptions = { strictTransportSecurity: url?.startsWith('https:') === true };
  const ofPages = helmet({ ...shared, contentSecurityPolicy: { directives: PAGE } });
  const ofAnswers = helmet({ ...shared, contentSecurityPolicy: { useDefaults: false, directives: NO_PAGE } });
  return (request, response, next) =>
    /^\/docs(\/|$)/.test(request.path) ? ofPages(request, response, next) : ofAnswers(request, response, next);
}

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
 * The pages of the status load our own style and script, ask our own API, and send their forms to nobody else; nothing is
 * written into them that a browser could take for a style or a script.
 */
const STATUS_PAGE = {
  ...NO_PAGE,
  'style-src': ["'self'"],
  'script-src': ["'self'"],
  'img-src': ["'self'"],
  'connect-src': ["'self'"],
  'form-action': ["'self'"],
};

/** Where those pages are, and where their forms are sent, which may answer with one. */
const STATUS_PATHS = /^\/(status(\/|$)|auth\/token$)/;

/**
 * Headers by which browsers keep themselves safe. `url` is where Jockey is reached by: only where that is https may
 * they be told to come by HTTPS alone.
 */
export function responseHeaders(url: string | undefined): RequestHandler {
  const shared: HelmetOptions = { strictTransportSecurity: url?.startsWith('https:') === true };
  const ofPages = helmet({ ...shared, contentSecurityPolicy: { directives: PAGE } });
  const ofAnswers = helmet({ ...shared, contentSecurityPolicy: { useDefaults: false, directives: NO_PAGE } });
  const ofStatus = helmet({ ...shared, contentSecurityPolicy: { useDefaults: false, directives: STATUS_PAGE } });
  return (request, response, next) => {
    if (/^\/docs(\/|$)/.test(request.path)) return ofPages(request, response, next);
    return STATUS_PATHS.test(request.path) ? ofStatus(request, response, next) : ofAnswers(request, response, next);
  };
}

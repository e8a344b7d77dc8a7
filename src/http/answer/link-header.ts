import type { Page } from '../../store/page.js';
import type { HttpRequest } from '../http-request.js';

/** Longest address that is repeated: up to four of them have to fit into what clients take for headers, often 16 KB. */
const LONGEST = 2000;

/**
 * The `Link` header of a page: RFC 8288. Filters stay, the token is not in the URL any more. Null for an address that
 * is too long to be said four times; the body says the same.
 */
export function linkHeader(request: Pick<HttpRequest, 'originalUrl'>, page: Page<unknown>): string | null {
  if (request.originalUrl.length > LONGEST) return null;
  const targets: [string, number][] = [['first', 1]];
  if (page.page > 1) targets.push(['prev', Math.min(page.page - 1, page.totalPages)]);
  if (page.page < page.totalPages) targets.push(['next', page.page + 1]);
  targets.push(['last', page.totalPages]);
  return targets
    .map(([rel, number]) => `<${address(request.originalUrl, number, page.perPage)}>; rel="${rel}"`)
    .join(', ');
}

/** Relative to the API's root, so that it is right behind any proxy. */
function address(url: string, page: number, perPage: number): string {
  const [path, query] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('page', String(page));
  parameters.set('per_page', String(perPage));
  return `${path}?${parameters.toString()}`;
}

import { posix } from 'node:path';
import { allTokens } from './markdown.js';
import type { Page } from './pages.js';

/** A link of a page to something of this project. */
export interface Link {
  /** As the page has it: `../access.md#roles`. */
  readonly written: string;
  /** What it leads to, below the project's root; the page itself for `#roles`. */
  readonly path: string;
  /** The heading within that page; empty for its top. */
  readonly anchor: string;
}

/** `https:`, `mailto:` and what else is not of this project. */
const ELSEWHERE = /^[a-z][a-z0-9+.-]*:|^\/\//i;

/** The links and pictures of a page that lead to something of this project. */
export function linksOf({ path, text }: Page): readonly Link[] {
  return allTokens(text)
    .flatMap((token) => token.attrGet('href') ?? token.attrGet('src') ?? [])
    .filter((written) => !ELSEWHERE.test(written))
    .map((written) => ({ written, ...targetOf(path, written) }));
}

function targetOf(page: string, written: string): Pick<Link, 'path' | 'anchor'> {
  const [file = '', anchor = ''] = decodeURI(written).split('#');
  return { path: file === '' ? page : posix.join(posix.dirname(page), file), anchor };
}

/** The addresses of the headings of a page. */
export function anchorsOf({ text }: Page): readonly string[] {
  return allTokens(text)
    .filter(({ type }) => type === 'heading_open')
    .flatMap((token) => token.attrGet('id') ?? []);
}

import { posix } from 'node:path';
import type { Token } from 'markdown-it';
import { linksOf } from '../pages/links.js';
import { allTokens, markdown } from '../pages/markdown.js';
import type { Page } from '../pages/pages.js';
import { type Section, pageHtml } from './page-html.js';

/** The documentation as files of a web site that needs no server behind it. */
export interface Site {
  /** The pages as HTML, by their path within the site. */
  readonly html: ReadonlyMap<string, string>;
  /** Files of the project that pages lead to or show, by their path within both. */
  readonly files: readonly string[];
}

/** The page whose sections and links are the navigation. */
const INDEX = 'docs/README.md';

/** Makes the site; README.md becomes its `index.html`. Pages that nothing leads to have no place in the navigation. */
export function buildSite(pages: readonly Page[]): Site {
  const paths = new Set(pages.map(({ path }) => path));
  const sections = sectionsOf(pages.find(({ path }) => path === INDEX)?.text ?? '');
  return {
    html: new Map(pages.map((page) => [addressOf(page.path), renderPage(page, { paths, sections })])),
    files: [...new Set(pages.flatMap((page) => linksOf(page).map(({ path }) => path)))].filter(
      (path) => !paths.has(path),
    ),
  };
}

/** Where a page of the project is in the site. */
export function addressOf(path: string): string {
  return path === 'README.md' ? 'index.html' : path.replace(/README\.md$/, 'index.html').replace(/\.md$/, '.html');
}

interface Surroundings {
  readonly paths: ReadonlySet<string>;
  readonly sections: readonly Section[];
}

function renderPage({ path, text }: Page, { paths, sections }: Surroundings): string {
  const reader = markdown();
  const tokens = reader.parse(text, {});
  for (const token of tokens.flatMap((each) => each.children ?? [])) leadToHtml(token, path, paths);
  const content = reader.renderer.render(tokens, reader.options, {}).replace(/<!--[^]*?-->\s*/g, '');
  return pageHtml({ title: titleOf(text), address: addressOf(path), sections, content });
}

/** A link to a page becomes one to its HTML; others lead to the same file as on GitHub, which the site holds too. */
function leadToHtml(token: Token, page: string, paths: ReadonlySet<string>): void {
  const written = token.attrGet('href');
  if (token.type !== 'link_open' || written === null) return;
  const [file = '', anchor] = written.split('#');
  const target = posix.join(posix.dirname(page), file);
  if (file === '' || !paths.has(target)) return;
  const address = posix.relative(posix.dirname(addressOf(page)), addressOf(target));
  token.attrSet('href', anchor === undefined ? address : `${address}#${anchor}`);
}

function titleOf(text: string): string {
  return /^# (?<title>.+)$/m.exec(text)?.groups?.['title'] ?? 'Jockey';
}

/** Each heading of the second rank with the links to pages below it. */
function sectionsOf(index: string): readonly Section[] {
  const sections: { title: string; links: { address: string; title: string }[] }[] = [];
  const tokens = allTokens(index);
  let heading = false;
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') heading = token.tag === 'h2';
    if (heading && token.type === 'inline') sections.push({ title: token.content, links: [] });
    if (token.type === 'heading_close') heading = false;
    if (token.type === 'link_open') sections.at(-1)?.links.push(...navigationLink(tokens.slice(at, at + 2)));
  }
  return sections;
}

function navigationLink([open, words]: readonly Token[]): { address: string; title: string }[] {
  const [file = ''] = (open?.attrGet('href') ?? '').split('#');
  if (!file.endsWith('.md')) return [];
  return [{ address: addressOf(posix.join(posix.dirname(INDEX), file)), title: words?.content ?? file }];
}

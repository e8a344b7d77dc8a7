import { posix } from 'node:path';

/** A part of the navigation: a heading, and pages by their address within the site. */
export interface Section {
  readonly title: string;
  readonly links: readonly { readonly address: string; readonly title: string }[];
}

/** What a page of the site is made of. */
export interface PageParts {
  readonly title: string;
  /** Its own place within the site. */
  readonly address: string;
  readonly sections: readonly Section[];
  /** Rendered, and so trusted. */
  readonly content: string;
}

/** Nothing but the site's own style and pictures is loaded, and no script runs. */
const POLICY = "default-src 'none'; style-src 'self'; img-src 'self'";

/** One page of the site, whole. The navigation stands beside the text, and below it on narrow screens. */
export function pageHtml({ title, address, sections, content }: PageParts): string {
  const to = (target: string): string => posix.relative(posix.dirname(address), target);
  const mark = (target: string): string => (target === address ? ' aria-current="page"' : '');
  const links = sections.map((section) => sectionHtml(section, to, mark)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)} · Jockey</title>
<link rel="stylesheet" href="${to('site.css')}">
</head>
<body>
<a class="skip" href="#content">To the text</a>
<header><a href="${to('index.html')}">Jockey</a> <a href="${to('docs/index.html')}">All pages</a></header>
<main id="content">
${content}</main>
<nav aria-label="Pages">
${links}
</nav>
</body>
</html>
`;
}

type ByAddress = (address: string) => string;

function sectionHtml({ title, links }: Section, to: ByAddress, mark: ByAddress): string {
  const items = links.map(
    (link) => `<li><a href="${to(link.address)}"${mark(link.address)}>${escapeHtml(link.title)}</a></li>`,
  );
  return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

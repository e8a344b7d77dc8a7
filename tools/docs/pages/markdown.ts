import MarkdownIt, { type Token } from 'markdown-it';
import anchor from 'markdown-it-anchor';

/** Reads and renders Markdown as GitHub does: tables, HTML, and headings with the addresses that GitHub gives them. */
export function markdown(): MarkdownIt {
  return new MarkdownIt({ html: true }).use(anchor, { slugify, tabIndex: false, uniqueSlugStartIndex: 1 });
}

/** The address of a heading within its page. */
export function slugify(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}

/** The tokens of a page with those within its lines, in the order of the text. */
export function allTokens(text: string): readonly Token[] {
  return markdown()
    .parse(text, {})
    .flatMap((token) => [token, ...(token.children ?? [])]);
}

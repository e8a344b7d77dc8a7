import type { Badge } from './badge.js';

/** Width of a letter in the middle, in pixels; `textLength` makes it so whatever the font is. */
const LETTER = 6.6;

/** Room beside a text, in pixels. */
const PADDING = 12;

const HEIGHT = 20;

/** Draws a badge of two fields, with a title for those who do not see it. Texts may hold anything. */
export function badgeSvg({ label, message, color }: Badge): string {
  const left = widthOf(label);
  const right = widthOf(message);
  const width = left + right;
  const title = escaped(`${label}: ${message}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<clipPath id="r"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="${HEIGHT}" fill="#444"/>`,
    `<rect x="${left}" width="${right}" height="${HEIGHT}" fill="${color}"/></g>`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">',
    textAt(left / 2, label),
    textAt(left + right / 2, message),
    '</g></svg>\n',
  ].join('');
}

function textAt(x: number, text: string): string {
  return `<text x="${x}" y="14" textLength="${widthOf(text) - PADDING}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}

const widthOf = (text: string): number => Math.round([...text].length * LETTER) + PADDING;

const SIGNS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What XML takes as a text: its signs are written out, and control characters, which it knows not, are left out. */
function escaped(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '').replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? '');
}

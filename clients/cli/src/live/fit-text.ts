import { textWidth } from '../text-width.js';

const DOTS = '…';

/** The text in no more columns than these; what is left out is three dots. */
export function cut(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  const kept: string[] = [];
  let width = 1;
  for (const letter of text) {
    width += textWidth(letter);
    if (width > columns) break;
    kept.push(letter);
  }
  return kept.join('').trimEnd() + DOTS;
}

/** The text filled up with spaces to so many columns. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

/** The columns that the widest of these texts takes. */
export function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => textWidth(text)));
}

/** The text broken between words, and within a word that is too long; lines behind the first begin with the indent. */
export function wrapped(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).flatMap((each) => pieces(each, columns - indent.length))) {
    const longer = line === '' ? word : `${line} ${word}`;
    const room = lines.length === 0 ? columns : columns - indent.length;
    if (line !== '' && textWidth(longer) > room) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map((each, at) => (at === 0 ? each : indent + each));
}

function pieces(word: string, columns: number): string[] {
  if (textWidth(word) <= columns) return [word];
  const letters = [...word];
  const count = Math.ceil(letters.length / columns);
  return Array.from({ length: count }, (_, at) => letters.slice(at * columns, (at + 1) * columns).join(''));
}

const PRINTABLE = /^[ -~]*$/;

/** What takes no column: marks on the sign before, joiners, and selectors of a variant. */
const WITHOUT_WIDTH = /^[\p{Mark}\u200b-\u200f\ufe00-\ufe0f]$/u;

const JOINER = '\u200d';

/** First and last of the blocks whose signs take two columns: https://www.unicode.org/reports/tr11/, and pictures. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/**
 * How many columns a text takes in a terminal. It is our own since what the packages for it do when they are loaded takes
 * longer than all the rest of the program's start.
 */
export function textWidth(text: string): number {
  if (PRINTABLE.test(text)) return text.length;
  let [width, before] = [0, ''];
  for (const sign of text) {
    if (before !== JOINER) width += signWidth(sign);
    before = sign;
  }
  return width;
}

function signWidth(sign: string): number {
  if (WITHOUT_WIDTH.test(sign)) return 0;
  const point = sign.codePointAt(0) ?? 0;
  return WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1;
}

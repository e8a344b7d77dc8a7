import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Column, shortened, tableLines } from './table.js';

interface Row {
  readonly name: string;
  readonly count: number;
  readonly why: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'NAME', of: ({ name }) => name },
  { head: 'COUNT', of: ({ count }) => String(count), align: 'right' },
  { head: 'WHY', of: ({ why }) => why, rank: 1 },
];

const ROWS: readonly Row[] = [
  { name: 'web', count: 3, why: 'it was\nasked for' },
  { name: 'wörker-日本', count: 12, why: 'nobody knows why this is so, and nobody asks' },
];

describe(tableLines, () => {
  it('aligns by what a terminal shows', () => {
    expect(tableLines(ROWS, COLUMNS, 100)).toEqual([
      'NAME         COUNT  WHY',
      'web              3  it was asked for',
      'wörker-日本     12  nobody knows why this is so, and nobody asks',
    ]);
  });

  it('leaves out what matters least before it cuts', () => {
    expect(tableLines(ROWS, COLUMNS, 20)).toEqual(['NAME         COUNT', 'web              3', 'wörker-日本     12']);
  });

  it.each([40, 20, 15])('never is wider than %i columns', (width) => {
    for (const line of tableLines(ROWS, COLUMNS, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
  });

  it('obeys no terminal codes of what others wrote', () => {
    const rows = [{ name: '\u001b[2J\u001b]0;owned\u0007web\u009b1m', count: 1, why: '' }];
    expect(tableLines(rows, COLUMNS, 80)[1]).toMatch(/^web1m +1$/);
  });
});

describe(shortened, () => {
  it('cuts wide signs whole', () => {
    expect([shortened('日本語', 4), shortened('日本語', 6)]).toEqual(['日…', '日本語']);
  });
});

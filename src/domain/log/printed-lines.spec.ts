import { describe, expect, it } from 'vitest';
import { LONGEST_LINE, PrintedLines } from './printed-lines.js';

function read(...pieces: readonly string[]) {
  const lines = new PrintedLines();
  return [...pieces.flatMap((piece) => [...lines.add(piece)]), ...lines.end()];
}

const whole = (text: string) => ({ text, goesOn: false });

describe('PrintedLines', () => {
  it('puts lines together that come in pieces', () => {
    expect(read('on', 'e\ntw', 'o\r', '\n', '\nthree')).toEqual([
      whole('one'),
      whole('two'),
      whole(''),
      whole('three'),
    ]);
  });

  it('says nothing where nothing is left', () => expect(read('one\n')).toEqual([whole('one')]));

  it('cuts a line that is too long, and says that it goes on', () => {
    const lines = read('x'.repeat(10_000), 'x'.repeat(30_000), 'y\nnext\n');
    expect(lines.map(({ text, goesOn }) => [text.length, goesOn])).toEqual([
      [LONGEST_LINE, true],
      [LONGEST_LINE, true],
      [7_233, false],
      [4, false],
    ]);
  });

  it('keeps a line of exactly the longest length whole', () => {
    expect(read('x'.repeat(LONGEST_LINE), '\n')).toEqual([whole('x'.repeat(LONGEST_LINE))]);
  });

  it('halves no character', () => {
    const [first, second] = read('x'.repeat(LONGEST_LINE - 1) + '😀😀');
    expect([first?.text.length, second?.text]).toEqual([LONGEST_LINE - 1, '😀😀']);
  });
});

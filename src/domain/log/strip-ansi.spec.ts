import { describe, expect, it } from 'vitest';
import { stripAnsi } from './strip-ansi.js';

const ESC = '\u001B';

describe('stripAnsi', () => {
  it.each([
    ['a colour', `${ESC}[1;31mred${ESC}[0m`, 'red'],
    ['a colour of 24 bits', `${ESC}[38:2::255:0:0mred${ESC}[m`, 'red'],
    ['a line that is cleared', `${ESC}[2K${ESC}[1Gdone`, 'done'],
    ['a hidden cursor', `${ESC}[?25lspinning${ESC}[?25h`, 'spinning'],
    ['a link that ends with a bell', `${ESC}]8;;https://x.test\u0007text${ESC}]8;;\u0007`, 'text'],
    ['a title that ends with a string terminator', `${ESC}]0;title${ESC}\\text`, 'text'],
    ['a character set', `${ESC}(Bplain`, 'plain'],
    ['one byte for the beginning', '\u009B31mred', 'red'],
    ['nothing', 'brackets [31m stay, and so does é', 'brackets [31m stay, and so does é'],
  ])('takes out %s', (_, text, plain) => expect(stripAnsi(text)).toBe(plain));

  it('leaves the text behind a sequence that never ends', () => {
    expect(stripAnsi(`${ESC}]0;title that was cut`)).toBe('0;title that was cut');
    expect(stripAnsi(`end ${ESC}`)).toBe(`end ${ESC}`);
  });
});

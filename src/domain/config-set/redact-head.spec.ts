import { describe, expect, it } from 'vitest';
import { headRedactor } from './redact.js';

const TOKEN = '0123456789abcdefghij';
const head = headRedactor([{ name: 'TOKEN', value: TOKEN }], 1_000);

/** Reads pieces as a log does: what is kept back comes before the next. */
function said(...pieces: readonly string[]): string {
  let rest = '';
  const parts = pieces.map((piece) => {
    const { said: part, rest: kept } = head(rest + piece);
    rest = kept;
    return part;
  });
  return parts.join('') + rest;
}

describe('headRedactor', () => {
  it('lets a text without secrets through, and keeps nothing back where nothing is secret', () => {
    expect(headRedactor([], 10)('a text')).toEqual({ said: 'a text', rest: '' });
    expect(said('a long text in which ', 'nothing at all is secret, on and on')).toBe(
      'a long text in which nothing at all is secret, on and on',
    );
  });

  it.each(Array.from({ length: TOKEN.length + 1 }, (_, at) => at))('finds a secret that is cut after %i', (at) => {
    const before = 'x'.repeat(200);
    const after = 'y'.repeat(200);
    expect(said(before + TOKEN.slice(0, at), TOKEN.slice(at) + after)).toBe(`${before}[secret TOKEN]${after}`);
  });

  it('finds one that comes character by character', () => {
    expect(said(...`${'x'.repeat(50)}${TOKEN}${'y'.repeat(50)}`)).toBe(
      `${'x'.repeat(50)}[secret TOKEN]${'y'.repeat(50)}`,
    );
  });

  it('is done with a text of nothing but secrets', () => {
    expect(head(TOKEN.repeat(100))).toEqual({ said: '[secret TOKEN]'.repeat(98), rest: TOKEN.repeat(2) });
    const longer = headRedactor([{ name: 'A', value: 'aaaa' }], 100)('a'.repeat(5_000));
    expect(longer).toEqual({ said: '[secret A]', rest: '' });
  });
});

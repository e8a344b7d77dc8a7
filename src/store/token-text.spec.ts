import { describe, expect, it } from 'vitest';
import { digestOfToken, hintOfToken, newTokenText } from './token-text.js';

describe('the text of a token', () => {
  it('is jky_ and 40 letters and digits, never the same', () => {
    const many = Array.from({ length: 1000 }, newTokenText);
    for (const text of many) expect(text).toMatch(/^jky_[0-9A-Za-z]{40}$/);
    expect(new Set(many).size).toBe(1000);
    expect(new Set(many.join('').slice(4)).size).toBeGreaterThan(62);
  });

  it('is told by its last four characters alone', () => {
    const text = newTokenText();
    expect(hintOfToken(text)).toBe(`jky_…${text.slice(40)}`);
  });

  it('is kept as SHA-256', () =>
    expect(digestOfToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'));
});

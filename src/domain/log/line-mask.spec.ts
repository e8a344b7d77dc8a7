import { describe, expect, it } from 'vitest';
import { headRedactor, redactor } from '../config-set/redact.js';
import { GOES_ON, LineMask, type MaskedLine } from './line-mask.js';

const TOKEN = 'correct-horse-battery';
const SECRETS = [{ name: 'TOKEN', value: TOKEN }];
const mask = { text: redactor(SECRETS), head: headRedactor(SECRETS, 1_000) };
const textsOf = (lines: readonly MaskedLine[]) => lines.map(({ text }) => text);
const part = (text: string, stream: 'stdout' | 'stderr' = 'stdout'): MaskedLine => ({ text, stream, goesOn: true });
const last = (text: string, stream: 'stdout' | 'stderr' = 'stdout'): MaskedLine => ({ text, stream });

describe('LineMask', () => {
  it('takes secrets out of texts and steps', () => {
    const line = { text: `a ${TOKEN}`, step: `RUN login ${TOKEN}`, stream: 'stderr' as const };
    expect(new LineMask().apply([line], mask)).toEqual([
      { text: 'a [secret TOKEN]', step: 'RUN login [secret TOKEN]', stream: 'stderr' },
    ]);
  });

  it.each([1, 5, 10, 16, 20])('takes one out that a cut after %i characters parts, wherever the parts come', (at) => {
    const lines = new LineMask();
    const begin = part(`${'x'.repeat(100)}${TOKEN.slice(0, at)}`);
    const between = last('another stream', 'stderr');
    const first = lines.apply([begin, between], mask);
    const second = lines.apply([last(`${TOKEN.slice(at)} end`)], mask);
    expect(
      textsOf([...first, ...second])
        .join('')
        .replaceAll(GOES_ON, '')
        .replace('another stream', ''),
    ).toBe(`${'x'.repeat(100)}[secret TOKEN] end`);
  });

  it('says where a line goes on', () => {
    const lines = new LineMask().apply([part('x'.repeat(50)), part('y'.repeat(50)), last('z')], mask);
    expect(textsOf(lines).map((text) => text.endsWith(GOES_ON))).toEqual([true, true, false]);
    expect(textsOf(lines).join('').replaceAll(GOES_ON, '')).toBe(`${'x'.repeat(50)}${'y'.repeat(50)}z`);
  });

  it('gives what it kept back at a gap and at the end', () => {
    const lines = new LineMask();
    const gap = { text: '(lines are left out)', gap: true };
    const seen = lines.apply([part('short'), gap, last('next'), part('more')], mask);
    expect(textsOf(seen)).toEqual(['short', '(lines are left out)', 'next']);
    expect(textsOf(lines.end(mask))).toEqual(['more']);
    expect(lines.end(mask)).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { DEEPEST, nestsDeeper } from './json-depth.js';

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('nestsDeeper', () => {
  it('takes what is as deep as allowed, and refuses one more', () => {
    expect(nestsDeeper(nested(DEEPEST))).toBe(false);
    expect(nestsDeeper(nested(DEEPEST + 1))).toBe(true);
    expect(nestsDeeper('{"a":'.repeat(DEEPEST + 1))).toBe(true);
  });

  it('counts what is open at once, not what there is', () => {
    expect(nestsDeeper(`[${Array(500).fill('{"a":[]}').join()}]`)).toBe(false);
  });

  it('does not count brackets within strings', () => {
    expect(nestsDeeper(JSON.stringify({ text: '['.repeat(100) }))).toBe(false);
    expect(nestsDeeper(JSON.stringify({ text: `"\\"${'{'.repeat(100)}\\` }))).toBe(false);
    expect(nestsDeeper(`["\\\\",${nested(DEEPEST)}]`)).toBe(true);
  });

  it('says nothing of what is no JSON', () => {
    expect(nestsDeeper(']]]]"')).toBe(false);
    expect(nestsDeeper('')).toBe(false);
  });
});

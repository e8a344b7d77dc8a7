import { describe, expect, it } from 'vitest';
import { matchesBranch } from './matches-branch.js';

describe('matchesBranch', () => {
  it.each([
    ['main', 'main', true],
    ['main', 'mainline', false],
    ['main', 'Main', false],
    ['main', 'feature/main', false],
    ['release/*', 'release/1.2', true],
    ['release/*', 'release/', true],
    ['release/*', 'release', false],
    ['release/*', 'release/1/2', false],
    ['release/**', 'release/1/2', true],
    ['release/**', 'release', false],
    ['*', 'main', true],
    ['*', 'a/b', false],
    ['**', 'a/b', true],
    ['v*.*', 'v1.2', true],
    ['v*.*', 'v12', false],
    ['*-fix-*', 'a-fix-fix-b', true],
    ['a*b*c', 'aXbYbZc', true],
    ['a*b*c', 'aXbYbZd', false],
    ['a.c', 'abc', false],
    ['(a|b)', '(a|b)', true],
  ])('%s and %s: %s', (pattern, branch, expected) => {
    expect(matchesBranch(pattern, branch)).toBe(expected);
  });

  it('takes no long time for what is made to take long', () => {
    const began = performance.now();
    expect(matchesBranch(`${'*a'.repeat(120)}b`, 'a'.repeat(255))).toBe(false);
    // Tried out one by one, the ways to match would take longer than the world has.
    expect(performance.now() - began).toBeLessThan(4_000);
  });
});

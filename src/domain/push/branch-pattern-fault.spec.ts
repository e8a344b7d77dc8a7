import { describe, expect, it } from 'vitest';
import { branchPatternFault } from './branch-pattern-fault.js';

describe('branchPatternFault', () => {
  it.each(['main', 'release/*', '**', 'release/**', 'v*.*', 'dependabot/npm_and_yarn/*', 'fix-#7', 'größe'])(
    'takes %s',
    (pattern) => expect(branchPatternFault(pattern)).toBeNull(),
  );

  it.each([
    '',
    ' ',
    'a b',
    'a\nb',
    '../x',
    'a//b',
    '/a',
    'a/',
    'a?',
    'a[b]',
    'a~1',
    'refs/heads/main',
    'x'.repeat(256),
  ])('refuses %j', (pattern) => expect(branchPatternFault(pattern)).toEqual(expect.any(String)));

  it.each(['**/main', 'a**', '**a', 'a/**/b'])('says where ** may stand: %s', (pattern) => {
    expect(branchPatternFault(pattern)).toContain('only as its last part');
  });
});

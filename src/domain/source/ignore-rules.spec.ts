import ignore from '@balena/dockerignore';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIgnoreRules } from './ignore-rules.js';

const ignored = (rules: readonly string[], path: string) => parseIgnoreRules(rules.join('\n')).ignores(path);

describe('parseIgnoreRules', () => {
  it.each<readonly [readonly string[], string, boolean]>([
    [['node_modules'], 'node_modules/a/b.js', true],
    [['node_modules'], 'web/node_modules/b.js', false],
    [['**/node_modules'], 'web/node_modules/b.js', true],
    [['**/node_modules'], 'node_modules', true],
    [['/dist/'], 'dist/x', true],
    [['./dist'], 'dist', true],
    [['a/../b'], 'b', true],
    [['*.md'], 'README.md', true],
    [['*.md'], 'docs/README.md', false],
    [['docs/**'], 'docs/a/b', true],
    [['docs/**'], 'docs', false],
    [['**'], 'a', true],
    [['docs/**/b'], 'docs/b', true],
    [['docs/**/b'], 'docs/x/y/b', true],
    [['docs/**/b'], 'docs/x/y/c', false],
    [['?.txt'], 'a.txt', true],
    [['?.txt'], 'ä.txt', true],
    [['?.txt'], 'ab.txt', false],
    [['[a-c]*'], 'build', true],
    [['[^a-c]*'], 'build', false],
    [['[^a-c]*'], 'x', true],
    [['\\*'], '*', true],
    [['\\*'], 'a', false],
    [['*', '!src'], 'src/a', false],
    [['*', '!src', 'src/a'], 'src/a', true],
    [['*', '! src'], 'src/a', false],
    [['# all', '  ', '*.log'], 'a.log', true],
    [['c++', 'a(b)', '[open'], 'c++', true],
    [['c++', 'a(b)', '[open'], 'a(b)', true],
    [['c++', 'a(b)', '[open'], '[open', true],
    [['c++'], 'ccc', false],
    [['Dockerfile'], 'dockerfile', false],
    [['.'], 'a', false],
  ])('%j: is %s ignored? %s', (rules, path, expected) => {
    expect(ignored(rules, path)).toBe(expected);
  });

  it('says whether something may be brought back', () => {
    expect(parseIgnoreRules('a\n!a/b').hasExceptions).toBe(true);
    expect(parseIgnoreRules('a\n# !b').hasExceptions).toBe(false);
  });

  it('takes no time for a rule that would take a regular expression hours', () => {
    expect(ignored([`${'*a'.repeat(200)}*b`], 'a'.repeat(2_000))).toBe(false);
    expect(ignored([`${'**/a/'.repeat(100)}b`], 'a/'.repeat(1_000) + 'c')).toBe(false);
  });

  it('refuses a file without measure', () => {
    expect(() => parseIgnoreRules('a\n'.repeat(2_001))).toThrow(/at most 2000 rules/);
    expect(() => parseIgnoreRules('a'.repeat(1_001))).toThrow(/1000 characters/);
  });

  it('agrees with a second implementation', () => {
    const part = fc.constantFrom('a', 'b', 'ab', 'a.b');
    const pattern = fc.constantFrom('a', 'b', 'a*', '*', '?b', '**', 'a.b', '[ab]');
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    const rule = fc
      .tuple(fc.constantFrom('', '!'), fc.array(pattern, { minLength: 1, maxLength: 3 }))
      .map(([sign, parts]) => sign + parts.join('/'));
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 5 }), path, (rules, each) => {
        const other = ignore.default({ ignorecase: false }).add([...rules]);
        expect(ignored(rules, each)).toBe(other.ignores(each));
      }),
    );
  });
});

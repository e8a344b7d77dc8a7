import { describe, expect, it } from 'vitest';
import { findRelease } from './find-release.js';
import type { ReleaseFacts } from './release-facts.js';

const release = (number: number, sha: string): ReleaseFacts => ({
  id: `r${number}`,
  number,
  kind: 'deploy',
  fromReleaseId: null,
  sha: sha.padEnd(40, '0'),
  content: `c${number}`,
});

const HISTORY = [
  release(1, 'aaaaaaa1'),
  release(2, 'aaaaaaa2'),
  release(3, 'bbbbbbb'),
  release(4, 'aaaaaaa1'),
  release(5, 'ccccccc'),
  release(6, 'ddddddd'),
];

const find = (key: string, history: readonly ReleaseFacts[] = HISTORY) =>
  findRelease({ field: 'to', key, history, place: 'sample in production' });

describe('findRelease', () => {
  it.each([
    ['v3', 'r3'],
    ['V3', 'r3'],
    ['bbbbbbb', 'r3'],
    ['BBBBBBB0', 'r3'],
    ['aaaaaaa1', 'r4'],
    ['aaaaaaa1'.padEnd(40, '0'), 'r4'],
    ['previous', 'r5'],
  ])('finds %s', (key, id) => expect(find(key).id).toBe(id));

  it('asks for more of a commit id that is the beginning of several, and names them', () => {
    expect(() => find('aaaaaaa')).toThrow(/^to is the beginning of 2 commits \(aaaaaaa10+, aaaaaaa20+\); say more/);
  });

  it('names the newest releases to who asks for one that is not there', () => {
    expect(() => find('v99')).toThrow(
      /^There is no release v99 of sample in production\. The newest are v6 \(ddddddd00000\), v5 .*, v2 \(.*\); GET/,
    );
    expect(() => find('eeeeeee', HISTORY.slice(0, 1))).toThrow('There are v1 (aaaaaaa10000).');
  });

  it('says that there is nothing before the first, and nothing at all', () => {
    expect(() => find('previous', HISTORY.slice(0, 1))).toThrow('There is nothing before v1 that differs from it');
    expect(() => find('v1', [])).toThrow('There is no release of sample in production yet');
  });
});

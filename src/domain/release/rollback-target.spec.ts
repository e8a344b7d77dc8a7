import { describe, expect, it } from 'vitest';
import { rollbackTarget } from './rollback-target.js';
import type { ReleaseFacts } from './release-facts.js';

const release = (number: number, content: string, from: number | null = null): ReleaseFacts => ({
  id: `r${number}`,
  number,
  kind: from === null ? 'deploy' : 'rollback',
  fromReleaseId: from === null ? null : `r${from}`,
  sha: content.repeat(40),
  content,
});

/** v3 brought v1 back. Newest first, as it is read. */
const HISTORY = [release(3, 'a', 1), release(2, 'b'), release(1, 'a')];

const target = (key: string, waitsFor: string | null = null) =>
  rollbackTarget({ field: 'to', key, history: HISTORY, place: 'sample in production', waitsFor }).id;

describe('rollbackTarget', () => {
  it('finds what differs from the current release', () => {
    expect(target('v2')).toBe('r2');
    expect(target('bbbbbbb')).toBe('r2');
  });

  it('refuses what is current, under any of its names', () => {
    expect(() => target('v3')).toThrow(
      'v3 of sample in production is current already: there is nothing to bring back.',
    );
    expect(() => target('v1')).toThrow('v1 of sample in production is current already, as v3:');
    expect(() => target('aaaaaaa')).toThrow('is current already');
  });

  it('takes what is current now where another deploy comes first, but not the previous one of who knows what', () => {
    expect(target('v3', '9')).toBe('r3');
    expect(() => target('Previous', '9')).toThrow('is not known before deploy 9 has ended');
  });

  it('has nothing to go back to once all was rolled back', () => {
    expect(() => target('previous')).toThrow('There is nothing before v3 that differs from it of sample in production');
  });
});

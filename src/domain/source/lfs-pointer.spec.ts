import { describe, expect, it } from 'vitest';
import { mentionsLfs, parseLfsPointer } from './lfs-pointer.js';

const OID = 'a1'.repeat(32);
const pointer = (change: { readonly version?: string; readonly oid?: string; readonly size?: string } = {}) =>
  `version ${change.version ?? 'https://git-lfs.github.com/spec/v1'}\noid sha256:${change.oid ?? OID}\nsize ${change.size ?? '12'}\n`;

describe('parseLfsPointer', () => {
  it('reads a pointer, one with extensions too', () => {
    expect(parseLfsPointer(pointer())).toEqual({ oid: OID, size: 12 });
    expect(parseLfsPointer(pointer().replace('oid', `ext-0-x sha256:${OID}\noid`))).toEqual({ oid: OID, size: 12 });
  });

  it.each([
    '',
    'hello',
    pointer({ version: 'https://example.com/v1' }),
    pointer({ oid: '../../../etc/passwd' }),
    pointer({ oid: OID.slice(1) }),
    pointer({ size: '-1' }),
    pointer({ size: '1e3' }),
    ` ${pointer()}`,
  ])('takes %j for a file like any other', (text) => {
    expect(parseLfsPointer(text)).toBeNull();
  });
});

describe('mentionsLfs', () => {
  it.each([
    ['*.png filter=lfs diff=lfs merge=lfs -text\n', true],
    ['*.txt text\n*.bin filter=lfs', true],
    ['# *.png filter=lfs', false],
    ['*.png -filter', false],
    ['*.png filter=lfs2', false],
  ])('%j: %s', (text, expected) => {
    expect(mentionsLfs(text)).toBe(expected);
  });
});

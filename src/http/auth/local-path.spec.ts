import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLocalPath } from './local-path.js';

describe('isLocalPath', () => {
  it.each(['/', '/docs', '/docs#/apps/listApps', '/apps?page=2&per_page=5', '/a//b', '/@x:y'])('takes %s', (path) => {
    expect(isLocalPath(path)).toBe(true);
  });

  it.each([
    '',
    'docs',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' //evil.example',
    'javascript:alert(1)',
    '/a\\b',
    '/docs\r\nSet-Cookie: a=b',
    '/d\u00f6cs',
    `/${'a'.repeat(1000)}`,
  ])('refuses %j', (path) => {
    expect(isLocalPath(path)).toBe(false);
  });

  it('never leads to another host, for any text', () => {
    const piece = fc.constantFrom('/', '\\', '\t', '\n', '.', '@', ':', '#', '?', '%2f', 'evil.example', 'https', ' ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const path = pieces.join('');
        if (isLocalPath(path)) expect(new URL(path, 'https://jockey.example').host).toBe('jockey.example');
      }),
      { numRuns: 2000 },
    );
  });
});

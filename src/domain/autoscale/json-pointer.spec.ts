import { describe, expect, it } from 'vitest';
import { pointedAt, pointerFault } from './json-pointer.js';

/** The document and the values of RFC 6901 section 5. */
const DOCUMENT = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'e^f': 3, 'g|h': 4, 'i\\j': 5, ' ': 7, 'm~n': 8 };

describe('pointedAt', () => {
  it.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('of %j is what the RFC says', (pointer, value) =>
    expect(pointedAt(DOCUMENT, pointer)).toEqual({ found: true, value }),
  );

  it.each(['/foo/2', '/foo/-1', '/foo/00', '/foo/length', '/nothing', '/foo/0/0', '/toString', '/__proto__'])(
    'finds nothing at %j',
    (pointer) => expect(pointedAt(DOCUMENT, pointer)).toEqual({ found: false }),
  );

  it('reads ~01 as ~1, not as /', () => {
    expect(pointedAt({ '~1': 6 }, '/~01')).toEqual({ found: true, value: 6 });
  });
});

describe('pointerFault', () => {
  it.each(['', '/', '/a/b', '/a~0b~1c'])('has none of %j', (text) => expect(pointerFault(text)).toBeNull());

  it.each(['a', '$.a', '/a~', '/a~2'])('says that %j is none', (text) =>
    expect(pointerFault(text)).toMatch(/^is no JSON pointer: .+\.$/),
  );
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonFault } from './json-fault.js';

describe('jsonFault', () => {
  it.each([
    ['', 1, 1],
    ['{', 1, 2],
    ['{"a"', 1, 5],
    ['{"a":', 1, 6],
    ['{"a":1 "b"', 1, 8],
    ['{"a":1,}', 1, 8],
    ['[1,]', 1, 4],
    ['[1}', 1, 3],
    [']', 1, 1],
    ['{"a" 1}', 1, 6],
    ['{1: 2}', 1, 2],
    ['tru', 1, 1],
    ['1.', 1, 1],
    ['"a\nb"', 1, 1],
    ['"\\x"', 1, 1],
    ['[\n 1,\n  oops]', 3, 3],
  ])('finds the place in %j', (text, line, column) => expect(jsonFault(text)).toEqual({ line, column }));

  it('finds what stands behind any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(jsonFault(`${text} @`)).toEqual({ line: 1, column: text.length + 2 });
      }),
    );
  });

  it('ends, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,0-.etrufalsn\\ \n') }), (text) => {
        const { line, column } = jsonFault(text);
        expect(line).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});

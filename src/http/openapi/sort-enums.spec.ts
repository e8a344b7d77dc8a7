import { expect, it } from 'vitest';
import { sortEnums } from './sort-enums.js';

it('sorts the values of every enum, null last, however deep', () => {
  const document = { a: [{ enum: ['b', null, 'a'] }], c: { enum: ['z', 'y', 'z'] } };
  sortEnums(document);
  expect(document).toEqual({ a: [{ enum: ['a', 'b', null] }], c: { enum: ['y', 'z', 'z'] } });
});

it('leaves other lists, numbers, and a property that is called enum', () => {
  const document = { required: ['b', 'a'], enum: [3, 1], properties: { enum: { type: 'string' } }, nothing: null };
  const before = structuredClone(document);
  sortEnums(document);
  expect(document).toEqual(before);
});

it('leaves the list that the document was made of', () => {
  const constant = ['b', 'a'];
  sortEnums({ enum: constant });
  expect(constant).toEqual(['b', 'a']);
});

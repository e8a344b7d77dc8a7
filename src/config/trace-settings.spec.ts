import { expect, it } from 'vitest';
import { headersOf } from './trace-settings.js';

it.each([
  ['', {}],
  ['authorization=Bearer a=b', { authorization: 'Bearer a=b' }],
  ['one=1, two=a%2Cb', { one: '1', two: 'a,b' }],
])('reads the headers of %j', (text, headers) => expect(headersOf(text)).toEqual(headers));

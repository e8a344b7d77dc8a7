import { Field, type Presence, show } from './fields.js';

/** Longest address that is taken, in characters. */
const LONGEST = 2_000;

/** An address that Jockey calls: http or https, without a password, which everybody who may read would see. */
export function HttpUrl(presence: Presence) {
  return Field('text', faultOf, { ...presence, schema: { type: 'string', maxLength: LONGEST } });
}

function faultOf(value: unknown): string | null {
  const should = 'should be an address that begins with http:// or https://';
  if (typeof value !== 'string' || value.length > LONGEST || !URL.canParse(value))
    return `is ${show(value)}, but ${should}.`;
  const { protocol, username, password } = new URL(value);
  if (protocol !== 'http:' && protocol !== 'https:') return `is ${show(value)}, but ${should}.`;
  return username === '' && password === '' ? null : 'holds a password, which everybody who reads it would see.';
}

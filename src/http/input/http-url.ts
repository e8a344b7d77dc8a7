import { faultOfAddress, LONGEST_URL } from '../../domain/outbound/outbound-url.js';
import { Field, type Presence, show } from './fields.js';

/** An address that Jockey calls: http or https, without a password, which everybody who may read would see. */
export function HttpUrl(presence: Presence) {
  return Field('text', faultOfHttpUrl, { ...presence, schema: { type: 'string', maxLength: LONGEST_URL } });
}

/** Why a value is no such address; a predicate sentence, or null. One that holds a password is not shown. */
export function faultOfHttpUrl(value: unknown): string | null {
  const text = typeof value === 'string' ? value : '';
  const fault = faultOfAddress(text, URL.canParse(text) ? new URL(text) : null);
  return fault === null || !fault.startsWith('should ') ? fault : `is ${show(value)}, but ${fault}`;
}

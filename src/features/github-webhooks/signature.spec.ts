import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isSignedBy } from './signature.js';

const BODY = Buffer.from('Hello, World!');
const SECRET = "It's a Secret to Everybody";
const sign = (kind: string, secret = SECRET) => `${kind}=${createHmac(kind, secret).update(BODY).digest('hex')}`;
const none = { sha256: undefined, sha1: undefined };

describe('isSignedBy', () => {
  it('agrees with the example that GitHub publishes', () => {
    const sha256 = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    expect(isSignedBy([SECRET], BODY, { ...none, sha256 })).toBe(true);
  });

  it('takes SHA-1 only where nothing is said by SHA-256', () => {
    const sha1 = sign('sha1');
    expect(isSignedBy([SECRET], BODY, { ...none, sha1 })).toBe(true);
    expect(isSignedBy([SECRET], BODY, { sha1, sha256: '' })).toBe(false);
    expect(isSignedBy([SECRET], BODY, { sha1, sha256: sign('sha256', 'x') })).toBe(false);
  });

  it('takes either of two secrets, and nothing where there is none', () => {
    const sha256 = sign('sha256');
    expect(isSignedBy(['new', SECRET], BODY, { ...none, sha256 })).toBe(true);
    expect(isSignedBy([], BODY, { ...none, sha256 })).toBe(false);
    expect(isSignedBy(['new'], BODY, { ...none, sha256 })).toBe(false);
  });

  it.each([
    '',
    'sha256=',
    sign('sha256').slice(0, -1),
    `${sign('sha256')}0`,
    sign('sha256').toUpperCase(),
    sign('sha512'),
  ])('refuses %j', (sha256) => expect(isSignedBy([SECRET], BODY, { ...none, sha256 })).toBe(false));

  it('refuses one byte that was changed', () => {
    expect(isSignedBy([SECRET], Buffer.from('Hello, World?'), { ...none, sha256: sign('sha256') })).toBe(false);
  });
});

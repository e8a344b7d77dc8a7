import { describe, expect, it } from 'vitest';
import { redactDeep, redactor } from './redact.js';

const SECRET = 'pa"ss wörd/+$1';
const redact = redactor([{ name: 'DB_PASSWORD', value: SECRET }]);
const GONE = '[secret DB_PASSWORD]';

describe('redactor', () => {
  it('lets everything through where nothing is secret', () => expect(redactor([])('a text')).toBe('a text'));

  it('takes out each occurrence, and leaves the rest', () => {
    expect(redact(`a ${SECRET}, b ${SECRET}${SECRET}.`)).toBe(`a ${GONE}, b ${GONE}${GONE}.`);
    expect(redact('nothing here')).toBe('nothing here');
  });

  it.each([
    ['JSON', `{"a":${JSON.stringify(SECRET)}}`],
    ['a URL', `https://x/?a=${encodeURIComponent(SECRET)}&b`],
    ['a form', `a=${new URLSearchParams({ a: SECRET }).toString().slice(2)}&b`],
    ['a shell', `-e A="pa\\"ss wörd/+\\$1"`],
    ['Base64', Buffer.from(SECRET).toString('base64')],
    ['Base64 for URLs', Buffer.from(SECRET).toString('base64url')],
    ['Base64 with a name before it', Buffer.from(`user:${SECRET}`).toString('base64')],
    ['Base64 with more around it', Buffer.from(`{"p":"${SECRET}"}`).toString('base64')],
  ])('takes it out as %s shows it', (_, text) => {
    expect(redact(text)).toContain(GONE);
    expect(redact(text)).not.toContain(text);
  });

  it('takes out the lines of a secret of many lines', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nab\n-----END KEY-----\n';
    const withKey = redactor([{ name: 'KEY', value: key }]);
    expect(key.split('\n').map((line) => withKey(`x ${line}`))).toEqual([
      'x [secret KEY]',
      'x [secret KEY]',
      'x ab',
      'x [secret KEY]',
      'x ',
    ]);
  });

  it('takes out a part of a secret where the text was cut', () => {
    const long = redactor([{ name: 'TOKEN', value: '0123456789abcdefghij' }]);
    expect(long('the token is 0123456789abc')).toBe('the token is [secret TOKEN]');
    expect(long('789abcdefghij was it')).toBe('[secret TOKEN] was it');
    expect(long('01234567 89abcdef')).toBe('01234567 89abcdef');
  });

  it('leaves nothing of two that overlap', () => {
    const both = redactor([
      { name: 'A', value: 'abcdef' },
      { name: 'B', value: 'defghi' },
      { name: 'C', value: 'cde' },
    ]);
    expect(both('xabcdefghix')).toBe('x[secret A]x');
    expect(both('abcdefabcdefghi')).toBe('[secret A][secret A]');
  });

  it('reads no value as a pattern', () => {
    const odd = redactor([{ name: 'A', value: '.*$&(' }]);
    expect(odd('abcdef')).toBe('abcdef');
    expect(odd('x.*$&(y')).toBe('x[secret A]y');
  });

  it('is quick with large secrets and long lines', () => {
    const secrets = Array.from({ length: 50 }, (_, at) => ({ name: `S${at}`, value: `${at}`.repeat(5_000) }));
    const many = redactor(secrets);
    const line = 'an ordinary line of a log '.repeat(600);
    const begin = performance.now();
    for (let count = 0; count < 20; count += 1) many(line);
    expect(performance.now() - begin).toBeLessThan(4_000);
  });
});

describe('redactDeep', () => {
  it('looks into everything', () => {
    const value = { a: [SECRET, 1, null, true], [`k${SECRET}`]: { b: `x${SECRET}` } };
    expect(redactDeep(value, redact)).toEqual({ a: [GONE, 1, null, true], [`k${GONE}`]: { b: `x${GONE}` } });
  });
});

import { describe, expect, it } from 'vitest';
import { REDACTED, redactInput, redactRecord } from './redact.js';

describe('redactInput', () => {
  it('keeps what was asked for and the names of variables, never their values', () => {
    const input = { app: 'sample', scale: 3, config: { A: 'one', B: null }, secrets: { C: 'canary' }, force: true };
    expect(redactInput(input)).toEqual({
      app: 'sample',
      scale: 3,
      config: { A: REDACTED, B: null },
      secrets: { C: REDACTED },
      force: true,
    });
  });

  it.each([
    'secret',
    'hook_secret',
    'password',
    'PASSWD',
    'github_access_token',
    'Authorization',
    'apiKey',
    'sealed',
    'access_key',
  ])('takes out %s, however deep and of whatever shape', (name) => {
    const text = JSON.stringify(redactInput({ a: [{ [name]: ['canary', { b: 'canary', c: 4711 }] }] }));
    expect(text).not.toMatch(/canary|4711/);
    expect(text).toContain(name);
  });

  it('keeps of an address where it points to', () => {
    expect(redactInput({ url: 'https://hooks.slack.com/services/T0/B0/canary' })).toEqual({
      url: `https://hooks.slack.com/${REDACTED}`,
    });
    expect(redactInput({ git_url: 'https://u:canary@git.example/x' })).toEqual({
      git_url: `https://git.example/${REDACTED}`,
    });
    expect(redactInput({ callback_url: 'not an address?canary' })).toEqual({ callback_url: 'not an address' });
    expect(redactInput({ reason: 'see https://u:canary@host/' })).toEqual({ reason: `see https://${REDACTED}@host/` });
  });

  it('ends where input is nested without end', () => {
    let deep: unknown = 'canary';
    for (let i = 0; i < 1000; i += 1) deep = { a: deep };
    expect(JSON.stringify(redactInput(deep))).not.toContain('canary');
  });
});

describe('redactRecord', () => {
  it('keeps plain variables, and takes out those with the name of a secret', () => {
    const row = { id: 1, config: { PORT: '8888', DB_PASSWORD: 'canary', URL_OF_DB: 'postgres://u:canary@db/x' } };
    expect(redactRecord(row)).toEqual({
      id: 1,
      config: { PORT: '8888', DB_PASSWORD: REDACTED, URL_OF_DB: `postgres://${REDACTED}@db/x` },
    });
  });
});

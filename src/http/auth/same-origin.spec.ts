import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../http-request.js';
import { isFromElsewhere, isFromOwnPage, isWrite } from './same-origin.js';

type Headers = Readonly<Record<string, string>>;

const request = (headers: Headers, method = 'POST'): HttpRequest => ({ method, headers }) as unknown as HttpRequest;

const HOST = { host: 'jockey.example' };

describe('isFromOwnPage', () => {
  it.each<[Headers, boolean]>([
    [{ 'sec-fetch-site': 'same-origin' }, true],
    [{ 'sec-fetch-site': 'same-site' }, false],
    [{ 'sec-fetch-site': 'cross-site' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{ 'sec-fetch-site': 'cross-site', origin: 'https://jockey.example' }, false],
    [{ origin: 'https://jockey.example' }, true],
    [{ origin: 'https://evil.example' }, false],
    [{ origin: 'https://jockey.example.evil.example' }, false],
    [{ origin: 'null' }, false],
    [{ origin: '' }, false],
    [{ referer: 'https://jockey.example/' }, false],
    [{}, false],
  ])('of %j: %s', (headers, expected) => {
    expect(isFromOwnPage(request({ ...HOST, ...headers }), undefined)).toBe(expected);
  });

  it('holds an origin to the address that is configured, its scheme too', () => {
    const at = (origin: string) => isFromOwnPage(request({ host: 'inside:4044', origin }), 'https://jockey.example/');
    expect(at('https://jockey.example')).toBe(true);
    expect(at('http://jockey.example')).toBe(false);
    expect(at('http://inside:4044')).toBe(false);
  });
});

describe('isWrite', () => {
  it.each([
    ['GET', false],
    ['HEAD', false],
    ['OPTIONS', false],
    ['POST', true],
    ['PUT', true],
    ['DELETE', true],
    ['PATCH', true],
    ['PROPFIND', true],
  ])('of %s: %s', (method, expected) => {
    expect(isWrite({ method })).toBe(expected);
  });
});

describe('isFromElsewhere', () => {
  it.each<[Headers, boolean]>([
    [{ 'sec-fetch-site': 'cross-site' }, true],
    [{ 'sec-fetch-site': 'same-site' }, true],
    [{ 'sec-fetch-site': 'same-origin' }, false],
    [{ 'sec-fetch-site': 'none' }, false],
    [{}, false],
  ])('of %j: %s', (headers, expected) => {
    expect(isFromElsewhere(request(headers))).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { takeToken } from './token.middleware.js';

describe('takeToken', () => {
  it.each([
    ['/apps', '/apps', null],
    ['/apps?page=2', '/apps?page=2', null],
    ['/apps?github_access_token=abc', '/apps', 'abc'],
    ['/apps?a=1&github_access_token=abc&b=2', '/apps?a=1&b=2', 'abc'],
    ['/apps?github%5Faccess%5Ftoken=abc', '/apps', 'abc'],
    ['/apps?github_access_token=a%2Bb+c', '/apps', 'a+b c'],
    ['/apps?github_access_token=first&github_access_token=second', '/apps', 'first'],
    ['/apps?github_access_token[]=abc', '/apps', null],
    ['/apps?github_access_token', '/apps', ''],
    ['/apps?filter=%E0%A4%A', '/apps?filter=%E0%A4%A', null],
    ['/apps?', '/apps', null],
  ])('reads %s', (url, kept, token) => expect(takeToken(url)).toEqual({ url: kept, token }));
});

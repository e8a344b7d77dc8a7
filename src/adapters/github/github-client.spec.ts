import { describe, expect, it } from 'vitest';
import { apiUrlOf, githubClient } from './github-client.js';

describe('apiUrlOf', () => {
  it.each([
    ['https://github.com', undefined, 'https://api.github.com'],
    ['https://github.com/', undefined, 'https://api.github.com'],
    ['https://www.github.com', undefined, 'https://api.github.com'],
    ['https://github.example.com', undefined, 'https://github.example.com/api/v3'],
    ['https://github.example.com/', undefined, 'https://github.example.com/api/v3'],
    ['https://notgithub.com', undefined, 'https://notgithub.com/api/v3'],
    ['https://github.com.example.com', undefined, 'https://github.com.example.com/api/v3'],
    ['https://acme.ghe.com', undefined, 'https://api.acme.ghe.com'],
    ['http://127.0.0.1:8080', undefined, 'http://127.0.0.1:8080/api/v3'],
    ['https://github.com', 'https://proxy.example.com/github/', 'https://proxy.example.com/github'],
  ])('of %s and %s is %s', (githubUrl, apiUrl, expected) => expect(apiUrlOf(githubUrl, apiUrl)).toBe(expected));
});

describe('githubClient', () => {
  it.each(['', 'a b', 'a\nb', 'ä', 'x'.repeat(1_025)])('does not take the token %j, nor show it', (token) => {
    const api = { url: 'http://127.0.0.1', patience: 1 };
    expect(() => githubClient(api, token)).toThrow(/^GITHUB_OAUTH_TOKEN has a blank or a letter that no token has\.$/);
  });
});

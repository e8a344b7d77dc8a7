import { describe, expect, it } from 'vitest';
import { repoOnGithub, submoduleUrl } from './submodule-url.js';

const PARENT = 'https://github.com/acme/web.git';

describe('submoduleUrl', () => {
  it.each([
    ['../lib.git', PARENT, 'https://github.com/acme/lib.git'],
    ['../../other/lib', PARENT, 'https://github.com/other/lib'],
    ['./nested', PARENT, 'https://github.com/acme/web.git/nested'],
    ['../lib.git', 'file:///srv/git/acme/web.git', 'file:///srv/git/acme/lib.git'],
    ['../../../lib', PARENT, null],
    ['../../..', PARENT, null],
    ['..', 'https://github.com/web', null],
    ['https://example.com/x.git', PARENT, 'https://example.com/x.git'],
    ['git@github.com:acme/lib.git', PARENT, 'ssh://git@github.com/acme/lib.git'],
    ['github.com:acme/lib.git', PARENT, 'ssh://git@github.com/acme/lib.git'],
    ['/srv/git/x.git', PARENT, '/srv/git/x.git'],
  ])('%s, seen from %s, is %s', (url, parent, expected) => {
    expect(submoduleUrl(url, parent)).toBe(expected);
  });
});

describe('repoOnGithub', () => {
  it.each([
    ['https://github.com/acme/lib.git', 'https://github.com', 'acme/lib'],
    ['https://GitHub.com/acme/lib/', 'https://github.com/', 'acme/lib'],
    ['ssh://git@github.com/acme/lib.git', 'https://github.com', 'acme/lib'],
    ['https://github.com.evil.com/acme/lib', 'https://github.com', null],
    ['https://github.com/acme', 'https://github.com', null],
    ['https://github.com:8443/acme/lib', 'https://github.com', null],
    ['http://10.0.0.1:3000/git/acme/lib', 'http://10.0.0.1:3000/git', 'acme/lib'],
    ['https://example.com/acme/lib', 'https://github.com', null],
    ['https://user@github.com:443/acme/lib', 'https://github.com', 'acme/lib'],
    ['https://github.com@evil.com/acme/lib', 'https://github.com', null],
    ['not a url', 'https://github.com', null],
  ])('%s on %s: %s', (url, github, expected) => {
    expect(repoOnGithub(url, github)).toBe(expected);
  });
});

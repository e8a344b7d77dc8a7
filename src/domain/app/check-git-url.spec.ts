import { describe, expect, it } from 'vitest';
import { checkGitUrl } from './check-git-url.js';

describe('checkGitUrl', () => {
  it.each([
    'https://git.example.com/acme/shop.git',
    'http://10.0.0.5:3000/shop',
    'ssh://git@git.example.com:22/acme/shop.git',
    'git://127.0.0.1/shop.git',
    'http://[::1]:8080/shop.git',
  ])('takes %s', (url) => expect(checkGitUrl(url)).toBeNull());

  it.each([
    'file:///etc/passwd',
    'ext::sh -c touch% /tmp/x',
    '/srv/git/shop.git',
    '--upload-pack=touch',
    'ssh://-oProxyCommand=touch/x',
    'https://host',
    'https://host/a b',
    'https://host/$(touch)',
    'javascript:alert(1)',
    '',
  ])('refuses %j', (url) => expect(checkGitUrl(url)).toMatch(/^should be a Git URL/));

  it('refuses a password', () => {
    expect(checkGitUrl('https://user:secret@host/x.git')).toMatch(/^holds a password/);
    expect(checkGitUrl('https://user:secret@host/x.git')).not.toContain('secret@');
  });

  it('refuses what is too long', () => {
    expect(checkGitUrl(`https://host/${'x'.repeat(500)}`)).toMatch(/^has 513 characters/);
  });
});

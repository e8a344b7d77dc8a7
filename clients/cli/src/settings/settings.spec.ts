import { describe, expect, it } from 'vitest';
import { ServerVersion } from '../server-version.js';
import { repositoryIn } from './checkout.js';
import { webAddress } from './settings.js';

describe(webAddress, () => {
  it.each([
    ['https://jockey.example.com/', 'https://jockey.example.com'],
    ['http://10.0.0.1:3000/jockey//', 'http://10.0.0.1:3000/jockey'],
  ])('takes %s', (text, url) => expect(webAddress(text)).toBe(url));

  it.each([
    'jockey.example.com',
    'ftp://jockey.example.com',
    'https://ann:secret@jockey.example.com',
    'https://j.example.com/?a=1',
  ])('refuses %s, and does not repeat a password', (text) => {
    expect(() => webAddress(text)).toThrow(expect.objectContaining({ exitCode: 1 }));
    expect(() => webAddress(text)).not.toThrow(/secret/);
  });
});

describe(repositoryIn, () => {
  it.each([
    ['git@github.com:acme/shop.git', 'acme/shop'],
    ['https://github.com/acme/shop', 'acme/shop'],
    ['ssh://git@github.com:22/acme/shop.git/', 'acme/shop'],
    ['/srv/git/acme/shop.git', 'acme/shop'],
    ['shop', null],
  ])('%s is %s', (url, repository) => expect(repositoryIn(url)).toBe(repository));
});

describe(ServerVersion, () => {
  const difference = (server: string | null): string | null => {
    const version = new ServerVersion('1.4.2');
    version.seen({ headers: new Headers(server === null ? {} : { 'Jockey-Version': server }) });
    return version.difference();
  };

  it.each([
    ['1.4.9', null],
    ['1.3.0', 'older'],
    ['1.10.0', 'newer'],
    ['2.0.0', 'newer'],
    [null, 'does not say'],
  ])('of %s says %s', (server, said) => {
    if (said === null) expect(difference(server)).toBeNull();
    else expect(difference(server)).toContain(said);
  });

  it('says nothing before anything was answered', () => expect(new ServerVersion('1.0.0').difference()).toBeNull());
});

import { describe, expect, it } from 'vitest';
import { judgePush, type PushedApp } from './judge-push.js';
import { readPush } from './read-push.js';

const SHA = 'a'.repeat(40);

const APP: PushedApp = { name: 'sample', repo: 'jockey/sample', subscribed: true };

const payload = (change: object = {}) => ({
  ref: 'refs/heads/main',
  after: SHA,
  deleted: false,
  forced: false,
  repository: { full_name: 'jockey/sample', pushed_at: 1_557_933_657 },
  head_commit: { id: SHA, message: 'Say more' },
  ...change,
});

const judge = (change: object = {}, app: Partial<PushedApp> = {}) => {
  const push = readPush(payload(change));
  if (push === null) throw new Error('no push');
  return judgePush(push, { ...APP, ...app });
};

const why = (...change: Parameters<typeof judge>) => {
  const judgement = judge(...change);
  return judgement.build ? 'is built' : judgement.why;
};

describe('judgePush', () => {
  it('builds the head commit of a branch, forced or not', () => {
    expect(judge()).toEqual({ build: true, sha: SHA, branch: 'main' });
    expect(judge({ forced: true })).toEqual({ build: true, sha: SHA, branch: 'main' });
  });

  it('builds the commit of a tag, which an annotated one names by head_commit alone', () => {
    const tag = { ref: 'refs/tags/v1', after: 'b'.repeat(40) };
    expect(judge(tag)).toEqual({ build: true, sha: SHA, branch: null });
  });

  it.each(['[skip ci] x', 'x [CI SKIP]', 'x\n\n[skip jockey]'])('skips %j', (message) => {
    expect(why({ head_commit: { id: SHA, message } })).toMatch(/says \[.*], so it is not built/);
  });

  it.each([
    [{ deleted: true, head_commit: null }, 'branch main was deleted, so there is nothing to build'],
    [{ ref: 'refs/tags/v1', deleted: true, head_commit: null }, 'tag v1 was deleted'],
    [{ head_commit: null }, 'has no head commit'],
    [{ after: 'main' }, 'has no head commit'],
    [{ ref: 'refs/tags/v1', head_commit: { id: 'main', message: '' } }, 'has no head commit'],
    [{ ref: 'refs/notes/x' }, 'neither a branch nor a tag'],
    [{ ref: 'refs/heads/' }, 'neither a branch nor a tag'],
    [{ ref: 'refs/tags/jockey/production' }, 'moved by Jockey itself'],
    [{ repository: { full_name: 'other/sample' } }, 'The push is to other/sample'],
  ])('declines %j', (change, sentence) => {
    expect(why(change)).toContain(sentence);
  });

  it('listens where the app does, and to the repository that it is built from', () => {
    expect(why({}, { subscribed: false })).toContain('does not listen to pushes');
    expect(why({ repository: { full_name: 'Jockey/Sample' } })).toBe('is built');
  });
});

describe('readPush', () => {
  it('reads what was sent, and nothing inherited', () => {
    expect(readPush(JSON.parse('{"__proto__": {"ref": "refs/heads/main"}, "repository": {}}'))).toBeNull();
    expect(readPush(Object.create(payload()))).toBeNull();
    expect(readPush(payload())?.pushedAt).toBe(1_557_933_657);
    expect(readPush(payload({ repository: { full_name: 'a/b', pushed_at: '2019-05-15' } }))?.pushedAt).toBeNull();
  });

  it.each([
    null,
    [],
    'push',
    7,
    {},
    payload({ ref: 7 }),
    payload({ ref: 'x'.repeat(300) }),
    payload({ repository: 1 }),
  ])('finds no push in %j', (value) => expect(readPush(value)).toBeNull());
});

import { describe, expect, it } from 'vitest';
import { OpenFollows } from './open-follows.js';

describe('streams that are followed', () => {
  it('are at most twenty of one caller, and as many again when they have ended', async () => {
    const open = new OpenFollows();
    const ends: (() => void)[] = [];
    const follow = () => new Promise<void>((resolve) => ends.push(resolve));
    const running = Array.from({ length: 20 }, () => open.run('octocat', follow));
    await expect(open.run('octocat', follow)).rejects.toMatchObject({ code: 'rate_limited' });
    running.push(open.run('hubot', follow));
    for (const end of ends) end();
    await Promise.all(running);
    await open.run('octocat', async () => undefined);
    expect(ends).toHaveLength(21);
  });

  it('are counted off when one fails', async () => {
    const open = new OpenFollows();
    const failing = async () => Promise.reject(new Error('lost'));
    for (let count = 0; count < 25; count += 1) await expect(open.run('octocat', failing)).rejects.toThrow('lost');
  });
});

import { describe, expect, it } from 'vitest';
import { pool, poolHost, PROMPT, resident, residents, waiting } from '../../../test/factories/pools.js';
import { fewerHosts } from './fewer-hosts.js';
import { neededHosts } from './needed-hosts.js';

const holding = (name: string, count: number) => poolHost(name, { instances: residents(name, count) });
const SLOW = { ...PROMPT, scaleInAfterSeconds: 86_400, coolDownSeconds: 86_400 };

describe('fewerHosts', () => {
  it('names all that could leave, whatever the delays and steps', () => {
    const hosts = [holding('h1', 2), holding('h2', 1), holding('h3', 1), holding('h4', 0)];
    expect(fewerHosts(pool(hosts, { policy: SLOW }))).toEqual({
      ...{ now: 4, enough: 1, leave: ['h4', 'h2', 'h3'], moves: 2 },
      sentence: '1 host would be enough instead of 4: h4, h2, h3 could leave, 2 instances to move.',
      obstacles: ['what is wanted needs a host, and so does a pool that does not scale to zero'],
    });
  });

  it('says which rule stands in the way', () => {
    const web = (host: string) => poolHost(host, { instances: [resident(`${host}-web`, { group: 'blog/web' })] });
    expect(fewerHosts(pool([web('h1'), web('h2')]))).toMatchObject({
      enough: 2,
      sentence: 'None of 2 hosts can be spared.',
      obstacles: ['a worker on two hosts would be on one'],
    });
    const tight = { ...PROMPT, headRoomPercent: 50 };
    expect(fewerHosts(pool([holding('h1', 2), holding('h2', 1)], { policy: tight })).obstacles).toEqual([
      'head-room of 50 % has to stay free',
    ]);
    expect(fewerHosts(pool([holding('h1', 0), holding('h2', 0)], { policy: { ...PROMPT, min: 2 } })).obstacles).toEqual(
      ['at least 2 hosts have to stay'],
    );
    expect(fewerHosts(pool([holding('h1', 3), holding('h2', 3)])).obstacles).toEqual([
      'what is on any other host finds no room on the rest',
    ]);
  });

  it('names the hosts that may not go', () => {
    const bound = poolHost('h1', { instances: [resident('h1-0', { mayMove: false })] });
    const held = poolHost('h2', { staysBecause: 'its machine is a person’s' });
    const closed = poolHost('h3', { role: 'cordoned' });
    expect(fewerHosts(pool([bound, held, closed])).obstacles).toEqual([
      'h1: it runs what may not move',
      'h2: its machine is a person’s',
      'h3: it is cordoned',
    ]);
  });

  it('spares none where something has no room already', () => {
    const hosts = [holding('h1', 4), holding('h2', 3)];
    expect(fewerHosts(pool(hosts, { waiting: [waiting({ count: 2 })] }))).toMatchObject({
      enough: 2,
      obstacles: ['1 instance of deploy 7 of shop has no room as it is'],
    });
  });
});

describe('neededHosts', () => {
  it('is what is needed, not what is allowed, desired or due', () => {
    expect(
      neededHosts(pool([holding('h1', 4)], { policy: { ...SLOW, max: 1 }, waiting: [waiting({ count: 9 })] })).hosts,
    ).toBe(4);
    expect(neededHosts(pool([holding('h1', 1), holding('h2', 1)], { policy: SLOW, desired: 5 })).hosts).toBe(1);
  });
});

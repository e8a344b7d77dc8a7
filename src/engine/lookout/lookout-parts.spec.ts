import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Host } from '../../domain/host/host.js';
import type { WatchedPlace } from '../../store/repositories/lookout-records.js';
import { GatheredKeys } from './gathered-keys.js';
import { sameHosts, standingsOf } from './host-standings.js';
import { RepeatedWork } from './repeated-work.js';
import { StandingWatches } from './standing-watches.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('StandingWatches', () => {
  it('opens one for each name, and closes it when nobody wants it any more', () => {
    const opened: string[] = [];
    const signals = new Map<string, AbortSignal>();
    const open = (name: string) => (signal: AbortSignal) => {
      signals.set(name, signal);
      opened.push(name);
    };
    const watches = new StandingWatches();
    watches.keep(new Map([['h1', open('h1')]]));
    watches.keep(new Map(['h1', 'h2'].map((name) => [name, (signal) => open(name)(signal)])));
    expect(opened).toEqual(['h1', 'h2']);
    watches.keep(new Map([['h2', open('h2')]]));
    expect([signals.get('h1')?.aborted, signals.get('h2')?.aborted]).toEqual([true, false]);
    expect(watches.names).toEqual(['h2']);
    watches.keep(new Map([['h1', open('h1')]]));
    expect(opened).toEqual(['h1', 'h2', 'h1']);
  });
});

describe('GatheredKeys', () => {
  it('hands each on once, a moment after the first', () => {
    const handed: string[] = [];
    const keys = new GatheredKeys(50, ({ appId }) => void handed.push(appId));
    keys.add({ appId: '1', environmentId: '1' });
    vi.advanceTimersByTime(40);
    keys.add({ appId: '2', environmentId: '1' });
    keys.add({ appId: '1', environmentId: '1' });
    expect(handed).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(handed).toEqual(['1', '2']);
    keys.add({ appId: '1', environmentId: '1' });
    vi.advanceTimersByTime(50);
    expect(handed).toEqual(['1', '2', '1']);
  });
});

describe('RepeatedWork', () => {
  it('is done once for all who asked until then, at the earliest time that was asked for', async () => {
    let done = 0;
    const work = new RepeatedWork(async () => void (done += 1));
    work.ask(1_000);
    work.ask(50);
    work.ask(500);
    await vi.advanceTimersByTimeAsync(49);
    expect(done).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(done).toBe(1);
  });

  it('is done once more for who asks while it is done, and never twice at once', async () => {
    let [done, atOnce, most] = [0, 0, 0];
    const work = new RepeatedWork(async () => {
      most = Math.max(most, (atOnce += 1));
      await new Promise((resolve) => setTimeout(resolve, 100));
      atOnce -= 1;
      done += 1;
    });
    work.ask(0);
    await vi.advanceTimersByTimeAsync(50);
    for (const _time of [1, 2, 3]) work.ask(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect({ done, most }).toEqual({ done: 2, most: 1 });
  });

  it('is not done after its stop', async () => {
    let done = 0;
    const work = new RepeatedWork(async () => void (done += 1));
    work.ask(10);
    work.stop();
    work.ask(0);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(done).toBe(0);
  });
});

describe('standingsOf', () => {
  const host = (name: string, healthy = true): Host => ({
    ...{
      name,
      healthy,
      address: '10.0.0.1',
      dockerUrl: 'http://10.0.0.1:2375',
      machine: null,
      agentUrl: 'http://10.0.0.1:8500',
    },
    ...{ unhealthyBecause: healthy ? null : 'a check fails', capacity: null },
  });
  const place = (environment: string, hosts: readonly string[]): WatchedPlace => ({
    ...{ key: { appId: '1', environmentId: environment }, app: 'sample', stack: 'api', environment },
    ...{ services: [], hosts },
  });

  it('tells the lost from the well by their checks', () => {
    const lists = new Map([['api/production', [host('h1'), host('h2', false)]]]);
    expect(standingsOf([place('production', ['h1', 'h2'])], lists)).toEqual({ lost: ['h2'], well: ['h1'] });
  });

  it('holds a host for lost that fails its checks in one of its pools', () => {
    const lists = new Map([
      ['api/production', [host('h1')]],
      ['api/staging', [host('h1', false)]],
    ]);
    const places = [place('production', ['h1']), place('staging', ['h1'])];
    expect(standingsOf(places, lists)).toEqual({ lost: ['h1'], well: [] });
  });

  it('holds a host with instances for lost that is in no pool', () => {
    const lists = new Map([['api/production', [host('h1')]]]);
    expect(standingsOf([place('production', ['h1', 'gone'])], lists)).toEqual({ lost: ['gone'], well: ['h1'] });
  });

  it('concludes nothing from a pool that was not listed', () => {
    const lists = new Map([['api/production', [host('h1')]]]);
    const places = [place('production', ['elsewhere']), place('staging', [])];
    expect(standingsOf(places, lists)).toEqual({ lost: [], well: ['h1'] });
  });

  it('takes lists for the same when no host came, went or turned', () => {
    expect(sameHosts([host('h1')], [{ ...host('h1'), capacity: { memoryMb: 1, cpus: 1 } }])).toBe(true);
    expect(sameHosts([host('h1')], [host('h1', false)])).toBe(false);
    expect(sameHosts([host('h1')], [host('h1'), host('h2')])).toBe(false);
  });
});

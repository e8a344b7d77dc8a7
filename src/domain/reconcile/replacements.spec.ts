import { describe, expect, it } from 'vitest';
import { NOW, one, snapshot, standing, web } from '../../../test/factories/reconciles.js';
import { replacements } from './replacements.js';

const of = (patch: Parameters<typeof snapshot>[0]) => replacements(snapshot(patch));
const all = { workerId: null, onlyUnhealthy: false, askedAt: NOW };
const eight = Array.from({ length: 8 }, (_, index) => one(index + 1));
const slotsOf = (patch: Parameters<typeof snapshot>[0]) => of(patch).start.map(({ slot }) => slot);

describe('replacements for a restart', () => {
  it('exchange as many at once as the parallelism is, each with its predecessor and the next attempt', () => {
    const { start, stop } = of({ workers: [web(8)], instances: eight, restarts: [all] });
    expect(start.map(({ slot, attempt, predecessor }) => [slot, attempt, predecessor?.slot])).toEqual([
      [1, 2, 1],
      [2, 2, 2],
    ]);
    expect(start[0]?.because).toBe('a restart was asked for');
    expect(stop).toEqual([]);
  });

  it('count those that are under way, in other words every slot that is not healthy', () => {
    const busy = eight.map((each) => (each.instance.slot === 8 ? one(8, { state: 'started' }) : each));
    expect(slotsOf({ workers: [web(8)], instances: busy, restarts: [all] })).toEqual([1]);
    expect(slotsOf({ workers: [web(8)], instances: eight.slice(2), restarts: [all] })).toEqual([]);
  });

  it('leave alone what was placed after it was asked for, and other workers', () => {
    expect(slotsOf({ instances: [one(1, { plannedAt: NOW }), one(2)], restarts: [all] })).toEqual([2]);
    expect(slotsOf({ instances: [one(1), one(2)], restarts: [{ ...all, workerId: '2' }] })).toEqual([]);
    expect(slotsOf({ instances: [one(1), one(2)], restarts: [{ ...all, workerId: '1' }] })).toEqual([1]);
  });

  it('exchange only what does not pass, where only that was asked for', () => {
    const sick = [one(1), one(2, {}, { check: 'critical' })];
    expect(slotsOf({ instances: sick, restarts: [{ ...all, onlyUnhealthy: true }] })).toEqual([2]);
  });

  it('go on counting from the last attempt, also of one that failed since', () => {
    const lastAttempts = [{ workerId: '1', slot: 1, attempt: 6, failures: 1, endedAt: NOW }];
    expect(of({ workers: [web(1)], instances: [one(1)], restarts: [all], lastAttempts }).start).toMatchObject([
      { attempt: 7 },
    ]);
  });

  it('stop first what may not run twice', () => {
    const { start, stop } = of({
      ...{ workers: [web(2, { strategy: 'recreate' })], instances: [one(1), one(2)], restarts: [all] },
    });
    expect(start).toEqual([]);
    expect(stop.map(({ instance }) => instance.slot)).toEqual([1]);
  });

  it('are none where nothing should run', () => {
    expect(of({ currentDeployId: null, instances: [one(1)], restarts: [all] })).toEqual({ start: [], stop: [] });
  });
});

describe('replacements for a drain', () => {
  it('take from the host that is emptied, and nothing else', () => {
    const hosts = new Map([
      ['h1', standing({ draining: true, takes: false })],
      ['h2', standing()],
    ]);
    const { start } = of({ instances: [one(1), one(2, { host: 'h2' })], hosts });
    expect(start).toMatchObject([{ slot: 1, because: 'host h1 is emptied', onlyHost: null }]);
  });
});

describe('replacements for balance', () => {
  const hosts = new Map([
    ['h1', standing()],
    ['h2', standing()],
  ]);

  it('move to the one host that lacks them, when nothing else is to be done', () => {
    expect(of({ instances: [one(1), one(2)], hosts }).start).toMatchObject([
      { slot: 2, onlyHost: 'h2', because: 'host h1 has 2 of it and h2 has 0' },
    ]);
    const [asked] = of({ instances: [one(1), one(2)], hosts, restarts: [all] }).start;
    expect(asked).toMatchObject({ slot: 1, onlyHost: null });
  });

  it('wait while any slot is not healthy', () => {
    expect(of({ workers: [web(3)], instances: [one(1), one(2)], hosts }).start).toEqual([]);
  });
});

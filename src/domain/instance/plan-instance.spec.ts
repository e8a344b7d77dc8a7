import { describe, expect, it } from 'vitest';
import { anInstance, aSpec, healthyOne, observed } from '../../../test/factories/instances.js';
import {
  earliestOf,
  isServing,
  planInstance,
  planNewInstance,
  provenAt,
  ROUTERS_SEE_AFTER,
  servingFrom,
} from './plan-instance.js';

const NOW = 1_000_000;

describe('planInstance', () => {
  it('starts what is planned', () => {
    const instance = anInstance({ state: 'planned' });
    expect(planInstance(observed(instance, { container: 'absent', check: 'absent' }), NOW).kind).toBe('start');
  });

  it('waits for the check of what is started, at the latest until its deadline', () => {
    const instance = anInstance({ state: 'started', startedAt: NOW - 1_000 });
    const step = planInstance(observed(instance, { check: 'critical' }), NOW);
    expect(step).toEqual({ kind: 'wait', instance, until: NOW - 1_000 + instance.spec.healthDeadlineSeconds * 1000 });
  });

  it('believes a passing check only after the shortest time', () => {
    const instance = anInstance({ state: 'started', startedAt: NOW - 1_000 }, { minHealthySeconds: 2 });
    expect(planInstance(observed(instance, { check: 'passing' }), NOW)).toMatchObject({
      kind: 'wait',
      until: NOW + 1_000,
    });
    expect(planInstance(observed(instance, { check: 'passing' }), NOW + 1_000).kind).toBe('confirm');
  });

  it.each([
    ['ended', { container: 'exited', exitCode: 3 }, 'exited', 'its container ended with exit code 3'],
    ['was restarted', { container: 'running', restarts: 1, exitCode: 1 }, 'exited', 'exit code 1 and was restarted'],
    ['ran out of memory', { container: 'exited', outOfMemory: true }, 'exited', 'out of memory'],
    ['is gone', { container: 'absent' }, 'vanished', 'gone from the host'],
    [
      'is on a lost host',
      { container: 'unknown', hostLostBecause: 'serfHealth' },
      'vanished',
      'its host is lost: serfHealth',
    ],
  ] as const)('fails at the first proof: the container %s', (...[, seen, kind, cause]) => {
    const instance = anInstance({ state: 'started', startedAt: NOW });
    const step = planInstance(observed(instance, { check: 'critical', ...seen }), NOW);
    expect(step).toMatchObject({ kind: 'fail', proof: { kind, cause: expect.stringContaining(cause) as string } });
  });

  it('concludes nothing from a host that is silent but not lost', () => {
    const instance = anInstance({ state: 'started', startedAt: NOW });
    expect(planInstance(observed(instance, { container: 'unknown', check: 'unknown' }), NOW).kind).toBe('wait');
  });

  it('fails at the deadline with what the check said last', () => {
    const instance = anInstance({ state: 'started', startedAt: NOW - 10_000 }, { healthDeadlineSeconds: 10 });
    const step = planInstance(observed(instance, { check: 'critical', checkOutput: 'HTTP GET: 503' }), NOW);
    expect(step).toMatchObject({
      kind: 'fail',
      proof: { kind: 'unhealthy', cause: expect.stringContaining('503') as string },
    });
  });

  it('makes again what was lost of a healthy instance, and leaves a whole one alone', () => {
    expect(planInstance(healthyOne({ container: 'running', check: 'passing' }), NOW).kind).toBe('wait');
    expect(planInstance(healthyOne({ container: 'exited' }), NOW).kind).toBe('start');
    expect(planInstance(healthyOne({ container: 'absent', check: 'absent' }), NOW).kind).toBe('start');
    expect(planInstance(healthyOne({ check: 'absent' }), NOW).kind).toBe('start');
    expect(planInstance(healthyOne({ container: 'unknown', check: 'absent' }), NOW).kind).toBe('wait');
  });

  it('takes out of Consul, drains, then removes', () => {
    const stopped = { desired: 'stopped' } as const;
    expect(planInstance(observed(anInstance({ state: 'healthy', ...stopped })), NOW).kind).toBe('take_out');
    const draining = anInstance({ state: 'draining', drainingAt: NOW - 1_000, ...stopped }, { drainSeconds: 5 });
    expect(planInstance(observed(draining), NOW)).toMatchObject({ kind: 'wait', until: NOW + 4_000 });
    expect(planInstance(observed(draining), NOW + 4_000).kind).toBe('remove');
  });

  it.each(['planned', 'started', 'failed'] as const)('removes at once what never served: %s', (state) => {
    const seen = { check: 'critical' } as const;
    expect(planInstance(observed(anInstance({ state, desired: 'stopped' }), seen), NOW).kind).toBe('remove');
  });

  it('takes out what routers send requests to already, before anybody has believed it', () => {
    const instance = anInstance({ state: 'started', startedAt: NOW, desired: 'stopped' }, { minHealthySeconds: 60 });
    expect(planInstance(observed(instance), NOW).kind).toBe('take_out');
  });

  it('does not fail at its deadline what passes by then: who looks late finds it working', () => {
    const instance = anInstance({ state: 'started', startedAt: NOW - 100_000 }, { healthDeadlineSeconds: 10 });
    expect(planInstance(observed(instance), NOW).kind).toBe('confirm');
  });

  it('registers again what runs and Consul has not known for ten seconds', () => {
    const at = (startedAt: number) => planInstance(observed(anInstance({ state: 'started', startedAt }), seen), NOW);
    const seen = { check: 'absent' } as const;
    expect(at(NOW - 9_999).kind).toBe('wait');
    expect(at(NOW - 10_000).kind).toBe('start');
  });

  it('leaves alone what is healthy on a lost host, and what is failed or gone', () => {
    expect(planInstance(healthyOne({ container: 'absent', hostLostBecause: 'serfHealth' }), NOW).kind).toBe('wait');
    for (const state of ['failed', 'draining', 'stopped'] as const)
      expect(planInstance(observed(anInstance({ state })), NOW)).toMatchObject({ kind: 'wait', until: null });
  });

  it('does not touch what it cannot see', () => {
    const instance = anInstance({ state: 'draining', desired: 'stopped', drainingAt: 0 });
    expect(planInstance(observed(instance, { container: 'unknown' }), NOW)).toMatchObject({
      kind: 'wait',
      until: null,
    });
  });
});

describe('planNewInstance', () => {
  const monitored = { policy: { ...aSpec().policy, monitorSeconds: 10 } };
  const since = (healthyAt: number) => anInstance({ state: 'healthy', startedAt: 0, healthyAt }, monitored);

  it('waits as long as a healthy one is monitored, and then for nothing', () => {
    expect(planNewInstance(observed(since(NOW - 4_000)), NOW)).toMatchObject({ kind: 'wait', until: NOW + 6_000 });
    expect(planNewInstance(observed(since(NOW - 10_000)), NOW)).toMatchObject({ kind: 'wait', until: null });
  });

  it('fails one whose check fails while it is monitored, with what the check says; later it does not', () => {
    const seen = { check: 'critical', checkOutput: 'HTTP GET: 500' } as const;
    expect(planNewInstance(observed(since(NOW - 4_000), seen), NOW)).toMatchObject({
      kind: 'fail',
      proof: { kind: 'unhealthy', cause: expect.stringContaining('its check says: HTTP GET: 500') as string },
    });
    expect(planNewInstance(observed(since(NOW - 10_000), seen), NOW).kind).toBe('wait');
  });

  it.each([
    ['exited', { container: 'exited', exitCode: 9 }],
    ['exited', { restarts: 1 }],
    ['vanished', { container: 'absent', check: 'absent' }],
    ['vanished', { container: 'unknown', hostLostBecause: 'serfHealth' }],
  ] as const)('fails one that was healthy and is %s at any time: %j', (kind, seen) => {
    expect(planNewInstance(observed(since(0), seen), NOW)).toMatchObject({ kind: 'fail', proof: { kind } });
  });

  it('registers one again whose entry in Consul is gone', () => {
    expect(planNewInstance(observed(since(0), { check: 'absent' }), NOW).kind).toBe('start');
  });

  it('is as any other before it is healthy, and when it should stop', () => {
    const started = observed(anInstance({ state: 'started', startedAt: NOW }), { check: 'critical' });
    expect(planNewInstance(started, NOW)).toEqual(planInstance(started, NOW));
    const leaving = observed({ ...since(0), desired: 'stopped' }, { check: 'critical' });
    expect(planNewInstance(leaving, NOW).kind).toBe('take_out');
  });
});

describe('isServing', () => {
  const live = (liveAt: number | null, standby = false) =>
    anInstance({ state: 'healthy', startedAt: 0, healthyAt: 0, liveAt, standby });

  it('is true from when routers have seen it', () => {
    expect(servingFrom(live(NOW))).toBe(NOW + ROUTERS_SEE_AFTER);
    expect(isServing(observed(live(NOW - ROUTERS_SEE_AFTER)), NOW)).toBe(true);
    expect(isServing(observed(live(NOW - ROUTERS_SEE_AFTER + 1)), NOW)).toBe(false);
  });

  it.each([
    ['stands by', live(0, true), {}],
    ['was never given to traffic', live(null), {}],
    ['is not healthy yet', anInstance({ state: 'started', startedAt: 0 }), {}],
    ['fails its check', live(0), { check: 'critical' }],
    ['has no entry in Consul', live(0), { check: 'absent' }],
    ['cannot be asked about', live(0), { check: 'unknown' }],
    ['has ended', live(0), { container: 'exited' }],
    ['is gone', live(0), { container: 'absent' }],
    ['is on a lost host', live(0), { hostLostBecause: 'serfHealth' }],
  ] as const)('is false for one that %s', (...[, instance, seen]) => {
    expect(isServing(observed(instance, seen), NOW)).toBe(false);
  });

  it('is not known of what is not healthy', () => {
    expect(servingFrom(anInstance({ state: 'started' }))).toBeNull();
    expect(provenAt(anInstance({ state: 'started' }))).toBeNull();
  });
});

describe('earliestOf', () => {
  it('is the earliest wait, or null', () => {
    const instance = anInstance({});
    expect(earliestOf([{ kind: 'wait', instance, until: null }])).toBeNull();
    expect(
      earliestOf([
        { kind: 'wait', instance, until: 7 },
        { kind: 'wait', instance, until: 5 },
        { kind: 'start', instance },
      ]),
    ).toBe(5);
  });
});

import { describe, expect, it } from 'vitest';
import { anInstance, healthyOne, observed } from '../../../test/factories/instances.js';
import { earliestOf, planInstance } from './plan-instance.js';

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
    expect(planInstance(observed(anInstance({ state, desired: 'stopped' })), NOW).kind).toBe('remove');
  });

  it('does not touch what it cannot see', () => {
    const instance = anInstance({ state: 'draining', desired: 'stopped', drainingAt: 0 });
    expect(planInstance(observed(instance, { container: 'unknown' }), NOW)).toMatchObject({
      kind: 'wait',
      until: null,
    });
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

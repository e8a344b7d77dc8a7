import { describe, expect, it } from 'vitest';
import { BEGUN_AT, broken, fresh, NOW, old, planned, started, type Rolled } from '../../../test/factories/rollouts.js';
import { canaryPassesAt, isProven, stands, waveDueAt, type Moment, type WorkerRollout } from './worker-rollout.js';

const moment = (patch: Partial<Moment> = {}): Moment => {
  return { now: NOW, begunAt: BEGUN_AT, continuedAt: null, paused: false, room: new Map(), ...patch };
};

function part(instances: readonly ReturnType<typeof fresh>[], patch: Partial<WorkerRollout> = {}): WorkerRollout {
  const spec = (instances[0] ?? old(1)).instance.spec;
  return { spec, fresh: instances, old: [], retries: [], ...patch };
}

describe('stands', () => {
  it('is being healthy for as long as the policy wants to see, with a check that passes now', () => {
    const monitored = (healthyAt: number) => fresh(1, { healthyAt, policy: { monitorSeconds: 10 } });
    expect(stands(monitored(NOW - 10_000), NOW)).toBe(true);
    expect(stands(monitored(NOW - 9_999), NOW)).toBe(false);
    for (const check of ['critical', 'absent', 'unknown'] as const)
      expect(stands(fresh(1, {}, { check }), NOW)).toBe(false);
    expect(stands(started(1), NOW)).toBe(false);
  });
});

describe('isProven', () => {
  it('is all of them standing, and none tried again', () => {
    expect(isProven(part([fresh(1), fresh(2)]), NOW)).toBe(true);
    expect(isProven(part([fresh(1), started(2)]), NOW)).toBe(false);
    expect(isProven(part([fresh(1)], { retries: [broken(2)] }), NOW)).toBe(false);
    expect(isProven(part([]), NOW)).toBe(true);
  });
});

describe('waveDueAt', () => {
  const rolled = (patch: Rolled = {}) => [
    fresh(1, { healthyAt: NOW - 8_000, ...patch }),
    planned(2, { wave: 1, ...patch }),
  ];

  it('is the beginning for the first, whatever else is tried again beside it', () => {
    const policy = { delaySeconds: 30 };
    expect(waveDueAt(part(rolled({ policy })), 0, moment())).toBe(BEGUN_AT);
    expect(waveDueAt(part([planned(1, { policy })], { retries: [broken(2, { policy })] }), 0, moment())).toBe(BEGUN_AT);
  });

  it('is the proof of the last before, and the delay', () => {
    expect(waveDueAt(part(rolled()), 1, moment())).toBe(NOW - 8_000);
    expect(waveDueAt(part(rolled({ policy: { delaySeconds: 30 } })), 1, moment())).toBe(NOW + 22_000);
    expect(waveDueAt(part(rolled({ policy: { monitorSeconds: 5 } })), 1, moment())).toBe(NOW - 3_000);
  });

  it('is not before somebody said continue', () => {
    expect(waveDueAt(part(rolled()), 1, moment({ begunAt: NOW - 1_000 }))).toBe(NOW - 1_000);
  });

  it('is not known while one before is not proven, or is tried again', () => {
    expect(waveDueAt(part([started(1), planned(2, { wave: 1 })]), 1, moment())).toBeNull();
    expect(waveDueAt(part(rolled(), { retries: [broken(3)] }), 1, moment())).toBeNull();
  });
});

describe('canaryPassesAt', () => {
  const canary = (policy: object) =>
    part([
      fresh(1, { healthyAt: NOW - 8_000, policy: { strategy: 'canary', canaryPauseSeconds: 60, ...policy } }),
      planned(2, { wave: 2, policy: { strategy: 'canary', canaryPauseSeconds: 60, ...policy } }),
    ]);

  it('is the beginning where there are none', () => {
    expect(canaryPassesAt(part([fresh(1)]), moment())).toBe(BEGUN_AT);
    expect(canaryPassesAt(part([fresh(1, { wave: 2, policy: { strategy: 'canary' } })]), moment())).toBe(BEGUN_AT);
  });

  it('is the pause after their proof', () => {
    expect(canaryPassesAt(canary({}), moment())).toBe(NOW + 52_000);
    expect(waveDueAt(canary({ delaySeconds: 90 }), 2, moment())).toBe(NOW + 82_000);
    expect(waveDueAt(canary({ delaySeconds: 10 }), 2, moment())).toBe(NOW + 52_000);
  });

  it('is not known where somebody has to say so, until somebody did after the proof', () => {
    const waiting = canary({ canaryPauseSeconds: null });
    expect(canaryPassesAt(waiting, moment())).toBeNull();
    expect(canaryPassesAt(waiting, moment({ continuedAt: NOW - 8_001 }))).toBeNull();
    expect(canaryPassesAt(waiting, moment({ continuedAt: NOW - 8_000 }))).toBe(NOW - 8_000);
  });

  it('is not known while one of them is not proven, or is tried again', () => {
    const policy = { strategy: 'canary' } as const;
    expect(canaryPassesAt(part([fresh(1, { policy }), started(2, { wave: 1, policy })]), moment())).toBeNull();
    const again = { retries: [broken(2, { wave: 1, policy })] };
    expect(canaryPassesAt(part([fresh(1, { policy })], again), moment())).toBeNull();
  });
});

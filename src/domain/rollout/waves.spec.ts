import { describe, expect, it } from 'vitest';
import { aSpec } from '../../../test/factories/instances.js';
import { DEFAULT_POLICY, parallelismOf, type RolloutPolicy } from './rollout-policy.js';
import { canariesOf, rolloutSlots } from './waves.js';

const slots = (scale: number, policy: Partial<RolloutPolicy>, serves = true) =>
  rolloutSlots({ workerId: '1', scale, spec: aSpec({ policy: { ...DEFAULT_POLICY, ...policy } }) }, serves);
const waves = (...given: Parameters<typeof slots>) => slots(...given).map(({ wave }) => wave);

describe('rolloutSlots', () => {
  it('numbers every slot once, from 1', () => {
    expect(slots(3, {}).map(({ slot }) => slot)).toEqual([1, 2, 3]);
    expect(slots(0, {})).toEqual([]);
  });

  it('rolls behind a gate of one, in batches of the parallelism', () => {
    expect(waves(6, { strategy: 'rolling', parallelism: 2 })).toEqual([0, 1, 1, 2, 2, 3]);
    expect(waves(4, { strategy: 'rolling', parallelism: 100 })).toEqual([0, 1, 1, 1]);
    expect(waves(1, { strategy: 'rolling' })).toEqual([0]);
  });

  it('has canaries in waves 0 and 1, and batches behind them', () => {
    expect(waves(6, { strategy: 'canary', canaryPercent: 50, parallelism: 2 })).toEqual([0, 1, 1, 2, 2, 3]);
    expect(waves(3, { strategy: 'canary', canaryPercent: 1, parallelism: 1 })).toEqual([0, 2, 3]);
    expect(waves(2, { strategy: 'canary', canaryPercent: 100 })).toEqual([0, 1]);
  });

  it('has all stand by behind a gate, blue-green', () => {
    expect(waves(4, { strategy: 'blue_green', parallelism: 1 })).toEqual([0, 1, 1, 1]);
    expect(slots(4, { strategy: 'blue_green' }).every(({ standby }) => standby)).toBe(true);
    expect(slots(4, { strategy: 'rolling' }).some(({ standby }) => standby)).toBe(false);
  });

  it('starts all at once where the old went first', () => {
    expect(waves(3, { strategy: 'recreate', parallelism: 1 })).toEqual([0, 0, 0]);
  });

  it('starts all at once, in traffic and without canaries, where nothing serves', () => {
    expect(waves(3, { strategy: 'rolling', parallelism: 1 }, false)).toEqual([0, 0, 0]);
    expect(waves(3, { strategy: 'canary' }, false)).toEqual([2, 2, 2]);
    expect(slots(3, { strategy: 'blue_green' }, false).some(({ standby }) => standby)).toBe(false);
  });
});

describe('canariesOf', () => {
  it.each([
    [10, 10, 1],
    [11, 10, 2],
    [3, 50, 2],
    [1, 1, 1],
    [4, 100, 4],
  ])('of %i at %i percent are %i', (scale, canaryPercent, canaries) => {
    expect(canariesOf({ ...DEFAULT_POLICY, canaryPercent }, scale)).toBe(canaries);
  });
});

describe('parallelismOf', () => {
  it.each([
    [null, 1, 1],
    [null, 4, 1],
    [null, 5, 2],
    [null, 0, 1],
    [3, 100, 3],
  ])('of %s at a scale of %i is %i', (parallelism, scale, expected) => {
    expect(parallelismOf({ ...DEFAULT_POLICY, parallelism }, scale)).toBe(expected);
  });
});

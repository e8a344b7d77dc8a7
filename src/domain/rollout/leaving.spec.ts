import { describe, expect, it } from 'vitest';
import { old } from '../../../test/factories/rollouts.js';
import { aSpec } from '../../../test/factories/instances.js';
import { leavingOf } from './leaving.js';
import { DEFAULT_POLICY, type RolloutPolicy } from './rollout-policy.js';
import { rolloutSlots } from './waves.js';

const AT_THE_END = Number.MAX_SAFE_INTEGER;
const slots = (scale: number, policy: Partial<RolloutPolicy>) =>
  rolloutSlots({ workerId: '1', scale, spec: aSpec({ policy: { ...DEFAULT_POLICY, ...policy } }) }, true);
const before = (count: number) => Array.from({ length: count }, (_, index) => old(index + 1).instance);
const afterWaves = (...given: Parameters<typeof leavingOf>) => leavingOf(...given).map(({ afterWave }) => afterWave);

describe('leavingOf', () => {
  it('says what becomes free, and where', () => {
    expect(leavingOf(before(1), slots(1, {}))).toEqual([
      { host: 'h1', resources: { memoryMb: 64, cpus: 0.1 }, afterWave: 0 },
    ]);
  });

  it('is after the wave of what takes the slot; without that, at the end', () => {
    expect(afterWaves(before(4), slots(3, { parallelism: 1 }))).toEqual([0, 1, 2, AT_THE_END]);
    expect(afterWaves(before(2), [])).toEqual([AT_THE_END, AT_THE_END]);
  });

  it('is after the canaries were watched, for all of their slots', () => {
    expect(afterWaves(before(3), slots(3, { strategy: 'canary', canaryPercent: 50 }))).toEqual([1, 1, 2]);
  });

  it('is at the end where all are switched together, and before all where the old go first', () => {
    expect(afterWaves(before(2), slots(2, { strategy: 'blue_green' }))).toEqual([AT_THE_END, AT_THE_END]);
    expect(afterWaves(before(2), slots(2, { strategy: 'recreate' }))).toEqual([-1, -1]);
  });

  it('is before all for what is stopped or failed already', () => {
    const gone = [old(1, { desired: 'stopped', state: 'draining' }), old(2, { state: 'failed' })];
    const instances = gone.map(({ instance }) => instance);
    expect(afterWaves(instances, slots(2, {}))).toEqual([-1, -1]);
  });

  it('is before all for what a superseded deploy had only begun, but not for what of it serves', () => {
    const left = [old(1, { deployId: '9', state: 'started' }), old(2, { deployId: '9' }), old(3, { state: 'started' })];
    const instances = left.map(({ instance }) => instance);
    expect(afterWaves(instances, slots(3, { parallelism: 9 }), '1')).toEqual([-1, 1, 1]);
    expect(afterWaves(instances, slots(3, { parallelism: 9 }))).toEqual([0, 1, 1]);
  });
});

import { describe, expect, it } from 'vitest';
import { anApp, aPlace } from '../../../test/factories/what-if.js';
import { aSpec } from '../../../test/factories/instances.js';
import { DEFAULT_POLICY, type RolloutPolicy } from '../rollout/rollout-policy.js';
import { tryRollout } from './try-rollout.js';

function rollout({ on, slots, scale, policy = {} }: Wanted) {
  const names = ['h1', 'h2'];
  const hosts = names.map((name) => aPlace(name, { slots, taken: on.filter((each) => each === name).length }));
  const spec = aSpec({ policy: { ...DEFAULT_POLICY, ...policy } });
  return tryRollout({ hosts, app: anApp(on, { hosts }), workers: [{ workerId: '1', scale, spec }] });
}

interface Wanted {
  readonly on: readonly string[];
  readonly slots: number;
  readonly scale: number;
  readonly policy?: Partial<RolloutPolicy>;
}

const peaks = ({ hosts }: ReturnType<typeof rollout>) => hosts.map(({ peak }) => peak.instances);

describe('tryRollout', () => {
  it('starts everything at once where nothing serves yet', () => {
    const outcome = rollout({ on: [], slots: 4, scale: 3 });
    expect(outcome.steps.map(({ round, action, slot, to }) => `${round} ${action} ${slot} ${to}`)).toEqual([
      '1 start 1 h1',
      '1 start 2 h2',
      '1 start 3 h1',
    ]);
  });

  it('replaces wave by wave, one more than before at a time, and stops what nothing follows', () => {
    const outcome = rollout({ on: ['h1', 'h2', 'h1'], slots: 3, scale: 2 });
    expect(outcome.steps.map(({ round, action, slot, from }) => `${round} ${action} ${slot} ${from}`)).toEqual([
      '1 move 1 h1',
      '2 move 2 h2',
      '2 stop 3 h1',
    ]);
    expect(outcome.hosts.map(({ after }) => after.instances).reduce((sum, each) => sum + each, 0)).toBe(2);
    expect(outcome.steps[0]?.because).toBe('wave 1 of 2');
  });

  it('needs twice the room for blue-green, none more for recreate', () => {
    const on = ['h1', 'h2'];
    const green = rollout({ on, slots: 4, scale: 2, policy: { strategy: 'blue_green' } });
    expect(peaks(green)).toEqual([2, 2]);
    const again = rollout({ on, slots: 1, scale: 2, policy: { strategy: 'recreate' } });
    expect([again.unplaced, peaks(again)]).toEqual([[], [1, 1]]);
  });

  it('does nothing, and says why every host refuses, where one slot has no place', () => {
    const outcome = rollout({ on: ['h1', 'h2'], slots: 1, scale: 2 });
    expect(outcome.steps).toEqual([]);
    expect(outcome.unplaced[0]?.refusals.map(({ host }) => host)).toEqual(['h1', 'h2']);
    expect(outcome.hosts.map(({ before, after }) => [before.instances, after.instances])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});

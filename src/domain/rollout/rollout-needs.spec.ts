import { describe, expect, it } from 'vitest';
import { aSpec } from '../../../test/factories/instances.js';
import { old, planned } from '../../../test/factories/rollouts.js';
import { rolloutNeeds } from './rollout-needs.js';

const web = { workerId: '1', scale: 3, spec: aSpec() };
const needs = (...instances: ReturnType<typeof old>[]) =>
  rolloutNeeds({
    ...{ deployId: '2', currentDeployId: '1', workers: [web] },
    instances: instances.map(({ instance }) => instance),
  });

describe('rolloutNeeds', () => {
  it('are every slot in its wave behind a gate, and the room that the old leave', () => {
    const { missing, leaving } = needs(old(1), old(2));
    expect(missing.map(({ slot, wave, deployId, attempt }) => [slot, wave, deployId, attempt])).toEqual([
      [1, 0, '2', 1],
      [2, 1, '2', 1],
      [3, 2, '2', 1],
    ]);
    expect(leaving.map(({ afterWave }) => afterWave)).toEqual([0, 1]);
  });

  it('have no gate where nothing serves: nothing is there, or it is not healthy, or another worker', () => {
    for (const instances of [[], [old(1, { state: 'started' })], [old(1, { workerId: '2' })]])
      expect(needs(...instances).missing.map(({ wave }) => wave)).toEqual([0, 0, 0]);
  });

  it('do not count what is reserved for the rollout itself as old', () => {
    expect(needs(planned(1)).leaving).toEqual([]);
  });
});

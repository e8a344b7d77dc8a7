import type { Instance, InstanceFailure, Observation } from '../../src/domain/instance/instance.js';
import type { ObservedInstance } from '../../src/domain/instance/plan-instance.js';
import type { RolloutSnapshot } from '../../src/domain/rollout/plan-rollout.js';
import { DEFAULT_POLICY, type RolloutPolicy } from '../../src/domain/rollout/rollout-policy.js';
import { anInstance, observed } from './instances.js';

/** When the snapshots of these specs are taken, and when their rollout began, in milliseconds. */
export const NOW = 1_000_000;
export const BEGUN_AT = NOW - 60_000;

/** Of deploy 2, for a worker of the given policy. */
export interface Rolled extends Partial<Instance> {
  readonly policy?: Partial<RolloutPolicy>;
}

const specOf = (policy: Partial<RolloutPolicy> = {}) => ({ policy: { ...DEFAULT_POLICY, ...policy } });

/** An old instance, of deploy 1, that has served for long. */
export function old(
  slot: number,
  { policy, ...patch }: Rolled = {},
  seen: Partial<Observation> = {},
): ObservedInstance {
  const served = { state: 'healthy', startedAt: 0, healthyAt: 0, liveAt: 0 } as const;
  return observed(anInstance({ slot, deployId: '1', ...served, ...patch }, specOf(policy)), seen);
}

/** A new instance, of deploy 2, with a reserved place. */
export function planned(slot: number, { policy, ...patch }: Rolled = {}): ObservedInstance {
  return observed(anInstance({ slot, deployId: '2', ...patch }, specOf(policy)), {
    container: 'absent',
    check: 'absent',
  });
}

/** A new instance that runs and is not healthy yet. */
export function started(slot: number, patch: Rolled = {}): ObservedInstance {
  const { instance } = planned(slot, { state: 'started', startedAt: NOW - 1_000, ...patch });
  return observed(instance, { check: 'critical' });
}

/** A new instance that has been healthy and in traffic for ten seconds, where nothing else is said. */
export function fresh(slot: number, patch: Rolled = {}, seen: Partial<Observation> = {}): ObservedInstance {
  const healthyAt = patch.healthyAt ?? NOW - 10_000;
  const { instance } = planned(slot, { state: 'healthy', startedAt: BEGUN_AT, healthyAt, liveAt: healthyAt, ...patch });
  return observed(instance, seen);
}

/** A new instance that was proven not to work; removed already where nothing else is said. */
export function broken(slot: number, { policy, ...patch }: Rolled = {}): Instance {
  const failure: InstanceFailure = {
    ...{ cause: 'its container ended with exit code 1', kind: 'exited', exitCode: 1, outOfMemory: false },
    ...{ signal: null, lastCheck: null, lastChecks: [], lastLines: [] },
  };
  const ended = { state: 'stopped', desired: 'stopped', endedAt: NOW - 5_000, failure } as const;
  return anInstance({ slot, deployId: '2', ...ended, ...patch }, specOf(policy));
}

/** A snapshot of the rollout of deploy 2 over deploy 1. */
export function rollout(instances: readonly ObservedInstance[], patch: Partial<RolloutSnapshot> = {}): RolloutSnapshot {
  const base = { now: NOW, begunAt: BEGUN_AT, continuedAt: null, paused: false, failures: [], room: new Map() };
  return { ...base, deployId: '2', currentDeployId: '1', instances, ...patch };
}

/** Steps in short: what, with which deploy's slot. */
export function shortly(steps: readonly { readonly kind: string; readonly instance: Instance }[]): string[] {
  return steps.map(({ kind, instance }) => `${kind} ${instance.deployId}-${instance.slot}`);
}

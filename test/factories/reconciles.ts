import type { Instance, Observation } from '../../src/domain/instance/instance.js';
import type { ObservedInstance } from '../../src/domain/instance/plan-instance.js';
import type { HostStanding, ReconcileSnapshot, WantedWorker } from '../../src/domain/reconcile/reconcile-snapshot.js';
import { DEFAULT_POLICY, type RolloutPolicy } from '../../src/domain/rollout/rollout-policy.js';
import { anInstance, aSpec, observed } from './instances.js';

/** When the snapshots of these specs are taken, in milliseconds, and how long a lost host is waited for. */
export const NOW = 1_000_000;
export const GRACE = 60_000;

/** The worker `web`, id 1, of such a scale and policy. */
export function web(scale: number, policy: Partial<RolloutPolicy> = {}): WantedWorker {
  return { workerId: '1', scale, spec: aSpec({ policy: { ...DEFAULT_POLICY, ...policy } }) };
}

/** An instance of the current deploy, 1, that has served for long, where nothing else is said. */
export function one(slot: number, patch: Partial<Instance> = {}, seen: Partial<Observation> = {}): ObservedInstance {
  return observed(anInstance({ slot, state: 'healthy', startedAt: 0, healthyAt: 0, ...patch }), seen);
}

/** A host with room that is well, where nothing else is said. */
export function standing(patch: Partial<HostStanding> = {}): HostStanding {
  const well = { lostSince: null, known: true, draining: false, takes: true };
  return { ...well, capacity: { memoryMb: 10_000, cpus: 10 }, reserved: { memoryMb: 0, cpus: 0 }, ...patch };
}

/** A snapshot with deploy 1 current and two of `web` wanted, where nothing else is said. */
export function snapshot(patch: Partial<ReconcileSnapshot>): ReconcileSnapshot {
  const empty = { lastAttempts: [], instances: [], hosts: new Map(), restarts: [] };
  return { now: NOW, graceMs: GRACE, currentDeployId: '1', workers: [web(2)], ...empty, ...patch };
}

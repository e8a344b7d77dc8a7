import type { Instance } from '../../src/domain/instance/instance.js';
import type { InstanceStep, ObservedInstance } from '../../src/domain/instance/plan-instance.js';
import type { Placement } from '../../src/domain/placement/placement.js';
import { planReconcile } from '../../src/domain/reconcile/plan-reconcile.js';
import type { HostStanding, MissingInstance, WantedWorker } from '../../src/domain/reconcile/reconcile-snapshot.js';
import { rolloutNeeds } from '../../src/domain/rollout/rollout-needs.js';
import { microCpus } from '../../src/domain/host/resources.js';
import { judgeRoom, type RoomPool } from '../../src/domain/room/judge-room.js';
import type { PoolRules } from './sim-hosts.js';
import { place, requestOf, type Wanted, waveNeed } from './sim-placing.js';
import {
  type Held,
  hold,
  letGo,
  RUNNING,
  runningOn,
  type SimState,
  type SimWorker,
  standingOf,
  violate,
} from './sim-state.js';

/** How long a lost host's containers wait for it, in milliseconds: as the engine does by default. */
const GRACE = 60_000;
/** How long a container takes until its check passes, in milliseconds. */
const STARTS_WITHIN = 20_000;

/** Looks at the workers that are due: the real planners say what is to be done, and it is done at once. */
export function lookAtWorkers(state: SimState, rules: PoolRules): void {
  const hosts = new Map([...state.hosts].map(([name, host]) => [name, standingOf(host)]));
  const due = [...state.due, ...state.workers.filter(({ lookAt }) => lookAt !== null && lookAt <= state.now)];
  state.due.clear();
  for (const worker of new Set(due)) {
    if (worker.deployAskedAt !== null) tryDeploy(state, worker, rules);
    reconcile(state, worker, hosts);
  }
}

/** A deploy begins when the real placement has a place for each of its containers in its wave; else it waits. */
function tryDeploy(state: SimState, worker: SimWorker, rules: PoolRules): void {
  const next = worker.deploy + 1;
  const { missing, leaving } = rolloutNeeds({
    ...{ deployId: String(next), workers: [wantedOf(worker)], currentDeployId: String(worker.deploy) },
    instances: [...worker.held.values()].map(({ instance }) => instance),
  });
  const placement = place(state, worker, { missing, leaving });
  if (placement.unplaced.length > 0) {
    seekRoom(state, worker, { missing, leaving, rules });
    return;
  }
  worker.deploy = next;
  noteTime(state, worker.deployAskedAt, missing.length);
  endAsking(state, worker, rules);
  begin(state, worker, { missing, placement });
}

/**
 * What the pool is asked for is what the engine would ask: never the count of those without a place. A rollout of which
 * two of seven find none in their wave needs room for seven at once: two alone do fit, so no host would come, and it would
 * wait for ever. Unlike the engine this never gives up waiting, so that a deploy for which no room is made is seen at rest;
 * those that the engine would have given up are counted.
 */
function seekRoom(state: SimState, worker: SimWorker, { rules, ...of }: Wanted & { readonly rules: PoolRules }): void {
  const verdict = judgeRoom({ ...requestOf(state, worker, of), pool: poolOf(rules) });
  if (verdict.kind === 'wait') {
    worker.deployWants = verdict.wanted;
    return;
  }
  state.tally.refused += 1;
  endAsking(state, worker, rules);
}

function endAsking({ now, tally }: SimState, worker: SimWorker, { policy }: PoolRules): void {
  const waited = now - (worker.deployAskedAt ?? now);
  if (waited >= policy.waitForRoomSeconds * 1000) tally.late += 1;
  worker.deployAskedAt = null;
  worker.deployWants = [];
}

function poolOf({ policy, offer }: PoolRules): RoomPool {
  return { name: 'pool', kind: 'auto_scaling_group', mode: policy.mode, max: policy.max, offer };
}

function reconcile(state: SimState, worker: SimWorker, hosts: ReadonlyMap<string, HostStanding>): void {
  const plan = planReconcile({
    ...{ now: state.now, currentDeployId: String(worker.deploy), workers: [wantedOf(worker)], lastAttempts: [] },
    instances: [...worker.held.values()].map((held) => observed(state, held)),
    ...{ hosts, restarts: [], graceMs: GRACE },
  });
  for (const { instance } of plan.stop) change(worker, instance.id, { desired: 'stopped' });
  const movable = plan.start.filter(
    ({ predecessor }) => predecessor === null || worker.mayMove || isLeaving(state, predecessor),
  );
  const placement = place(state, worker, { missing: movable, leaving: [] });
  noteWaiting(state, worker, placement);
  begin(state, worker, { missing: movable, placement });
  let moved = plan.stop.length > 0 || placement.placed.length > 0;
  for (const step of plan.steps) moved = apply(state, worker, step) || moved;
  const waits = worker.waiting > 0 || worker.deployAskedAt !== null;
  const next = [plan.dueAt, plan.lookAgainAt, waits || moved ? state.now : null];
  const times = next.filter((time): time is number => time !== null);
  worker.lookAt = times.length === 0 ? null : Math.min(...times);
}

function isLeaving({ hosts }: SimState, { host }: Instance): boolean {
  return hosts.get(host)?.role !== 'serves';
}

/** What has no host now is wanted since now, or since it first had none. */
function noteWaiting(state: SimState, worker: SimWorker, { placed, unplaced }: Placement): void {
  if (placed.length > 0) noteTime(state, worker.wantedSince, placed.length);
  worker.waiting = unplaced.length;
  worker.wantedSince = unplaced.length === 0 ? null : (worker.wantedSince ?? state.now);
}

function noteTime({ now, tally }: SimState, since: number | null, count: number): void {
  for (let at = 0; at < count; at += 1) tally.timesToPlace.push(since === null ? 0 : (now - since) / 1000);
}

/** Reserves the places that were found. */
function begin(
  state: SimState,
  worker: SimWorker,
  of: { readonly missing: readonly MissingInstance[]; readonly placement: Placement },
): void {
  const hostBySlot = new Map(of.placement.placed.map(({ need, host }) => [need.key, host]));
  for (const each of of.missing) {
    const name = waveNeed(worker, each).need.key;
    const host = hostBySlot.get(name);
    if (host === undefined) continue;
    if (each.predecessor !== null) {
      change(worker, each.predecessor.id, { desired: 'replace' });
      state.tally.moves += 1;
    }
    hold(state, { instance: instanceOf(state, worker, { ...each, name, host }), worker, passesAt: Infinity });
  }
}

function instanceOf(
  state: SimState,
  worker: SimWorker,
  { slot, deployId, attempt, wave, name, host }: MissingInstance & { readonly name: string; readonly host: string },
): Instance {
  return {
    ...{
      id: `${name}-${state.now}`,
      appId: worker.id,
      environmentId: '1',
      workerId: worker.id,
      deployId,
      slot,
      attempt,
    },
    ...{ containerName: name, host, hostPort: 20_000, spec: worker.spec, desired: 'running', state: 'planned', wave },
    ...{ standby: false, plannedAt: state.now, liveAt: null, startedAt: null, healthyAt: null, drainingAt: null },
    ...{ endedAt: null, failure: null },
  };
}

/** Does one step; answers whether it did something. */
function apply(state: SimState, worker: SimWorker, step: InstanceStep): boolean {
  const held = worker.held.get(step.instance.id);
  if (held === undefined || step.kind === 'wait') return false;
  const { now } = state;
  switch (step.kind) {
    case 'start':
      if (!mayStart(state, held)) return held.instance.state === 'planned';
      held.passesAt = now + STARTS_WITHIN;
      change(worker, held.instance.id, { state: 'started', startedAt: now });
      return true;
    case 'confirm':
    case 'put_in':
      change(worker, held.instance.id, { state: 'healthy', healthyAt: now, liveAt: now });
      return true;
    case 'take_out':
      checkServed(state, held);
      change(worker, held.instance.id, { state: 'draining', drainingAt: now });
      return true;
    case 'fail':
      change(worker, held.instance.id, { state: 'failed', desired: 'stopped', endedAt: now });
      return true;
    case 'remove':
      letGo(state, held);
      return true;
  }
}

/** The waves before have to be healthy, and the host has to have the room now, not only later. */
function mayStart({ hosts }: SimState, { instance, worker }: Held): boolean {
  const host = hosts.get(instance.host);
  if (host === undefined) return false;
  const earlier = [...worker.held.values()]
    .map((other) => other.instance)
    .filter((other) => other.deployId === instance.deployId);
  if (earlier.some(({ wave, state, desired }) => desired === 'running' && wave < instance.wave && state !== 'healthy'))
    return false;
  const { memoryMb, cpus } = instance.spec.resources;
  const { runningMb, runningMicro } = runningOn(host);
  return (
    runningMb + memoryMb <= host.capacity.memoryMb && runningMicro + microCpus(cpus) <= microCpus(host.capacity.cpus)
  );
}

/** What serves may only go when its slot is served by another, or nobody wants the slot any more. */
function checkServed(state: SimState, { instance, worker }: Held): void {
  const others = [...worker.held.values()].filter(
    (other) => other.instance.slot === instance.slot && other.instance.id !== instance.id,
  );
  const isLost = state.hosts.get(instance.host)?.role === 'lost';
  if (instance.slot > worker.scale || isLost || instance.state !== 'healthy') return;
  if (others.every((other) => other.instance.state !== 'healthy'))
    violate(state, 'what serves goes only when another serves in its slot');
}

function change(worker: SimWorker, id: string, patch: Partial<Instance>): void {
  const held = worker.held.get(id);
  if (held !== undefined) held.instance = { ...held.instance, ...patch };
}

function wantedOf({ id, scale, spec }: SimWorker): WantedWorker {
  return { workerId: id, scale, spec };
}

function observed({ hosts, now }: SimState, { instance, passesAt }: Held): ObservedInstance {
  const lost = hosts.get(instance.host)?.role === 'lost';
  const container = lost ? 'unknown' : RUNNING.has(instance.state) ? 'running' : 'absent';
  const check = lost ? 'unknown' : container === 'absent' ? 'absent' : now >= passesAt ? 'passing' : 'critical';
  return {
    instance,
    seen: {
      ...{ container, check, hostLostBecause: lost ? 'it does not answer' : null },
      ...{ exitCode: null, outOfMemory: false, restarts: 0, checkOutput: null },
    },
  };
}

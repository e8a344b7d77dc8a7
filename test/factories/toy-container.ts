import type { Instance, InstanceFailure, Observation } from '../../src/domain/instance/instance.js';
import { instanceLifecycle, type InstanceState } from '../../src/domain/instance/instance-lifecycle.js';
import type { InstanceStep, ObservedInstance, Proof } from '../../src/domain/instance/plan-instance.js';
import { lostBecause, type ToyHost } from './toy-host.js';

/** What becomes of a container that is started: it works, ends at once, never answers, or fails while it is monitored. */
export type Fate = 'works' | 'ends' | 'mute' | 'relapses';

/** A row of Postgres beside its container and its entry in Consul. */
export interface ToyContainer {
  instance: Instance;
  container: 'running' | 'exited' | 'absent';
  /** Its entry in Consul. */
  entry: 'none' | 'standby' | 'traffic';
  passing: boolean;
  fate: Fate;
  /** When its check begins to pass; when it fails again. */
  passesAt: number;
  relapsesAt: number;
  /** Since when routers can find it; null while they cannot. */
  foundSince: number | null;
}

/** A reserved place without a container. */
export function toyContainer(instance: Instance): ToyContainer {
  const unknown = { passing: false, passesAt: Infinity, relapsesAt: Infinity, foundSince: null };
  return { instance, container: 'absent', entry: 'none', fate: 'works', ...unknown };
}

/** One that has served for long. */
export function servingContainer(instance: Instance): ToyContainer {
  return {
    ...toyContainer(instance),
    container: 'running',
    entry: 'traffic',
    passing: true,
    passesAt: 0,
    foundSince: 0,
  };
}

/** What Docker and Consul say of it. */
export function seenOf({ instance, container, entry, passing }: ToyContainer, host: ToyHost): ObservedInstance {
  const hostLostBecause = lostBecause(host);
  const registered = entry === (instance.standby ? 'standby' : 'traffic') && host.standing !== 'forgotten';
  const seen: Observation = {
    ...{ container: host.standing === 'well' ? container : 'unknown', hostLostBecause },
    ...{ exitCode: container === 'exited' ? 1 : null, outOfMemory: false, restarts: 0, checkOutput: null },
    check: !registered ? 'absent' : passing && hostLostBecause === null ? 'passing' : 'critical',
  };
  return { instance, seen };
}

/** What time does to it: its check passes, or fails again. */
export function age(each: ToyContainer, now: number): void {
  const passing = each.container === 'running' && now >= each.passesAt && now < each.relapsesAt;
  each.passing = passing;
  const found = passing && each.entry === 'traffic';
  each.foundSince = found ? (each.foundSince ?? now) : null;
}

/** When something happens to it by itself; null for never. */
export function nextEventOf({ container, passesAt, relapsesAt }: ToyContainer, now: number): number | null {
  const times = [passesAt, relapsesAt].filter((at) => container === 'running' && at > now && at < Infinity);
  return times.length === 0 ? null : Math.min(...times);
}

/** Whether anything of it takes room on its host. */
export function takesRoom({ container, instance: { state } }: ToyContainer): boolean {
  return container !== 'absent' || state === 'started' || state === 'healthy' || state === 'draining';
}

/** What a landing step is applied with. */
export interface Landing {
  readonly now: number;
  readonly host: ToyHost;
  /** What becomes of a container that this starts, and how long its check takes. */
  readonly draw: () => { readonly fate: Fate; readonly passesAfter: number };
}

/** Applies a step as the engine does: nothing on a host that does not answer, and only to the state it was decided for. */
export function land(step: InstanceStep, each: ToyContainer, landing: Landing): void {
  const { now, host } = landing;
  if (step.kind === 'fail') return move(each, step, { to: 'failed', endedAt: now, failure: failureOf(step.proof) });
  if (host.standing !== 'well') {
    const none = failureOf({ kind: 'not_started', cause: 'it could not be started' });
    if (step.kind === 'start' && step.instance.state === 'planned')
      move(each, step, { to: 'failed', endedAt: now, failure: none });
    return;
  }
  if (step.kind === 'start') return start(each, step, landing);
  if (step.kind === 'confirm')
    return move(each, step, { to: 'healthy', healthyAt: now, liveAt: each.instance.standby ? null : now });
  if (step.kind === 'put_in') return putIn(each, now);
  if (step.kind === 'take_out') {
    each.entry = 'none';
    age(each, now);
    return move(each, step, { to: 'draining', drainingAt: now });
  }
  if (step.kind === 'remove') {
    Object.assign(each, { container: 'absent', entry: 'none' });
    age(each, now);
    move(each, step, { to: 'stopped', endedAt: each.instance.endedAt ?? now });
  }
}

function start(each: ToyContainer, step: InstanceStep, { now, draw }: Landing): void {
  const { fate, passesAfter } = draw();
  each.entry = each.instance.standby ? 'standby' : 'traffic';
  if (each.container !== 'running') {
    const passesAt = fate === 'mute' ? Infinity : now + passesAfter;
    const relapses = fate === 'relapses' && each.instance.spec.policy.monitorSeconds > 0;
    const relapsesAt = relapses ? passesAt + 2_000 : Infinity;
    Object.assign(each, { fate, passesAt, relapsesAt, container: fate === 'ends' ? 'exited' : 'running' });
  }
  age(each, now);
  if (each.instance.state === 'planned') move(each, step, { to: 'started', startedAt: now });
}

function putIn(each: ToyContainer, now: number): void {
  if (each.instance.state !== 'healthy' || !each.instance.standby) return;
  each.entry = 'traffic';
  each.instance = { ...each.instance, standby: false, liveAt: now };
  age(each, now);
}

function move(
  each: ToyContainer,
  { instance }: InstanceStep,
  { to, ...patch }: Partial<Instance> & { to: InstanceState },
): void {
  if (!instanceLifecycle.canMove(instance.state, to)) throw new Error(`${to} may not follow ${instance.state}`);
  if (each.instance.state === instance.state) each.instance = { ...each.instance, ...patch, state: to };
}

function failureOf(proof: Proof): InstanceFailure {
  const unknown = { exitCode: null, signal: null, outOfMemory: false, lastCheck: null, lastChecks: [], lastLines: [] };
  return { ...proof, ...unknown };
}

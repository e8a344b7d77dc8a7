import type { Instance, InstanceFailure, Observation } from './instance.js';

/** An instance beside what Docker and Consul say of it now. */
export interface ObservedInstance {
  readonly instance: Instance;
  readonly seen: Observation;
}

/**
 * The one next step of an instance. `start`: make its container run and its registration stand (also again, where
 * either was lost); `confirm`: it is proven healthy; `put_in`: one that stood by is given to traffic; `fail`: it is
 * proven not to work; `take_out`: out of Consul; `remove`: stop and remove what there is of it; `wait`: nothing to do
 * before `until`, or before something changes.
 */
export type InstanceStep =
  | { readonly kind: 'start' | 'confirm' | 'put_in' | 'take_out' | 'remove'; readonly instance: Instance }
  | { readonly kind: 'fail'; readonly instance: Instance; readonly proof: Proof }
  | { readonly kind: 'wait'; readonly instance: Instance; readonly until: number | null };

/** What a failure is concluded from; its details are read off the container by who applies the step. */
export type Proof = Pick<InstanceFailure, 'kind' | 'cause'>;

/** Routers see a new entry in Consul at the latest after so long, in milliseconds: two times HAProxy's default of asking. */
export const ROUTERS_SEE_AFTER = 1_000;

/** After so long without an entry in Consul a started instance is registered again, in milliseconds. */
const REGISTRATION_PATIENCE = 10_000;

/** Decides the next step of one instance. Pure: `now` is milliseconds since 1970. */
export function planInstance({ instance, seen }: ObservedInstance, now: number): InstanceStep {
  if (instance.desired === 'stopped') return planStop({ instance, seen }, now);
  switch (instance.state) {
    case 'planned':
      return { kind: 'start', instance };
    case 'started':
      return planProof({ instance, seen }, now);
    case 'healthy':
      return planUpkeep({ instance, seen });
    case 'draining':
    case 'failed':
    case 'stopped':
      return rest(instance);
  }
}

function planProof({ instance, seen }: ObservedInstance, now: number): InstanceStep {
  const proof = proofOfFailure({ instance, seen }, now);
  if (proof !== null) return { kind: 'fail', instance, proof };
  const startedAt = instance.startedAt ?? now;
  if (seen.check === 'passing') {
    const believedAt = startedAt + instance.spec.minHealthySeconds * 1000;
    return now >= believedAt ? { kind: 'confirm', instance } : { kind: 'wait', instance, until: believedAt };
  }
  const lost = seen.check === 'absent' && seen.container === 'running' && now >= startedAt + REGISTRATION_PATIENCE;
  return lost ? { kind: 'start', instance } : { kind: 'wait', instance, until: deadlineOf(instance, now) };
}

function deadlineOf(instance: Instance, now: number): number {
  return (instance.startedAt ?? now) + instance.spec.healthDeadlineSeconds * 1000;
}

function proofOfFailure({ instance, seen }: ObservedInstance, now: number): Proof | null {
  if (seen.container === 'exited' || seen.restarts > 0) return { kind: 'exited', cause: exitSentence(seen) };
  if (seen.container === 'absent') return { kind: 'vanished', cause: 'its container is gone from the host' };
  if (seen.container === 'unknown' && seen.hostLostBecause !== null)
    return { kind: 'vanished', cause: `its host is lost: ${seen.hostLostBecause}` };
  // Who looks late, after a crash say, must not fail what works by now.
  if (seen.check === 'passing' || now < deadlineOf(instance, now)) return null;
  const answer = seen.checkOutput === null ? 'the check never answered' : `its check says: ${seen.checkOutput.trim()}`;
  return { kind: 'unhealthy', cause: `not healthy after ${instance.spec.healthDeadlineSeconds} s; ${answer}` };
}

function exitSentence(seen: Observation): string {
  if (seen.outOfMemory) return 'its container ran out of memory and was killed';
  const code = seen.exitCode === null ? '' : ` with exit code ${seen.exitCode}`;
  return seen.restarts > 0 ? `its container ended${code} and was restarted` : `its container ended${code}`;
}

/** An instance that was healthy once is kept running: what was lost of it is made again in its place. */
function planUpkeep({ instance, seen }: ObservedInstance): InstanceStep {
  if (seen.hostLostBecause !== null || seen.container === 'unknown') return rest(instance);
  const whole = seen.container === 'running' && seen.check !== 'absent';
  return whole ? rest(instance) : { kind: 'start', instance };
}

function planStop({ instance, seen }: ObservedInstance, now: number): InstanceStep {
  if (instance.state === 'stopped' || seen.container === 'unknown') return rest(instance);
  if (takesTraffic({ instance, seen })) return { kind: 'take_out', instance };
  if (instance.state !== 'draining') return { kind: 'remove', instance };
  const drainedAt = (instance.drainingAt ?? now) + instance.spec.drainSeconds * 1000;
  return now >= drainedAt ? { kind: 'remove', instance } : { kind: 'wait', instance, until: drainedAt };
}

/** Routers send requests from the first passing check on, before anybody has believed it. */
function takesTraffic({ instance, seen }: ObservedInstance): boolean {
  return instance.state === 'healthy' || (instance.state === 'started' && seen.check === 'passing');
}

function rest(instance: Instance): InstanceStep {
  return { kind: 'wait', instance, until: null };
}

/** The earliest time at which a waiting step is due; null when none is. */
export function earliestOf(steps: readonly InstanceStep[]): number | null {
  const times = steps.flatMap((step) => (step.kind === 'wait' && step.until !== null ? [step.until] : []));
  return times.length === 0 ? null : Math.min(...times);
}

/** When an instance has been healthy for as long as its policy wants to see; null while it is not healthy. */
export function provenAt({ state, healthyAt, spec }: Instance): number | null {
  return state === 'healthy' && healthyAt !== null ? healthyAt + spec.policy.monitorSeconds * 1000 : null;
}

/** Whether an instance does its work: healthy, its check passes, and routers know it. */
export function isServing({ instance, seen }: ObservedInstance, now: number): boolean {
  const works = instance.state === 'healthy' && seen.container !== 'exited' && seen.container !== 'absent';
  const known = instance.liveAt !== null && now >= instance.liveAt + ROUTERS_SEE_AFTER;
  return works && seen.check === 'passing' && seen.hostLostBecause === null && known && !instance.standby;
}

/** When it will be serving, if all stays well; null while that is not known. */
export function servingFrom({ state, liveAt }: Instance): number | null {
  return state === 'healthy' && liveAt !== null ? liveAt + ROUTERS_SEE_AFTER : null;
}

/**
 * Decides the next step of one new instance of a rollout: as {@link planInstance}, but what was healthy and ends, or
 * fails its check while it is monitored, is proven not to work. An entry in Consul that is lost is made again.
 */
export function planNewInstance({ instance, seen }: ObservedInstance, now: number): InstanceStep {
  if (instance.desired === 'stopped' || instance.state !== 'healthy') return planInstance({ instance, seen }, now);
  const proof = proofOfRelapse({ instance, seen }, now);
  if (proof !== null) return { kind: 'fail', instance, proof };
  if (seen.container === 'running' && seen.check === 'absent') return { kind: 'start', instance };
  const until = provenAt(instance);
  return { kind: 'wait', instance, until: until !== null && until > now ? until : null };
}

function proofOfRelapse({ instance, seen }: ObservedInstance, now: number): Proof | null {
  if (seen.container === 'exited' || seen.restarts > 0) return { kind: 'exited', cause: exitSentence(seen) };
  if (seen.container === 'absent') return { kind: 'vanished', cause: 'its container is gone from the host' };
  if (seen.hostLostBecause !== null) return { kind: 'vanished', cause: `its host is lost: ${seen.hostLostBecause}` };
  const monitored = now < (provenAt(instance) ?? 0);
  if (!monitored || seen.check !== 'critical') return null;
  const answer = seen.checkOutput === null ? '' : `; its check says: ${seen.checkOutput.trim()}`;
  return { kind: 'unhealthy', cause: `was healthy, and failed its check while it was monitored${answer}` };
}

import type { Instance } from '../instance/instance.js';
import type { ObservedInstance } from '../instance/plan-instance.js';
import { canaryPassesAt, waveDueAt, type Moment, type WorkerRollout } from '../rollout/worker-rollout.js';
import { LAST_CANARY_WAVE } from '../rollout/waves.js';
import {
  awaitsReleaseCommand,
  type DeployFacts,
  type ExplainedInstance,
  type ExplainedPart,
  isPaused,
  isSettled,
  part,
  timeOf,
} from './explanation.js';

/** How far each worker has come: its waves, and what each instance that does not serve yet waits for. */
export function explainWorkers(facts: DeployFacts): ExplainedPart[] {
  const ids = [...new Set(facts.fresh.map(({ instance }) => instance.workerId))].sort();
  return ids.flatMap((id) => {
    const own = facts.fresh.filter(({ instance }) => instance.workerId === id);
    return workerPart(own, facts);
  });
}

/** Canaries that are watched, and what ends that. */
export function explainCanaries(facts: DeployFacts): ExplainedPart[] {
  if (isSettled(facts.deploy) || facts.deploy.failingAt !== null) return [];
  const ids = [...new Set(facts.fresh.map(({ instance }) => instance.workerId))].sort();
  return ids.flatMap((id) => {
    const own = facts.fresh.filter(({ instance }) => instance.workerId === id);
    return canaryPart(own, facts) ?? [];
  });
}

function workerPart(own: readonly ObservedInstance[], facts: DeployFacts): ExplainedPart[] {
  const name = own[0]?.instance.spec.name;
  if (name === undefined) return [];
  const { deploy } = facts;
  const behind = own.filter(({ instance }) => instance.state !== 'healthy' || instance.standby);
  const instances = isSettled(deploy) && deploy.state !== 'failed' ? [] : behind.map((each) => waits(each, own, facts));
  const sentence = `${name}: ${countWords(own, facts)}.${silence(behind, facts)}`;
  const base = { step: 'worker' as const, worker: name, since: deploy.deployingAt, sentence, instances };
  if (deploy.state === 'deployed' || deploy.state === 'stopped') return [part({ ...base, state: 'done' })];
  if (deploy.state === 'failed' || own.some(({ instance }) => instance.state === 'failed'))
    return [part({ ...base, state: behind.length === 0 ? 'done' : 'failed' })];
  return [part({ ...base, state: behind.length === 0 ? 'done' : 'current' })];
}

function countWords(own: readonly ObservedInstance[], { deploy, old }: DeployFacts): string {
  const healthy = own.filter(({ instance }) => instance.state === 'healthy').length;
  const waves = [...new Set(own.map(({ instance }) => instance.wave))].sort((one, other) => one - other);
  const open = waves.findIndex((wave) =>
    own.some(({ instance }) => instance.wave === wave && instance.state !== 'healthy'),
  );
  const wave = waves.length < 2 || open < 0 || isSettled(deploy) ? '' : `, in wave ${open + 1} of ${waves.length}`;
  const left = old.filter(({ workerId }) => workerId === own[0]?.instance.workerId).length;
  const others = left === 0 || isSettled(deploy) ? '' : `; ${left} of before ${left === 1 ? 'is' : 'are'} still there`;
  return `${healthy} of ${own.length} new instances are healthy${wave}${others}`;
}

function silence(behind: readonly ObservedInstance[], { consulSilentBecause, deploy }: DeployFacts): string {
  if (consulSilentBecause === null || behind.length === 0 || isSettled(deploy)) return '';
  return ` What their checks say is not known: ${consulSilentBecause}.`;
}

function waits(each: ObservedInstance, own: readonly ObservedInstance[], facts: DeployFacts): ExplainedInstance {
  return { instance: each.instance, sentence: sentenceOf(each, own, facts) };
}

function sentenceOf(each: ObservedInstance, own: readonly ObservedInstance[], facts: DeployFacts): string {
  const { instance, seen } = each;
  switch (instance.state) {
    case 'planned':
      return plannedSentence(instance, own, facts);
    case 'started': {
      const since = instance.startedAt === null ? '' : ` since ${timeOf(instance.startedAt)}`;
      const says = seen.checkOutput === null ? checkWords[seen.check] : `its check says: ${seen.checkOutput.trim()}`;
      const until = (instance.startedAt ?? facts.now) + instance.spec.healthDeadlineSeconds * 1000;
      return `it runs${since} and is not healthy: ${says}; it has until ${timeOf(until)}`;
    }
    case 'healthy':
      return 'it is healthy and stands by until all others are, then all get the traffic at once';
    case 'failed':
    case 'stopped':
      return instance.failure === null ? 'it was taken away' : `it failed: ${instance.failure.cause}`;
    case 'draining':
      return 'it is taken away';
  }
}

const checkWords = {
  passing: 'its check passes now, and is about to be believed',
  critical: 'its check fails',
  absent: 'its check has not answered yet',
  unknown: 'what its check says is not known',
};

function plannedSentence(instance: Instance, own: readonly ObservedInstance[], facts: DeployFacts): string {
  if (isSettled(facts.deploy) || facts.deploy.failingAt !== null) return 'it was never started';
  if (awaitsReleaseCommand(facts)) return 'it waits for the release command';
  const rollout = rolloutOf(own, facts);
  const dueAt = waveDueAt(rollout, instance.wave, momentOf(facts));
  if (dueAt === null) return `it waits for its wave: ${namesOf(earlier(own, instance.wave))} first`;
  if (dueAt > facts.now) return `it waits until ${timeOf(dueAt)}: the pause before its wave`;
  const once = instance.spec.policy.strategy === 'recreate' && rollout.old.length > 0;
  if (once) return 'it waits until the old instances are gone: this worker may not run twice (recreate)';
  return `it may start now, as soon as there is room on host ${instance.host} and its image is there`;
}

function earlier(own: readonly ObservedInstance[], wave: number): readonly ObservedInstance[] {
  const before = own.filter(({ instance }) => instance.wave < wave);
  const open = before.filter(({ instance }) => instance.state !== 'healthy');
  return open.length > 0 ? open : before;
}

function namesOf(instances: readonly ObservedInstance[]): string {
  const names = instances.map(({ instance }) => `${instance.spec.name} ${instance.slot}`);
  return names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;
}

function canaryPart(own: readonly ObservedInstance[], facts: DeployFacts): ExplainedPart | null {
  const first = own[0]?.instance;
  const rest = own.filter(({ instance }) => instance.wave > LAST_CANARY_WAVE && instance.state === 'planned');
  const canaries = own.filter(({ instance }) => instance.wave <= LAST_CANARY_WAVE);
  const proven = canaries.length > 0 && canaries.every(({ instance }) => instance.state === 'healthy');
  if (first === undefined || first.spec.policy.strategy !== 'canary' || rest.length === 0 || !proven) return null;
  const passesAt = canaryPassesAt(rolloutOf(own, facts), momentOf(facts));
  const since = Math.max(...canaries.map(({ instance }) => instance.healthyAt ?? 0));
  const who = `The canaries of ${first.spec.name} (${canaries.length} of ${own.length}) are healthy`;
  const base = { step: 'pause' as const, worker: first.spec.name, since };
  const next = `POST /deploys/${facts.deploy.id}/continue`;
  if (passesAt === null) return part({ ...base, state: 'blocked', sentence: `${who}; the rest waits for ${next}.` });
  if (passesAt <= facts.now) return null;
  const sentence = `${who} and are watched until ${timeOf(passesAt)}; ${next} ends that at once.`;
  return part({ ...base, state: 'current', sentence, until: passesAt });
}

function rolloutOf(own: readonly ObservedInstance[], { old }: DeployFacts): WorkerRollout {
  const first = own[0] as ObservedInstance;
  const retries = own.map(({ instance }) => instance).filter(({ state }) => state === 'failed');
  return {
    spec: first.instance.spec,
    fresh: own.filter(({ instance }) => instance.state !== 'failed' && instance.state !== 'stopped'),
    old: old
      .filter(({ workerId }) => workerId === first.instance.workerId)
      .map((instance) => ({ instance, seen: first.seen })),
    retries,
  };
}

function momentOf({ now, deploy }: DeployFacts): Moment {
  const { deployingAt, createdAt, continuedAt } = deploy;
  const commandEndedAt = deploy.releaseCommand?.endedAt ?? 0;
  const begunAt = Math.max(deployingAt ?? createdAt, commandEndedAt, continuedAt ?? 0);
  return { now, begunAt, continuedAt, paused: isPaused(deploy), room: new Map() };
}

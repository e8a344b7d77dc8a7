import { DRAIN_HOOK, INSTALLATION_TAG, isOfAnother } from './group-marks.js';
import { isGoing, type Member, planBroken, planEnding, planLeaving } from './plan-pool-host.js';
import { isEnding } from './pool-host-state.js';
import type { PoolHostRules, PoolHostStep } from './pool-host-step.js';
import { isWhole, type PoolHostRecord, type PoolHostSight, type PoolSight } from './pool-sight.js';

/**
 * What is done next for the hosts of a pool: what is seen is written down, the group is fitted, who leaves is emptied and
 * let go, who never joined is replaced. Nothing is concluded from silence, and a group that another Jockey has is left
 * alone. Who leaves because fewer are needed is decided elsewhere.
 */
export function planPoolHosts(sight: PoolSight, rules: PoolHostRules): PoolHostStep[] {
  if (sight.kind === 'static') return sight.hosts.flatMap((each) => ofStatic(each, sight));
  if (sight.group === null || sight.groupTrouble !== null) return [];
  const notes = sight.hosts.flatMap((each) => noteOf(each, each.machine !== null));
  if (isOfAnother(sight.group.tags, sight.installationId)) return notes;
  const members = sight.hosts.flatMap((each) => memberOf(each, sight, rules));
  const steps = [...notes, ...fitting(sight), ...sight.hosts.flatMap((each) => forgetting(each, sight))];
  return counted([...steps, ...members.flatMap(ofMember), ...broken(members, sight)], sight, rules);
}

function ofStatic(each: PoolHostSight, sight: PoolSight): PoolHostStep[] {
  if (sight.consulTrouble !== null) return [];
  const { record, host, load } = each;
  if (host !== null) return noteOf(each, true);
  if (record === null || load.instances > 0) return [];
  return [{ kind: 'forget', recordId: record.id, because: `Consul does not know host ${record.host ?? ''} any more.` }];
}

/** In the pool of a group, a host that is none of its machines is only told of: it is not Jockey's to begin or to end. */
function noteOf(each: PoolHostSight, isMember: boolean): PoolHostStep[] {
  const { record } = each;
  return isMember && (record === null || differs(each, record)) ? [{ kind: 'note', seen: each }] : [];
}

function differs({ machine, host }: PoolHostSight, record: PoolHostRecord): boolean {
  const joined = host !== null && record.host !== host.name;
  if (machine === null) return joined;
  return (
    joined ||
    record.lifecycleState !== machine.lifecycleState ||
    record.protected !== machine.protectedFromScaleIn ||
    record.address !== machine.address ||
    record.instanceType !== machine.instanceType ||
    record.zone !== machine.zone
  );
}

/** What the group lacks is put back, once it is Jockey's to change; also the marks, which somebody may have taken away. */
function fitting({ group, mode }: PoolSight): PoolHostStep[] {
  if (group === null || mode === 'advice') return [];
  const lacks = [
    ...(group.terminationHooks.includes(DRAIN_HOOK) ? [] : [`the hook ${DRAIN_HOOK}`]),
    ...(group.protectsNew ? [] : ['the protection of new machines']),
    ...(INSTALLATION_TAG in group.tags ? [] : [`the tag ${INSTALLATION_TAG}`]),
  ];
  const bare = group.instances.filter(
    ({ lifecycleState, protectedFromScaleIn }) => lifecycleState === 'InService' && !protectedFromScaleIn,
  );
  const steps: PoolHostStep[] = [];
  if (lacks.length > 0) steps.push({ kind: 'fit', because: `The group lacks ${lacks.join(' and ')}.` });
  if (bare.length > 0) steps.push({ kind: 'protect', machines: bare.map(({ id }) => id).sort() });
  return steps;
}

/** A machine that the group has no more is gone, however it went. */
function forgetting({ machine, record, host }: PoolHostSight, sight: PoolSight): PoolHostStep[] {
  if (record === null || machine !== null) return [];
  const step = { kind: 'forget', recordId: record.id } as const;
  if (record.instanceId !== null)
    return [{ ...step, because: `The group has no machine ${record.instanceId} any more.` }];
  if (host !== null || sight.consulTrouble !== null) return [];
  return [{ ...step, because: `Consul does not know host ${record.host ?? ''} any more.` }];
}

function memberOf(each: PoolHostSight, sight: PoolSight, rules: PoolHostRules): Member[] {
  const { machine, record } = each;
  return machine === null || record === null ? [] : [{ each, machine, record, sight, rules }];
}

function ofMember(member: Member): PoolHostStep[] {
  return isGoing(member) ? planEnding(member) : planLeaving(member);
}

/** One at a time: where no machine joins, the fault is not in the machines, and replacing them all mends nothing. */
function broken(members: readonly Member[], sight: PoolSight): PoolHostStep[] {
  if (sight.mode === 'advice' || !isWhole(sight)) return [];
  const isReplaced = ({ record: { leavingCause: cause } }: Member) => cause === 'never_joined' || cause === 'unhealthy';
  if (members.some(isReplaced)) return [];
  const staying = members.filter((member) => !isGoing(member) && member.record.leavingSince === null);
  return staying.flatMap(planBroken).slice(0, 1);
}

/**
 * With each machine that leaves because fewer are needed the group's count goes down by one, but only where it is still
 * too high: somebody may have made it smaller already, and an answer may have got lost.
 */
function counted(steps: readonly PoolHostStep[], sight: PoolSight, rules: PoolHostRules): PoolHostStep[] {
  const chosen = sight.hosts.filter(isChosen);
  const ids = new Set(chosen.map(({ record }) => record?.id));
  let desired = sight.group?.desired ?? 0;
  let left = chosen.length;
  return steps.map((step) => {
    if (step.kind !== 'terminate' || !ids.has(step.recordId)) return step;
    left -= 1;
    const smaller = desired > rules.desired + left;
    if (smaller) desired -= 1;
    return { ...step, smaller };
  });
}

function isChosen({ machine, record }: PoolHostSight): boolean {
  return machine !== null && !isEnding(machine.lifecycleState) && record?.leavingCause === 'scale_in';
}

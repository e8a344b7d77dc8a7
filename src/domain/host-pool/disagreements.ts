import { DRAIN_HOOK, INSTALLATION_TAG, isOfAnother } from './group-marks.js';
import { isEnding } from './pool-host-state.js';
import type { PoolHostSight, PoolSight, SightedGroup } from './pool-sight.js';

/** What is wanted of a pool, beside what is seen of it. */
export interface PoolWanted {
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly groupName: string | null;
}

type Sighted = Omit<PoolSight, 'disagreements'>;

/** What the parties say differently of a pool, each in a sentence, first what is of the whole pool. */
export function disagreements(sight: Sighted, wanted: PoolWanted): string[] {
  const troubles = [sight.groupTrouble, sight.consulTrouble].filter((trouble) => trouble !== null);
  const ofGroup = sight.group === null ? [] : ofTheGroup(sight.group, sight, wanted);
  const ofHosts = sight.hosts.flatMap((host) => ofHost(host, sight, wanted) ?? []);
  return [...troubles, ...ofGroup, ...ofHosts];
}

function ofTheGroup(group: SightedGroup, sight: Sighted, wanted: PoolWanted): string[] {
  const name = wanted.groupName ?? '';
  const said: string[] = [];
  const owner = group.tags[INSTALLATION_TAG];
  if (owner !== undefined && isOfAnother(group.tags, sight.installationId))
    said.push(`Group ${name} is marked as that of another Jockey (${owner}): this one leaves it alone.`);
  if (owner === undefined)
    said.push(`Group ${name} is not marked as Jockey's: its tag ${INSTALLATION_TAG} is missing.`);
  if (group.min !== wanted.min || group.max !== wanted.max)
    said.push(
      `Group ${name} has limits ${group.min} to ${group.max}, the pool ${wanted.min} to ${wanted.max}: ` +
        'somebody changed one of them elsewhere.',
    );
  const leaving = sight.hosts.filter(isLeavingByChoice).length;
  if (group.desired !== wanted.desired + leaving) said.push(ofDesired(name, group, { ...wanted, leaving }));
  if (!group.terminationHooks.includes(DRAIN_HOOK))
    said.push(`Group ${name} lacks the hook ${DRAIN_HOOK}: a machine that it ends is not emptied first.`);
  if (!group.protectsNew)
    said.push(
      `Group ${name} does not protect new machines from its own scale-in: it may end another than the cheapest.`,
    );
  if (group.suspended.length > 0)
    said.push(`Group ${name} is told not to do some of its work at present: ${group.suspended.join(', ')}.`);
  if (group.lastFailure !== null) said.push(`Group ${name} could not do its last work: ${group.lastFailure}`);
  return said;
}

function ofDesired(
  name: string,
  { desired }: SightedGroup,
  wanted: { readonly desired: number; readonly leaving: number },
): string {
  const leaving = wanted.leaving === 0 ? '' : `, beside ${wanted.leaving} that leave`;
  return `Group ${name} is to have ${hostsOf(desired)}, Jockey wants ${wanted.desired}${leaving}.`;
}

/** Such a host is not wanted any more, but the group's count goes down only when its machine ends. */
function isLeavingByChoice({ machine, record }: PoolHostSight): boolean {
  const counted = machine !== null && !isEnding(machine.lifecycleState);
  return counted && record?.leavingCause === 'scale_in';
}

function ofHost(each: PoolHostSight, sight: Sighted, wanted: PoolWanted): string | null {
  if (sight.kind === 'static') return ofStatic(each, sight);
  if (sight.group === null) return null;
  return ofMember(each, sight, wanted.groupName ?? '');
}

function ofStatic({ host, record, name }: PoolHostSight, { consulTrouble }: Sighted): string | null {
  if (host === null && consulTrouble === null)
    return `Host ${name ?? ''} was in Consul, which does not know it any more.`;
  return host !== null && record !== null ? sick(host, name) : null;
}

function ofMember(each: PoolHostSight, sight: Sighted, group: string): string | null {
  const { machine, host, record, name, instanceId } = each;
  if (machine === null) return host === null ? null : ofStranger(each, group);
  if (host !== null) return ofPair(each, group);
  if (sight.consulTrouble !== null || machine.lifecycleState !== 'InService') return null;
  if (record?.joinedAt != null)
    return `Machine ${instanceId ?? ''} is in service in group ${group}, but Consul has forgotten its host ${name ?? ''}.`;
  const since = record === null ? sight.now : record.launchedAt;
  const minutes = Math.floor((sight.now - since) / 60_000);
  return `Machine ${instanceId ?? ''} is in service in group ${group}, but Consul does not know it yet, after ${minutes} min.`;
}

function ofStranger({ host, name, instanceId, record }: PoolHostSight, group: string): string {
  if (record?.instanceId != null)
    return `Consul still has host ${name ?? ''}, whose machine ${record.instanceId} group ${group} has no more.`;
  const says = host?.machine == null ? 'says of no machine that it is it' : `says that it is machine ${host.machine}`;
  return `Consul has host ${name ?? instanceId ?? ''}, which ${says}; group ${group} does not have it.`;
}

function ofPair({ machine, host, name, instanceId }: PoolHostSight, group: string): string | null {
  if (machine === null || host === null) return null;
  if (!machine.healthy && host.healthy)
    return `Group ${group} holds machine ${instanceId ?? ''} for broken, Consul its host ${name ?? ''} for well.`;
  return machine.lifecycleState === 'InService' ? sick(host, name) : null;
}

function sick({ healthy, unhealthyBecause }: NonNullable<PoolHostSight['host']>, name: string | null): string | null {
  if (healthy) return null;
  return `Host ${name ?? ''} is there, but Consul does not hold it for well: ${unhealthyBecause ?? 'its checks fail'}.`;
}

function hostsOf(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}

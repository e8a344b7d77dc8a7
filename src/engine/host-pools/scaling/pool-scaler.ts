import { Inject, Injectable } from '@nestjs/common';
import { planCapacity } from '../../../domain/capacity/plan-capacity.js';
import type { CapacityDecision } from '../../../domain/capacity/capacity.js';
import { isOfAnother } from '../../../domain/host-pool/group-marks.js';
import {
  countOfOthers,
  type GroupCountFacts,
  groupCountOf,
  leastCountOf,
  mayBeFromBefore,
  tellGroup,
} from '../../../domain/host-pool/group-count.js';
import { sentenceOf } from '../../../domain/kernel/errors.js';
import { isWhole } from '../../../domain/host-pool/pool-sight.js';
import { PoolCapacities, type SeenCapacity } from '../../../observation/pool-capacities.js';
import type { PoolSight } from '../../../observation/pool-sights.js';
import { HOST_GROUPS, type HostGroups } from '../../../ports/host-groups.js';
import type { HostPoolRow } from '../../../store/entities/index.js';
import { PoolSamples } from '../../../store/repositories/pool-samples.js';
import { PoolScalings } from '../../../store/repositories/pool-scalings.js';
import { sampleOf } from './sample-of.js';

/**
 * Gives a pool as many hosts as are needed: called at the end of each look at it, under the lease `host_pool:ID`. It
 * writes what should be (the desired count, who leaves, who may stay), and why; emptying and ending hosts is the look's.
 */
@Injectable()
export class PoolScaler {
  constructor(
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
    private readonly capacities: PoolCapacities,
    private readonly scalings: PoolScalings,
    private readonly samples: PoolSamples,
  ) {}

  /**
   * Decides from what was seen. Answers what stands in the way of it, a sentence, null for nothing: the pool's trouble
   * is kept by who called, so that a look has one word about it. Never throws for what the group refuses. The row is
   * brought up to what was written.
   */
  async scale(pool: HostPoolRow, sight: PoolSight): Promise<string | null> {
    if (!isWhole(sight) || isOfAnother(sight.group?.tags ?? {}, sight.installationId)) return null;
    if (sight.kind === 'auto_scaling_group') await this.hearOthers(pool, sight);
    const seen = await this.capacities.of(pool, sight);
    if (sight.kind === 'static') await this.scalings.count(pool, seen.snapshot.desired);
    await this.samples.keep(pool.id, sampleOf(pool, sight, seen.snapshot));
    const decision = withoutStrangers(planCapacity(seen.snapshot), seen);
    if (sight.kind === 'static' || sight.mode === 'advice') {
      await this.scalings.advise(pool, decision);
      return null;
    }
    const leave = recordsOf(decision.leave, sight);
    const stay = recordsOf(decision.stay, sight);
    if (!(await this.scalings.apply({ pool, decision, leave, stay }))) return null;
    return this.tell(pool, sight, leave.length - stay.length);
  }

  /** What a person says to the group itself counts as much as what is said to Jockey. */
  private async hearOthers(pool: HostPoolRow, sight: PoolSight): Promise<void> {
    const facts = factsOf(pool);
    const { group } = sight;
    const desired = countOfOthers(facts, sight);
    if (desired !== null) {
      const reason = `Somebody gave group ${pool.groupName ?? ''} a count of ${group?.desired ?? 0}: ${desired} hosts are wanted instead of ${facts.desired}.`;
      await this.scalings.takeOver(pool, { desired, reason });
    }
    if (group !== null && group.desired === groupCountOf(factsOf(pool), sight))
      await this.scalings.told(pool, group.desired);
  }

  /** `leaving`: how many more hosts leave than in the sight. */
  private async tell(pool: HostPoolRow, sight: PoolSight, leaving: number): Promise<string | null> {
    const { region, groupName } = pool;
    const { group } = sight;
    if (group === null || region === null || groupName === null) return null;
    if (leaving === 0 && mayBeFromBefore(factsOf(pool), sight)) return launchTrouble(groupName, group);
    const expected = groupCountOf(factsOf(pool), sight) + leaving;
    const change = tellGroup(factsOf(pool), group, expected);
    try {
      if (change !== null) await this.groups.update({ region, name: groupName }, change);
      await this.scalings.told(pool, leastCountOf(group, expected));
    } catch (error) {
      return sentenceOf(error);
    }
    return launchTrouble(groupName, group);
  }
}

function factsOf({ desiredHosts, minHosts, maxHosts, toldHosts, scaledAt }: HostPoolRow): GroupCountFacts {
  const limits = { desired: desiredHosts, min: minHosts, max: maxHosts };
  return { ...limits, told: toldHosts, scaledAt: scaledAt?.getTime() ?? null };
}

/** A host that the group does not know was counted on both sides; a name of one is no choice. */
function withoutStrangers(decision: CapacityDecision, { strangers }: SeenCapacity): CapacityDecision {
  return strangers === 0 ? decision : { ...decision, desired: Math.max(0, decision.desired - strangers) };
}

/** A host that is not written down yet is chosen by the next look. */
function recordsOf(names: readonly string[], { hosts }: PoolSight): string[] {
  return names.flatMap((name) => {
    const host = hosts.find((each) => each.name === name || each.instanceId === name);
    return host?.record?.id ?? [];
  });
}

/** The group's own failures count while it lacks machines. */
function launchTrouble(
  name: string,
  { desired, instances, lastFailure }: NonNullable<PoolSight['group']>,
): string | null {
  const serving = instances.filter(({ lifecycleState }) => lifecycleState === 'InService').length;
  if (lastFailure === null || serving >= desired) return null;
  return `Group ${name} has ${serving} of ${desired} machines, and could not launch the others: ${lastFailure}`;
}

import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import type { CapacityHost, CapacityInstance, CapacitySnapshot } from '../domain/capacity/capacity.js';
import type { ScalingPolicy } from '../domain/host-pool/host-pool.js';
import { capacityHostOf, isStranger, waitingOn } from '../domain/host-pool/capacity-host-of.js';
import type { PoolHostSight, PoolSight } from '../domain/host-pool/pool-sight.js';
import type { HostPoolRow } from '../store/entities/index.js';
import { PoolContents, type PoolInstance } from '../store/repositories/pool-contents.js';

/** So many hosts more than there are may a static pool be advised to have. */
const MORE_OF_STATIC = 100;

/** Why a host stays that is none of the group's machines. */
const NO_MACHINE = 'it is no machine of the group';

/** What the capacity of a pool is planned from. */
export interface SeenCapacity {
  readonly snapshot: CapacitySnapshot;
  /**
   * Hosts that Consul has in the pool and the group does not know: they are counted in the snapshot, its limits and its
   * desired count, and have to be taken off its answer.
   */
  readonly strangers: number;
}

/** Puts together what the capacity of pools is planned from, for the engine that scales and for previews alike. */
@Injectable()
export class PoolCapacities {
  constructor(
    private readonly environment: Environment,
    private readonly contents: PoolContents,
  ) {}

  /** Of a pool as it was seen. */
  async of(pool: HostPoolRow, sight: PoolSight): Promise<SeenCapacity> {
    const names = sight.hosts.flatMap(({ name }) => name ?? []);
    const [instances, waiting] = await Promise.all([
      this.contents.instancesOn(names),
      this.contents.waiting(pool, names),
    ]);
    const byHost = byHostOf(instances);
    const on = (name: string | null) => (name === null ? [] : (byHost.get(name) ?? []));
    const rules = { now: sight.now, graceMs: this.environment.HOST_GRACE_SECONDS * 1000 };
    const hosts = sight.hosts.flatMap((each) => {
      const host = capacityHostOf(each, on(each.name), rules);
      return host === null ? [] : [isOfGroup(each, sight) ? host : { ...host, staysBecause: NO_MACHINE }];
    });
    const emptied = sight.hosts.flatMap((each) => waitingOn(each, on(each.name)));
    const strangers = sight.hosts.filter((each) => !isOfGroup(each, sight)).length;
    const { desired, policy } = pool.kind === 'static' ? ofStatic(pool, hosts) : ofGroup(pool, strangers);
    const snapshot = {
      ...{ now: sight.now, policy, desired, offer: offerOf(pool), hosts, waiting: [...waiting, ...emptied] },
      surplusSince: pool.surplusSince?.getTime() ?? null,
      scaledAt: pool.scaledAt?.getTime() ?? null,
    };
    return { snapshot, strangers };
  }
}

function isOfGroup(host: PoolHostSight, { kind }: PoolSight): boolean {
  return kind === 'static' || !isStranger(host);
}

/** The policy of a pool, as it is stored. */
export function policyOf(pool: HostPoolRow): ScalingPolicy {
  const { mode, headRoomPercent, scaleInAfterSeconds, coolDownSeconds, scaleToZero } = pool;
  const { joinDeadlineSeconds, drainDeadlineSeconds, waitForRoomSeconds } = pool;
  return {
    ...{ min: pool.minHosts, max: pool.maxHosts, mode, headRoomPercent, scaleInAfterSeconds, coolDownSeconds },
    ...{ scaleToZero, joinDeadlineSeconds, drainDeadlineSeconds, waitForRoomSeconds },
  };
}

interface Wanted {
  readonly desired: number;
  readonly policy: ScalingPolicy;
}

function ofGroup(pool: HostPoolRow, strangers: number): Wanted {
  const policy = policyOf(pool);
  const limits = { min: policy.min + strangers, max: policy.max + strangers };
  return { desired: pool.desiredHosts + strangers, policy: { ...policy, ...limits } };
}

/** As many as there are: nobody but operators brings or takes hosts. */
function ofStatic(pool: HostPoolRow, hosts: readonly CapacityHost[]): Wanted {
  const desired = hosts.filter(({ role }) => role === 'serves' || role === 'cordoned').length;
  return { desired, policy: { ...policyOf(pool), max: Math.max(pool.maxHosts, desired) + MORE_OF_STATIC } };
}

function offerOf({ memoryMb, cpus }: HostPoolRow): CapacitySnapshot['offer'] {
  return memoryMb === null || cpus === null ? null : { memoryMb, cpus };
}

function byHostOf(instances: readonly PoolInstance[]): ReadonlyMap<string, readonly CapacityInstance[]> {
  const byHost = new Map<string, CapacityInstance[]>();
  for (const each of instances) {
    const own = byHost.get(each.host);
    if (own === undefined) byHost.set(each.host, [capacityInstanceOf(each)]);
    else own.push(capacityInstanceOf(each));
  }
  return byHost;
}

function capacityInstanceOf(instance: PoolInstance): CapacityInstance {
  const { containerName: key, appId: app, workerId: group, worker, slot, resources, mayMove, goes } = instance;
  return {
    key,
    app,
    group,
    worker,
    slot,
    resources,
    mayMove,
    goes,
    image: null,
    needsTcpDocker: instance.runningCheck,
  };
}

import type { CapacitySnapshot } from '../../../domain/capacity/capacity.js';
import type { Resources } from '../../../domain/host/host.js';
import { addResources } from '../../../domain/host/resources.js';
import type { PoolSight } from '../../../domain/host-pool/pool-sight.js';
import type { HostPoolRow } from '../../../store/entities/index.js';
import type { PoolSample } from '../../../store/repositories/pool-samples.js';

const NOTHING: Resources = { memoryMb: 0, cpus: 0 };

/** How full a pool is, as it was seen: what is reserved counts on all of its hosts, capacity on those that take instances. */
export function sampleOf(pool: HostPoolRow, { hosts }: PoolSight, { waiting }: CapacitySnapshot): PoolSample {
  const taking = hosts.filter(({ takes }) => takes);
  const capacity = taking.map((each) => each.capacity ?? NOTHING).reduce(addResources, NOTHING);
  const reserved = hosts.map(({ load }) => load.reserved).reduce(addResources, NOTHING);
  return {
    ...{ desiredHosts: pool.desiredHosts, hosts: taking.length },
    ...{ memoryMb: capacity.memoryMb, cpus: capacity.cpus },
    ...{ reservedMemoryMb: reserved.memoryMb, reservedCpus: reserved.cpus },
    instances: hosts.reduce((sum, { load }) => sum + load.instances, 0),
    waiting: waiting.reduce((sum, { count }) => sum + count, 0),
  };
}

import type { Host } from '../host/host.js';
import type { PoolHostRecord, SightedMachine } from './pool-sight.js';

/** What belongs together: a machine of the group, a node in Consul and what is written down. */
export interface MatchedHost {
  readonly machine: SightedMachine | null;
  readonly host: Host | null;
  readonly record: PoolHostRecord | null;
}

/** What the parties know. */
export interface Parties {
  readonly machines: readonly SightedMachine[];
  readonly hosts: readonly Host[];
  /** Of those that are not gone. */
  readonly records: readonly PoolHostRecord[];
}

/**
 * Brings together what is the same. A host says which machine it is; one that says nothing is the machine of its name or
 * of its address. What is written down is found by the machine, in a static pool by the node's name.
 */
export function matchMachines({ machines, hosts, records }: Parties): MatchedHost[] {
  const living = machines.map(({ id }) => id);
  const ids = new Set([...living, ...records.flatMap(({ instanceId }) => instanceId ?? [])]);
  const taken = new Set<string>();
  const ofMachines = [...ids].map((id): MatchedHost => {
    const machine = machines.find((each) => each.id === id) ?? null;
    const record = records.find(({ instanceId }) => instanceId === id) ?? null;
    const address = machine?.address ?? record?.address ?? null;
    const free = hosts.filter(({ name }) => !taken.has(name));
    const host = hostOf({ id, address, joined: record?.host ?? null }, free);
    if (host !== null) taken.add(host.name);
    return { machine, host, record };
  });
  const others = hosts.filter(({ name }) => !taken.has(name));
  return [...ofMachines, ...withoutMachine(others, records)];
}

function withoutMachine(hosts: readonly Host[], records: readonly PoolHostRecord[]): MatchedHost[] {
  const loose = records.filter(({ instanceId }) => instanceId === null);
  const names = new Set([...hosts.map(({ name }) => name), ...loose.flatMap(({ host }) => host ?? [])]);
  return [...names].map((name) => ({
    machine: null,
    host: hosts.find((each) => each.name === name) ?? null,
    record: loose.find(({ host }) => host === name) ?? null,
  }));
}

function hostOf(
  { id, address, joined }: { readonly id: string; readonly address: string | null; readonly joined: string | null },
  hosts: readonly Host[],
): Host | null {
  const said = hosts.filter(({ machine }) => machine === id);
  const known = said.find(({ name }) => name === joined) ?? said.find(({ healthy }) => healthy) ?? said[0];
  if (known !== undefined) return known;
  const silent = hosts.filter(({ machine }) => machine === null);
  const byWord = silent.find(({ name }) => name === id) ?? silent.find((host) => host.address === address);
  return byWord ?? silent.find(({ name }) => name === joined) ?? null;
}

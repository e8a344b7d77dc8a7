import { insertRule } from '../machine/firewall.js';
import type { Ledger } from '../machine/ledger.js';
import { run } from '../machine/run.js';
import type { ClusterDescription, ClusterHost } from './layout.js';

/** Makes the bridge and, for each host, a network namespace joined to it by a cable. */
export async function makeNetwork(ledger: Ledger, { gateway, bridge, hosts }: ClusterDescription): Promise<void> {
  ledger.add({ links: [bridge, ...hosts.map(({ netns }) => netns)], namespaces: hosts.map(({ netns }) => netns) });
  await ip('link', 'add', bridge, 'type', 'bridge');
  await ip('address', 'add', `${gateway}/24`, 'dev', bridge);
  await ip('link', 'set', bridge, 'up');
  // A Docker engine in the machine's own network drops what is forwarded, and bridged traffic with it.
  await insertRule(ledger, ['FORWARD', '-i', bridge, '-o', bridge, '-j', 'ACCEPT']);
  for (const host of hosts) await makeNamespace(host, { gateway, bridge });
}

async function makeNamespace(
  { netns, address }: ClusterHost,
  { gateway, bridge }: Pick<ClusterDescription, 'gateway' | 'bridge'>,
): Promise<void> {
  await ip('netns', 'add', netns);
  await ip('link', 'add', netns, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', netns);
  await ip('link', 'set', netns, 'master', bridge);
  await ip('link', 'set', netns, 'up');
  const inside = (...args: readonly string[]): Promise<void> => ip('-netns', netns, ...args);
  await inside('link', 'set', 'lo', 'up');
  await inside('address', 'add', `${address}/24`, 'dev', 'eth0');
  await inside('link', 'set', 'eth0', 'up');
  await inside('route', 'add', 'default', 'via', gateway);
}

/** Pulls the host's cable, or plugs it in again. */
export async function setCable({ netns }: ClusterHost, state: 'up' | 'down'): Promise<void> {
  await ip('link', 'set', netns, state);
}

async function ip(...args: readonly string[]): Promise<void> {
  await run('ip', args);
}

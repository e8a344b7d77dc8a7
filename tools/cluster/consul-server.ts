import { join } from 'node:path';
import { startConsulAgent } from '../machine/consul-agent.js';
import { requireConsul } from '../machine/consul-binary.js';
import { fetchJson, fetchOk } from '../machine/fetch-ok.js';
import { Ledger } from '../machine/ledger.js';
import { end } from '../machine/processes.js';
import { progress } from '../machine/progress.js';
import { until } from '../machine/until.js';
import { rejoin, untilPassing } from './host.js';
import { CONSUL_PORT, type ClusterDescription } from './layout.js';

const NAME = 'consul';

/** Starts the Consul server that all hosts share, with the catalog that it had if it had one. */
export async function startConsulServer({ ledger, folder, gateway }: ClusterDescription): Promise<void> {
  progress(`starting the Consul server on ${gateway}:${CONSUL_PORT}`);
  await startConsulAgent({
    ledger: new Ledger(ledger),
    file: await requireConsul(),
    name: NAME,
    node: 'server',
    address: gateway,
    folder: join(folder, 'state', 'consul'),
    logFile: join(folder, 'log', 'consul.log'),
    httpPort: CONSUL_PORT,
    services: [],
  });
}

/** Kills the server, without a word to the agents of the hosts: nobody leads any more. */
export async function killConsulServer({ ledger }: ClusterDescription): Promise<void> {
  const servers = new Ledger(ledger).processes().filter(({ name }) => name === NAME);
  await end(servers, 0);
}

/** Lets Consul forget a node whose agent has ended: all members of the gossip at once, and the catalog. */
export async function forgetNode({ env }: ClusterDescription, node: string): Promise<void> {
  const url = env['CONSUL_HTTP_ADDR'] ?? '';
  await until({ what: `Consul to forget ${node}`, seconds: 30, every: 200 }, async () => {
    await fetchOk(`${url}/v1/agent/force-leave/${node}?prune=1`, { method: 'PUT' });
    await fetchOk(`${url}/v1/catalog/deregister`, { method: 'PUT', body: JSON.stringify({ Node: node }) });
    const nodes = await fetchJson<readonly { Node: string }[]>(`${url}/v1/catalog/nodes`);
    return nodes.every(({ Node }) => Node !== node);
  });
}

/** Starts the server again, and waits until it sees every host pass. */
export async function returnConsulServer(cluster: ClusterDescription): Promise<void> {
  await startConsulServer(cluster);
  await Promise.all(
    cluster.hosts.map(async (host) => {
      await rejoin(cluster, host);
      await untilPassing(cluster, host);
    }),
  );
}

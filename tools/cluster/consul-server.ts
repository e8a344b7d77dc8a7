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

/** A member of the gossip that was reached no more, as its server says it. */
const FAILED = 4;

/** Lets Consul forget a node whose agent has ended: the gossip, once it has seen it dead, and then the catalog. */
export async function forgetNode({ env }: ClusterDescription, node: string): Promise<void> {
  const url = env['CONSUL_HTTP_ADDR'] ?? '';
  const put = (path: string, body: string | null = null) => fetchOk(`${url}${path}`, { method: 'PUT', body });
  await until({ what: `the gossip of Consul to forget ${node}`, seconds: 30 }, async () => {
    const members = await fetchJson<readonly { Name: string; Status: number }[]>(`${url}/v1/agent/members`);
    const member = members.find(({ Name }) => Name === node);
    if (member?.Status === FAILED) await put(`/v1/agent/force-leave/${node}?prune=1`);
    return member === undefined;
  });
  await until({ what: `the catalog of Consul to forget ${node}`, seconds: 30, every: 200 }, async () => {
    await put('/v1/catalog/deregister', JSON.stringify({ Node: node }));
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

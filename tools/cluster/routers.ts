import type { RunningJockey } from '../jockey/start-jockey.js';
import { fetchOk } from '../machine/fetch-ok.js';
import { freePort } from '../machine/free-port.js';
import { startHaproxy } from '../machine/haproxy.js';
import { Ledger } from '../machine/ledger.js';
import { startNginx, type RunningNginx } from '../machine/nginx.js';
import { end, type ProcessRecord } from '../machine/processes.js';
import type { Cluster } from './cluster.js';
import { foldersOf } from './layout.js';

/** Port of Consul's DNS on each agent and on the server. */
const DNS_PORT = 8600;

/** Where a router of the cluster listens: on the machine's own address in the cluster's network. */
export interface RouterPlace {
  readonly address: string;
  readonly port: number;
  /** Consul's DNS, as `GET /routes/haproxy.cfg` is told it. */
  readonly nameserver: string;
}

/** A router of the cluster. */
export interface ClusterRouter {
  /** Where clients ask, each by the host name of its app. */
  readonly url: string;
  /** Ends it at once. */
  stop(): Promise<void>;
}

/** A HAProxy with its figures. */
export interface ClusterHaproxy extends ClusterRouter {
  /** How often requests were sent again, or to another server than first, since it was started. */
  retries(): Promise<{ readonly retried: number; readonly redispatched: number }>;
}

/** An nginx, and what has to be known to give it other routes. */
export interface ClusterNginx extends ClusterRouter {
  readonly nginx: RunningNginx;
}

/** A place that nobody listens at now. */
export async function placeForRouter({ description }: Cluster): Promise<RouterPlace> {
  const { gateway: address } = description;
  return { address, port: await freePort(address), nameserver: `${address}:${DNS_PORT}` };
}

/** Starts a HAProxy with what `GET /routes/haproxy.cfg` answered for the place; it goes with the cluster. */
export async function startClusterHaproxy(
  cluster: Cluster,
  place: RouterPlace,
  config: string,
): Promise<ClusterHaproxy> {
  const figuresPort = await freePort(place.address);
  const record = await startHaproxy({ ...partOf(cluster, place), config, figuresPort });
  return {
    ...routerOf(place, record),
    retries: () => readRetries(`http://${place.address}:${figuresPort}/;csv`),
  };
}

/** Starts a HAProxy with the routes that a running Jockey has now. */
export async function startRouterOf(cluster: Cluster, { url, token }: RunningJockey): Promise<ClusterHaproxy> {
  const place = await placeForRouter(cluster);
  const query = new URLSearchParams({ ...place, port: String(place.port) });
  const headers = { Authorization: `Bearer ${token}` };
  const answer = await fetchOk(`${url}/routes/haproxy.cfg?${query}`, { headers });
  return startClusterHaproxy(cluster, place, await answer.text());
}

/** Starts an nginx with what `GET /routes/nginx.conf` answered for the place; it goes with the cluster. */
export async function startClusterNginx(cluster: Cluster, place: RouterPlace, routes: string): Promise<ClusterNginx> {
  const nginx = await startNginx({ ...partOf(cluster, place), routes });
  return { ...routerOf(place, nginx.process), nginx };
}

function partOf({ description }: Cluster, { address, port }: RouterPlace) {
  return { ...foldersOf(description), ledger: new Ledger(description.ledger), address, port };
}

function routerOf({ address, port }: RouterPlace, record: ProcessRecord): ClusterRouter {
  return { url: `http://${address}:${port}`, stop: () => end([record], 2) };
}

/** Sums over the backends of HAProxy's statistics; its columns are named in the first line. */
async function readRetries(url: string): Promise<{ retried: number; redispatched: number }> {
  const [head = '', ...lines] = (await (await fetch(url)).text()).trim().split('\n');
  const columns = head.replace(/^# /, '').split(',');
  const rows = lines.map((line) => line.split(','));
  const backends = rows.filter((row) => row[columns.indexOf('svname')] === 'BACKEND');
  const sum = (column: string): number =>
    backends.reduce((total, row) => total + Number(row[columns.indexOf(column)] ?? 0), 0);
  return { retried: sum('wretr'), redispatched: sum('wredis') };
}

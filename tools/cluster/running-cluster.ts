import { SetupFailure } from '../machine/failure.js';
import { fetchJson } from '../machine/fetch-ok.js';
import { Ledger, type LedgerContent } from '../machine/ledger.js';
import { isAlive, type ProcessRecord } from '../machine/processes.js';
import { progress } from '../machine/progress.js';
import { tearDown } from '../machine/tear-down.js';
import { attachCluster, type Cluster } from './cluster.js';
import { MAIN_CLUSTER, namesOf } from './layout.js';
import { descriptionFile } from './start-cluster.js';

/** Takes down the cluster that `up` has left running, or what is left of one whose process has ended. */
export async function clusterDown(): Promise<void> {
  const ledger = new Ledger(namesOf(MAIN_CLUSTER).ledger);
  const content = ledger.read();
  if (content === undefined) {
    progress('no cluster is up');
    return;
  }
  const { owner, command } = content;
  if (owner !== null && (await isAlive(owner)))
    throw new SetupFailure(
      `the cluster is that of "${command}" (process ${owner.pid})`,
      `It goes away with that process: kill ${owner.pid}`,
    );
  await tearDown(ledger);
  progress('the cluster is down, nothing of it is left');
}

/** Says who holds the cluster, and which of its parts live. */
export async function clusterStatus(): Promise<void> {
  const content = new Ledger(namesOf(MAIN_CLUSTER).ledger).read();
  if (content === undefined) {
    process.stdout.write('No cluster is up.\n');
    process.exitCode = 3;
    return;
  }
  const cluster = await attached(content);
  const health = cluster === undefined ? [] : await hostsOf(cluster);
  process.stdout.write(`"${content.command}" of ${content.folder}, since ${content.since}\n`);
  for (const line of [...health, ...(await partsOf(content))]) process.stdout.write(`  ${line}\n`);
}

async function attached({ clusterFolder }: LedgerContent): Promise<Cluster | undefined> {
  return clusterFolder === undefined ? undefined : attachCluster(descriptionFile(clusterFolder)).catch(() => undefined);
}

async function hostsOf({ env, hosts }: Cluster): Promise<readonly string[]> {
  const url = `${env['CONSUL_HTTP_ADDR'] ?? ''}/v1/health/service/jockey-api-development?passing`;
  const passing = await fetchJson<readonly { Node: { Node: string } }[]>(url).catch(() => []);
  const names = new Set(passing.map(({ Node }) => Node.Node));
  return hosts.map(({ name, address }) => `${name} ${address}: ${names.has(name) ? 'passing' : 'not passing'}`);
}

async function partsOf({ processes }: LedgerContent): Promise<readonly string[]> {
  const line = async (part: ProcessRecord & { name: string }): Promise<string> =>
    `${part.name} (process ${part.pid}): ${(await isAlive(part)) ? 'runs' : 'ended'}`;
  return Promise.all(processes.map(line));
}

import pg from 'pg';
import { eventually } from '../support/eventually.js';
import type { Jockey } from './jockey.js';

/** Which deploy's instances an app should have and nothing else, and within how many seconds; 60 unless told. */
export interface Wanted {
  readonly app: string;
  readonly deploy: string;
  readonly seconds?: number;
}

/** A living instance, as its row says. */
interface Row {
  readonly name: string;
  readonly host: string;
  readonly state: string;
  readonly worker: string;
  readonly slot: number;
  readonly deploy: string;
}

/** All that the database says of an app: its living instances, its workers, what is in progress, and who holds what. */
interface Books {
  readonly rows: readonly Row[];
  readonly workers: readonly { readonly name: string; readonly scale: number }[];
  readonly inProgress: readonly string[];
  readonly leases: readonly { readonly key: string; readonly holder: string }[];
}

/** A container or a Consul entry: where it is, its name, and whether it works. */
interface Found {
  readonly host: string;
  readonly name: string;
  readonly works: boolean;
}

/**
 * Waits until an app is whole, over the Docker and the Consul agents of all hosts, the catalog of Consul and Postgres:
 * each slot has one healthy instance of this deploy, that runs and passes; there is no container and no Consul entry
 * beside them, nothing is in progress, and no lease is held by an engine that is dead. Throws with what is amiss.
 */
export async function expectWhole(jockey: Jockey, { app, deploy, seconds = 60 }: Wanted): Promise<void> {
  let faults: readonly string[] = ['nobody has looked yet'];
  const look = async (): Promise<boolean> => {
    faults = await faultsOf(jockey, app, deploy).catch((error: unknown) => [String(error)]);
    return faults.length === 0;
  };
  await eventually(`${app} is whole`, look, seconds).catch((error: unknown) => {
    throw new Error(`${String(error)}\n  ${faults.join('\n  ')}\n${jockey.words}`, { cause: error });
  });
}

async function faultsOf(jockey: Jockey, app: string, deploy: string): Promise<readonly string[]> {
  const [books, containers, agents, catalog] = await Promise.all([
    booksOf(jockey.databaseUrl, app),
    containersOf(jockey, app),
    agentEntriesOf(jockey, app),
    catalogEntriesOf(jockey, app),
  ]);
  return [
    ...slotFaults(books, deploy),
    ...books.inProgress.map((what) => `${what} is in progress`),
    ...leaseFaults(books, jockey.enginePids),
    ...difference('Docker', containers, books.rows),
    ...difference("the hosts' Consul agents", agents, books.rows),
    ...difference("Consul's catalog", catalog, books.rows),
  ];
}

function slotFaults({ rows, workers }: Books, deploy: string): readonly string[] {
  const wanted = workers.flatMap(({ name, scale }) =>
    Array.from({ length: scale }, (_unused, index) => `${name} ${index + 1}`),
  );
  const had = rows.map(({ worker, slot }) => `${worker} ${slot}`);
  return [
    ...wanted.filter((slot) => !had.includes(slot)).map((slot) => `${slot} is empty`),
    ...had.filter((slot, at) => had.indexOf(slot) !== at).map((slot) => `${slot} is there twice`),
    ...had.filter((slot) => !wanted.includes(slot)).map((slot) => `${slot} should not be`),
    ...rows.filter((row) => row.state !== 'healthy').map((row) => `${row.name} is ${row.state}`),
    ...rows.filter((row) => row.deploy !== deploy).map((row) => `${row.name} is of deploy ${row.deploy}`),
  ];
}

/** A holder is `HOST/PID/CHANCE`. */
function leaseFaults({ leases }: Books, living: readonly number[]): readonly string[] {
  return leases
    .filter(({ holder }) => !living.includes(Number(holder.split('/').at(-2))))
    .map(({ key, holder }) => `${key} is held by ${holder}, which is dead`);
}

function difference(where: string, found: readonly Found[], rows: readonly Row[]): readonly string[] {
  const nameOf = ({ host, name }: { host: string; name: string }): string => `${name} on ${host}`;
  const known = rows.map(nameOf);
  const seen = found.map(nameOf);
  return [
    ...known.filter((name) => !seen.includes(name)).map((name) => `${where} lacks ${name}`),
    ...seen.filter((name) => !known.includes(name)).map((name) => `${where} has ${name}, which no row knows`),
    ...seen.filter((name, at) => seen.indexOf(name) !== at).map((name) => `${where} has ${name} twice`),
    ...found.filter(({ works }) => !works).map((each) => `${where}: ${nameOf(each)} does not work`),
  ];
}

async function booksOf(url: string, app: string): Promise<Books> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const ask = async <T extends pg.QueryResultRow>(sql: string): Promise<T[]> =>
    (await client.query<T>(sql, sql.includes('$1') ? [app] : [])).rows;
  const own = '= (SELECT id FROM apps WHERE name = $1)';
  try {
    return {
      rows: await ask<Row>(
        `SELECT container_name AS name, host, state, spec->>'name' AS worker, slot, deploy_id AS deploy
         FROM instances WHERE app_id ${own} AND state <> 'stopped'`,
      ),
      workers: await ask(`SELECT name, scale FROM workers WHERE app_id ${own}`),
      inProgress: (await ask<{ what: string }>(inProgress(own))).map(({ what }) => what),
      leases: await ask(`SELECT key, holder FROM leases WHERE expires_at > now()`),
    };
  } finally {
    await client.end();
  }
}

function inProgress(own: string): string {
  return `SELECT 'deploy ' || id || ', ' || state AS what FROM deploys
    WHERE app_id ${own} AND state IN ('created', 'building', 'deploying')
    UNION ALL SELECT 'build ' || id FROM builds WHERE app_id ${own} AND state = 'in_progress'`;
}

async function containersOf({ cluster }: Jockey, app: string): Promise<readonly Found[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`io.jockey.app=${app}`] }));
  const lists = cluster.hosts.map(async ({ name: host, dockerUrl }) => {
    const list = await read<Container[]>(`${dockerUrl}/containers/json?all=1&filters=${filters}`);
    return list.map(({ Names, State }) => ({ host, name: (Names[0] ?? '').slice(1), works: State === 'running' }));
  });
  return (await Promise.all(lists)).flat();
}

interface Container {
  readonly Names: readonly string[];
  readonly State: string;
}

async function agentEntriesOf({ cluster }: Jockey, app: string): Promise<readonly Found[]> {
  const lists = cluster.hosts.map(async ({ name: host, agentUrl }) => {
    const services = await read<Record<string, AgentService>>(`${agentUrl}/v1/agent/services`);
    const own = Object.values(services).filter(({ Meta }) => Meta?.['app'] === app);
    return own.map(({ ID }) => ({ host, name: ID, works: true }));
  });
  return (await Promise.all(lists)).flat();
}

interface AgentService {
  readonly ID: string;
  readonly Meta: Readonly<Record<string, string>> | null;
}

async function catalogEntriesOf({ cluster }: Jockey, app: string): Promise<readonly Found[]> {
  const consul = cluster.env['CONSUL_HTTP_ADDR'] ?? '';
  const services = Object.keys(await read<object>(`${consul}/v1/catalog/services`));
  const lists = services
    .filter((name) => name.startsWith(`${app}-`))
    .map(async (name) => read<HealthEntry[]>(`${consul}/v1/health/service/${name}`));
  return (await Promise.all(lists)).flat().map(({ Node, Service, Checks }) => ({
    host: Node.Node,
    name: Service.ID,
    works: Checks.every(({ Status }) => Status === 'passing'),
  }));
}

interface HealthEntry {
  readonly Node: { readonly Node: string };
  readonly Service: { readonly ID: string };
  readonly Checks: readonly { readonly Status: string }[];
}

async function read<T>(url: string): Promise<T> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.json()) as T;
}

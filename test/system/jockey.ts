import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { createJockeyClient, type JockeyClient, ok, type Schemas } from '../../clients/typescript/src/index.js';
import { attachCluster, type Cluster } from '../../tools/cluster/cluster.js';
import { createSampleRepository } from '../../tools/sample-repository.js';
import { unusedPort } from '../contract/cluster.js';
import { ApiClient } from '../support/api-client.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { endProgram, runProgram } from './program.js';

/** A deploy as the tests look at it; that of a single deploy has its instances. */
export type SeenDeploy = Schemas['DeployDto'] & { readonly instances: readonly SeenInstance[] };

/** An instance as the tests look at it. */
export type SeenInstance = Schemas['InstanceDto'];

/** The token of every system test. */
export const TOKEN = 'a-bootstrap-token-for-system-tests';

/**
 * Jockey as it runs in production, built and in two processes, against the cluster that `npm test` started. Each test
 * file has a database of its own; the engine can be killed and started again.
 */
export class Jockey {
  /** For what no typed client sends. */
  readonly client: ApiClient;
  /** The client that is made of the document. */
  readonly typed: JockeyClient;
  private readonly output: string[] = [];
  private api: ChildProcess | null = null;
  private engines: ChildProcess[] = [];

  private constructor(
    readonly cluster: Cluster,
    private readonly database: TestDatabase,
    private readonly port: number,
    private readonly variables: Readonly<Record<string, string>>,
  ) {
    this.client = new ApiClient(`http://127.0.0.1:${port}`, TOKEN);
    this.typed = createJockeyClient({ url: this.client.url, token: TOKEN });
  }

  /** Starts both processes, with more variables, and makes the environment, the stack and the sample's repository. */
  static async start(variables: Readonly<Record<string, string>> = {}): Promise<Jockey> {
    const cluster = await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? '');
    const jockey = new Jockey(cluster, await createTestDatabase(), await unusedPort(), variables);
    await createSampleRepository({ root: cluster.env['GIT_LOCAL_ROOT'] ?? '' });
    jockey.startEngine();
    await jockey.startApi();
    await ok(jockey.typed.POST('/environments', { body: { name: 'production' } }));
    await ok(jockey.typed.POST('/stacks', { body: { name: 'api' } }));
    return jockey;
  }

  /** Takes all apps and their containers away, and ends both processes, whatever state a test has left them in. */
  async stop(): Promise<void> {
    try {
      if (this.engines.length === 0) this.startEngine();
      if (this.api?.exitCode !== null || this.api.signalCode !== null) await this.startApi();
      const { data: apps } = await ok(this.typed.GET('/apps', { params: { query: { per_page: 100 } } }));
      for (const { name } of apps) await this.removeApp(name);
    } finally {
      // An engine that is left behind would take the triggers of the next file's.
      await Promise.all([...this.engines, this.api].map((child) => endProgram(child, 'SIGTERM')));
      await this.database.drop();
    }
  }

  /** One more engine. */
  startEngine(): void {
    this.engines.push(this.run('engine'));
  }

  /** Kills every engine, without a word to it. */
  async killEngines(): Promise<void> {
    const engines = this.engines;
    this.engines = [];
    await Promise.all(engines.map((engine) => endProgram(engine, 'SIGKILL')));
  }

  /** Kills every engine and starts one, for which what the dead held has run out: at once, not after up to 30 seconds. */
  async replaceEngines(): Promise<void> {
    await this.killEngines();
    const client = new pg.Client({ connectionString: this.databaseUrl });
    await client.connect();
    await client.query('UPDATE leases SET expires_at = now() WHERE expires_at > now()');
    await client.end();
    this.startEngine();
  }

  /** Kills the engine that was started first. */
  async killEngine(): Promise<void> {
    await endProgram(this.engines.shift() ?? null, 'SIGKILL');
  }

  /** Starts the API, and waits until it is ready. */
  async startApi(): Promise<void> {
    this.api = this.run('main');
    const isReady = () =>
      this.client.get('/readyz').then(
        ({ status }) => status === 200,
        () => false,
      );
    await eventually('the API is ready', isReady, 90).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${this.words}`, { cause: error });
    });
  }

  /** Kills the API, without a word to it. */
  async killApi(): Promise<void> {
    await endProgram(this.api, 'SIGKILL');
  }

  /** Process ids of the engines that live. */
  get enginePids(): readonly number[] {
    return this.engines.map(({ pid }) => pid ?? 0);
  }

  /** Address of the database, for a look at the rows themselves. */
  get databaseUrl(): string {
    return this.database.url;
  }

  /** An app of the sample's repository with settings for its worker `web`. */
  async createApp(name: string, web: Schemas['UpdateWorkerDto'] = {}): Promise<string> {
    await ok(this.typed.POST('/apps', { body: { name, repo: 'jockey/sample', stack: 'api' } }));
    const id = await this.workerId(name, 'web');
    const small = { memory_mb: 32, cpus: 0.05, health_interval_seconds: 1, health_path: '/healthz', drain_seconds: 1 };
    const body = { ...small, scale: 3, stop_grace_seconds: 2, ...web };
    await ok(this.typed.PUT('/workers/{id}', { params: { path: { id } }, body }));
    return id;
  }

  /** The id of a worker of an app. */
  async workerId(app: string, worker: string): Promise<string> {
    const query = { app, environment: 'production', worker };
    const { data } = await ok(this.typed.GET('/workers', { params: { query } }));
    return data[0]?.id ?? '';
  }

  /** Deploys, and waits until it settles. */
  async deploy(app: string, rref: string): Promise<SeenDeploy> {
    return this.settled(await this.begin(app, rref));
  }

  /** Asks for a deploy, and answers its id. */
  async begin(app: string, rref: string, more: Partial<Schemas['CreateDeployDto']> = {}): Promise<string> {
    const body = { app, environment: 'production', rref, ...more };
    return (await ok(this.typed.POST('/deploys', { body }))).data.id;
  }

  /** The deploy when it has settled. */
  async settled(id: string): Promise<SeenDeploy> {
    return eventually(
      `deploy ${id} settles`,
      async () => {
        const deploy = await this.seen(id, 20);
        return ['created', 'building', 'deploying'].includes(deploy.state) ? false : deploy;
      },
      120,
    );
  }

  /** The deploy as it is now, or after so many seconds. */
  async seen(id: string, wait = 0): Promise<SeenDeploy> {
    const { data } = await ok(this.typed.GET('/deploys/{id}', { params: { path: { id }, query: { wait } } }));
    return { ...data, instances: data.instances ?? [] };
  }

  /** What a log says, line by line. */
  async log(of: 'builds' | 'deploys' | 'reconciles', id: string): Promise<string[]> {
    const answer = await ok(this.typed.GET(`/${of}/{id}/logs`, { params: { path: { id } } }));
    return typeof answer === 'string' ? [answer] : answer.logs.map(({ message }) => message.text);
  }

  /** Where an instance is reached over the network. */
  addressOf({ host, port }: SeenInstance): string {
    const { address } = this.cluster.hosts.find(({ name }) => name === host) ?? { address: '' };
    return `http://${address}:${port}`;
  }

  /** The page that an instance serves. */
  async page(instance: SeenInstance): Promise<string> {
    return (await fetch(this.addressOf(instance), { signal: AbortSignal.timeout(3_000) })).text();
  }

  /** Names of all containers of an app on all reachable hosts, as Docker itself says. */
  async containersOf(app: string): Promise<string[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`io.jockey.app=${app}`] }));
    const lists = await Promise.all(
      this.cluster.hosts.map(async ({ dockerUrl }) => {
        const answer = await fetch(`${dockerUrl}/containers/json?all=1&filters=${filters}`, {
          signal: AbortSignal.timeout(3_000),
        });
        return ((await answer.json()) as { Names: string[] }[]).map(({ Names }) => (Names[0] ?? '').slice(1));
      }),
    );
    return lists.flat().sort();
  }

  /** What Consul says of a service: ids of its instances, and whether they pass. */
  async registered(service: string): Promise<{ id: string; passing: boolean; tags: string[] }[]> {
    const answer = await fetch(`${this.cluster.env['CONSUL_HTTP_ADDR']}/v1/health/service/${service}`);
    const entries = (await answer.json()) as {
      Service: { ID: string; Tags: string[] };
      Checks: { Status: string }[];
    }[];
    return entries
      .map(({ Service, Checks }) => ({
        id: Service.ID,
        tags: Service.Tags,
        passing: Checks.every(({ Status }) => Status === 'passing'),
      }))
      .sort((one, other) => (one.id < other.id ? -1 : 1));
  }

  /** Deletes an app and waits until nothing of it is left on any host. */
  async removeApp(name: string): Promise<void> {
    await eventually(
      `app ${name} may be deleted`,
      async () => (await this.typed.DELETE('/apps/{id}', { params: { path: { id: name } } })).response.status !== 423,
      90,
    );
    await eventually(`nothing of ${name} is left`, async () => (await this.containersOf(name)).length === 0, 60);
  }

  /** What the processes wrote, for a test that failed. */
  get words(): string {
    return this.output.slice(-200).join('');
  }

  private run(name: 'main' | 'engine'): ChildProcess {
    const env = {
      ...this.cluster.env,
      DATABASE_URL: this.database.url,
      JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
      JOCKEY_PORT: String(this.port),
      JOCKEY_URL: `http://127.0.0.1:${this.port}`,
      LOG_LEVEL: 'warn',
      RATE_LIMIT_PER_MINUTE: '0',
      ...this.variables,
    };
    return runProgram(name, env, (text) => this.output.push(text));
  }
}

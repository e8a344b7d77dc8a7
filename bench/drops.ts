import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim } from '../tools/machine/claim.js';
import { type Cluster } from '../tools/cluster/cluster.js';
import { foldersOf } from '../tools/cluster/layout.js';
import { type ClusterHaproxy, startRouterOf } from '../tools/cluster/routers.js';
import { startClaimedCluster } from '../tools/cluster/start-cluster.js';
import { JockeyClient } from '../tools/jockey/jockey-client.js';
import { startJockey } from '../tools/jockey/start-jockey.js';
import { createSampleRepository, SAMPLE_REPOSITORY } from '../tools/sample-repository.js';
import { HttpLoad, type Outcome, type Stream } from './http-load.js';
import { machineLine } from './machine.js';
import { grouped, tableOf } from './table.js';

const COMMAND = 'npm run bench:drops';
/**
 * Deploys of each strategy, half of each app; then the strategies; then `drain_seconds`. To see that what is measured can
 * fail, let nothing be drained: `npm run bench:drops -- 2 rolling 0`.
 */
const [, , DEPLOYS_SAID = '10', STRATEGIES_SAID = 'rolling,blue_green', DRAIN_SAID = '6'] = process.argv;
const DEPLOYS = Number(DEPLOYS_SAID);
const STRATEGIES = STRATEGIES_SAID.split(',');
/** Target: no failed request of 50,000 in 20 deploys. */
const REQUESTS_A_DEPLOY = 2_500;
const LEAST_REQUESTS = REQUESTS_A_DEPLOY * DEPLOYS * STRATEGIES.length;
const SCALE = 3;

/** Apps that drop requests first where a deploy does not wait, each a branch of the sample. */
const APPS = ['slow-stop', 'slow-requests'] as const;
const hostOf = (app: string): string => `${app}.production.test`;

/**
 * HAProxy looks into Consul each second and stops sending after two at most; the longest request takes 3 s, so 6 s are
 * enough for both. `slow-stop` needs 5 s after its signal.
 */
const WORKER = {
  ...{ scale: SCALE, memory_mb: 64, cpus: 0.5, parallelism: 2, health_path: '/healthz', health_interval_seconds: 1 },
  ...{ drain_seconds: Number(DRAIN_SAID), stop_grace_seconds: 8 },
};

interface Deploy {
  readonly id: string;
  readonly state: string;
  readonly failure_reason: string | null;
}

type Retries = Awaited<ReturnType<ClusterHaproxy['retries']>>;

interface Phase {
  readonly strategy: string;
  readonly deploys: number;
  readonly seconds: number;
  readonly outcomes: readonly Outcome[];
  readonly firstFailures: readonly string[];
}

/** Deploys two apps again and again while both are asked without a pause. */
class DropsBench {
  constructor(
    private readonly client: JockeyClient,
    private readonly router: ClusterHaproxy,
  ) {}

  /** Both apps with their first deploy, reached through the router. */
  async prepare(): Promise<void> {
    for (const app of APPS) {
      await this.client.put(`/workers/${await this.workerOf(app)}`, WORKER);
      await this.deploy(app);
      while ((await answerOf(this.router.url, hostOf(app))) !== 200) await sleep(100);
    }
  }

  /** Deploys with one strategy under load, which goes on until enough was asked. */
  async phase(strategy: string): Promise<Phase> {
    for (const app of APPS) await this.client.put(`/workers/${await this.workerOf(app)}`, { strategy });
    const begun = performance.now();
    const load = new HttpLoad(this.streams());
    for (let number = 0; number < DEPLOYS; number += 1) {
      const app = APPS[number % APPS.length] ?? APPS[0];
      const took = await this.deploy(app);
      process.stderr.write(
        `${strategy} ${number + 1} of ${DEPLOYS}: ${app} in ${took.toFixed(1)} s, ` +
          `${load.requests} requests, ${load.failed} failed\n`,
      );
    }
    while (load.requests < REQUESTS_A_DEPLOY * DEPLOYS) await sleep(100);
    await this.drained();
    const outcomes = await load.end();
    const seconds = (performance.now() - begun) / 1_000;
    return { strategy, deploys: DEPLOYS, seconds, outcomes, firstFailures: load.firstFailures };
  }

  /** What the router has hidden from clients. */
  retries(): Promise<Retries> {
    return this.router.retries();
  }

  private streams(): readonly Stream[] {
    const { url } = this.router;
    const page = (app: string): Stream => ({
      name: app,
      url,
      host: hostOf(app),
      path: '/',
      method: 'GET',
      perSecond: 100,
    });
    const held = { name: 'held for 3 s', url, host: hostOf('slow-requests'), path: '/cgi-bin/hold', perSecond: 4 };
    return [...APPS.map(page), { ...held, method: 'POST' }];
  }

  /** Seconds that it took. */
  private async deploy(app: string): Promise<number> {
    const begun = performance.now();
    const asked = await this.client.post<Deploy>('/deploys', { app, environment: 'production', rref: app });
    let deploy = asked;
    while (['created', 'building', 'deploying'].includes(deploy.state))
      deploy = await this.client.get<Deploy>(`/deploys/${asked.id}?wait=60`);
    if (deploy.state !== 'deployed')
      throw new Error(`deploy ${deploy.id} is ${deploy.state}: ${deploy.failure_reason}`);
    return (performance.now() - begun) / 1_000;
  }

  /** What the last deploy has replaced is stopped under load too. */
  private async drained(): Promise<void> {
    const running = async (): Promise<number> => {
      const hosts = await this.client.get<{ running_instances: number }[]>('/hosts?stack=api&environment=production');
      return hosts.reduce((sum, host) => sum + host.running_instances, 0);
    };
    while ((await running()) > SCALE * APPS.length) await sleep(200);
  }

  private async workerOf(app: string): Promise<string> {
    const workers = await this.client.get<{ id: string }[]>(`/workers?app=${app}&environment=production&worker=web`);
    return workers[0]?.id ?? '';
  }
}

async function answerOf(url: string, host: string): Promise<number> {
  const load = new HttpLoad([{ name: 'once', url, host, path: '/', method: 'GET', perSecond: 1 }]);
  const [outcome] = await load.end();
  return outcome !== undefined && outcome.requests > 0 && outcome.failed === 0 ? 200 : 0;
}

async function start(cluster: Cluster, { ledger }: Claim): Promise<DropsBench> {
  await createSampleRepository({ root: cluster.env['GIT_LOCAL_ROOT'] ?? '' });
  const { logs } = foldersOf(cluster.description);
  const env = { ...cluster.env, ROUTING_HOST: '{app}.{environment}.test' };
  const jockey = await startJockey({ ledger, logs, env, processes: 2, command: COMMAND });
  const client = new JockeyClient(jockey.url, jockey.token);
  for (const name of APPS) await client.post('/apps', { name, repo: SAMPLE_REPOSITORY, stack: 'api' });
  return new DropsBench(client, await startRouterOf(cluster, jockey));
}

async function main(): Promise<number> {
  const { cluster, claim } = await startClaimedCluster({ command: COMMAND });
  try {
    const bench = await start(cluster, claim);
    await bench.prepare();
    const phases: Phase[] = [];
    for (const strategy of STRATEGIES) phases.push(await bench.phase(strategy));
    return report(phases, await bench.retries());
  } finally {
    await cluster.stop();
  }
}

function report(phases: readonly Phase[], { retried, redispatched }: Retries): number {
  const outcomes = phases.flatMap((phase) => phase.outcomes);
  const requests = outcomes.reduce((sum, each) => sum + each.requests, 0);
  const failed = outcomes.reduce((sum, each) => sum + each.failed, 0);
  const deploys = phases.reduce((sum, each) => sum + each.deploys, 0);
  console.log(`${deploys} deploys in a row under constant load, through HAProxy, over three hosts. ${machineLine()}\n`);
  console.log(`${tableOf(phases.flatMap(rowsOf))}\n`);
  for (const fault of phases.flatMap(({ firstFailures }) => firstFailures)) console.log(`  ${fault}`);
  console.log(`HAProxy made ${retried} connections again, ${redispatched} of them to another server.`);
  const met = failed === 0 && requests >= LEAST_REQUESTS;
  console.log(`${met ? 'Met' : 'MISSED'}: ${grouped(failed)} failed of ${grouped(requests)} requests.`);
  return met ? 0 : 1;
}

function rowsOf({ strategy, deploys, seconds, outcomes }: Phase) {
  return outcomes.map(({ name, requests, failed, p50, p99 }) => ({
    strategy,
    deploys: String(deploys),
    requested: name,
    seconds: seconds.toFixed(0),
    requests: grouped(requests),
    failed: grouped(failed),
    'p50 ms': p50.toFixed(1),
    'p99 ms': p99.toFixed(1),
  }));
}

process.exitCode = await main();

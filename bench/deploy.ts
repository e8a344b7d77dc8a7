import { setTimeout as sleep } from 'node:timers/promises';
import { startClaimedCluster } from '../tools/cluster/start-cluster.js';
import type { Cluster } from '../tools/cluster/cluster.js';
import { foldersOf } from '../tools/cluster/layout.js';
import { JockeyClient } from '../tools/jockey/jockey-client.js';
import { startJockey } from '../tools/jockey/start-jockey.js';
import { createSampleRepository, SAMPLE_REPOSITORY } from '../tools/sample-repository.js';
import { measureFloor } from './floor.js';
import { machineLine } from './machine.js';
import { median } from './median.js';
import { pull } from './pull.js';
import { tableOf } from './table.js';

/** Target of the issue: at 30 containers at most 1.3 times the floor, plus one health interval. */
const MOST_TIMES_THE_FLOOR = 1.3;
const HEALTH_INTERVAL = 1_000;
const JUDGED_AT = 30;

const SIZES = [3, 12, 30];
/** Odd, so that the median is one that was measured. */
const ROUNDS = Number(process.argv[2] ?? 3);
const LOAD = { memoryMb: 32, cpus: 0.05, healthPath: '/healthz' };

interface Deploy {
  readonly id: string;
  readonly state: string;
  readonly completed_at: string;
  readonly failure_reason: string | null;
}

interface Measured {
  readonly containers: number;
  readonly floor: number;
  readonly jockey: number;
}

/** Every round deploys an app of its own, so that nothing old has to be drained in the time that is measured. */
class DeployBench {
  private apps = 0;

  constructor(
    private readonly cluster: Cluster,
    private readonly client: JockeyClient,
  ) {}

  /** One round: the floor and Jockey with the same image, in turns first. */
  async round(containers: number, jockeyFirst: boolean): Promise<Measured> {
    const app = `bench-${(this.apps += 1)}`;
    const image = await this.prepare(app, containers);
    const load = { ...LOAD, hosts: this.cluster.hosts, image, containers };
    const first = jockeyFirst ? await this.deploy(app) : null;
    if (first !== null) await this.clear(app);
    const floor = await measureFloor(load);
    const jockey = first ?? (await this.deploy(app));
    if (first === null) await this.clear(app);
    process.stderr.write(`${containers} containers: floor ${floor.toFixed(0)} ms, Jockey ${jockey.toFixed(0)} ms\n`);
    return { containers, floor, jockey };
  }

  /** The app, its worker, and its image on every host. */
  private async prepare(app: string, scale: number): Promise<string> {
    await this.client.post('/apps', { name: app, repo: SAMPLE_REPOSITORY, stack: 'api' });
    const workers = await this.client.get<{ id: string }[]>(`/workers?app=${app}&environment=production&worker=web`);
    const settings = { memory_mb: LOAD.memoryMb, cpus: LOAD.cpus, health_path: LOAD.healthPath };
    await this.client.put(`/workers/${workers[0]?.id}`, {
      ...{
        ...settings,
        scale,
        health_interval_seconds: HEALTH_INTERVAL / 1_000,
        drain_seconds: 0,
        stop_grace_seconds: 0,
      },
    });
    const { image } = await this.client.post<{ image: string }>('/builds?wait=60', { app, ref: 'main' });
    await Promise.all(this.cluster.hosts.map(({ dockerUrl }) => pull(dockerUrl, image)));
    return image;
  }

  /** Milliseconds from the request to `deployed`, by the clock of this machine, which is the database's too. */
  private async deploy(app: string): Promise<number> {
    const begun = Date.now();
    const asked = await this.client.post<Deploy>('/deploys?wait=60', { app, environment: 'production', rref: 'main' });
    const deploy = asked.state === 'deployed' ? asked : await this.client.get<Deploy>(`/deploys/${asked.id}?wait=60`);
    if (deploy.state !== 'deployed')
      throw new Error(`deploy ${deploy.id} is ${deploy.state}: ${deploy.failure_reason}`);
    return Date.parse(deploy.completed_at) - begun;
  }

  /** Takes the app's instances away before the next measurement. */
  private async clear(app: string): Promise<void> {
    const workers = await this.client.get<{ id: string }[]>(`/workers?app=${app}&environment=production&worker=web`);
    await this.client.put(`/workers/${workers[0]?.id}`, { scale: 0 });
    for (;;) {
      const { running_instances: left } = await this.busiest();
      if (left === 0) return;
      await sleep(200);
    }
  }

  private async busiest(): Promise<{ running_instances: number }> {
    const hosts = await this.client.get<{ running_instances: number }[]>('/hosts?stack=api&environment=production');
    return hosts.reduce((most, each) => (each.running_instances > most.running_instances ? each : most));
  }
}

function rowOf(containers: number, all: readonly Measured[]) {
  const own = all.filter((each) => each.containers === containers);
  const floor = median(own.map((each) => each.floor));
  const jockey = median(own.map((each) => each.jockey));
  const allowed = MOST_TIMES_THE_FLOOR * floor + HEALTH_INTERVAL;
  return { containers, floor, jockey, allowed, met: jockey <= allowed };
}

async function main(): Promise<number> {
  const { cluster, claim } = await startClaimedCluster({ command: 'npm run bench:deploy' });
  try {
    const { ledger } = claim;
    await createSampleRepository({ root: cluster.env['GIT_LOCAL_ROOT'] ?? '' });
    const { logs } = foldersOf(cluster.description);
    const jockey = await startJockey({ ledger, logs, env: cluster.env, processes: 2, command: 'npm run bench:deploy' });
    const bench = new DeployBench(cluster, new JockeyClient(jockey.url, jockey.token));
    process.stderr.write('warming up\n');
    await bench.round(3, false);
    const all: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1)
      for (const containers of SIZES) all.push(await bench.round(containers, round % 2 === 1));
    return report(all);
  } finally {
    await cluster.stop();
  }
}

function report(all: readonly Measured[]): number {
  const rows = SIZES.map((containers) => rowOf(containers, all));
  console.log(
    `From POST /deploys to deployed over three hosts, image present; medians of ${ROUNDS} rounds. ${machineLine()}\n`,
  );
  const table = rows.map(({ containers, floor, jockey, allowed, met }) => ({
    containers: String(containers),
    'floor ms': floor.toFixed(0),
    'Jockey ms': jockey.toFixed(0),
    'times the floor': (jockey / floor).toFixed(2),
    'less one interval': ((jockey - HEALTH_INTERVAL) / floor).toFixed(2),
    'allowed ms': allowed.toFixed(0),
    met: met ? 'yes' : 'no',
  }));
  console.log(`${tableOf(table)}\n`);
  const met = rows.find(({ containers }) => containers === JUDGED_AT)?.met ?? false;
  console.log(
    `${met ? 'Met' : 'MISSED'}: at ${JUDGED_AT} containers at most ${MOST_TIMES_THE_FLOOR} times the floor and one health interval.`,
  );
  return met ? 0 : 1;
}

process.exitCode = await main();

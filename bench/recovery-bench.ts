import { setTimeout as pause } from 'node:timers/promises';
import { pull } from './pull.js';
import { measureBareStart, type BareStart } from './floor.js';
import type { Cluster } from '../tools/cluster/cluster.js';
import type { JockeyClient } from '../tools/jockey/jockey-client.js';
import { fetchJson, fetchOk } from '../tools/machine/fetch-ok.js';
import { until } from '../tools/machine/until.js';
import { SAMPLE_REPOSITORY } from '../tools/sample-repository.js';

/** Milliseconds from `docker kill` until the container runs again, and until it answers with its check passing. */
export interface Kill {
  readonly running: number;
  readonly healthy: number;
}

/** Milliseconds from a cut until as many as before pass on the other hosts; and from the join until all is even. */
export interface Cut {
  readonly elsewhere: number;
  readonly balanced: number;
}

/** Milliseconds from the request until the first new one passes, and until the deploy is done; beside a bare start. */
export interface Rollback {
  readonly first: number;
  readonly deployed: number;
  readonly bare: BareStart;
}

interface Deploy {
  readonly id: string;
  readonly state: string;
  readonly failure_reason: string | null;
}

/** An entry of Consul with all of its checks. */
interface Entry {
  readonly id: string;
  readonly host: string;
  readonly url: string;
  readonly passing: boolean;
  readonly tags: readonly string[];
}

const APP = 'recovery';
const PLACE = { app: APP, environment: 'production' };
const SCALE = 10;
const LOAD = { memoryMb: 32, cpus: 0.05, healthPath: '/healthz' };

const HEALTH_INTERVAL = 1_000;

/** How often the world is looked at, in milliseconds: the error of each figure. */
const EVERY = 20;

/** One app of ten instances over three hosts, to which things are done. */
export class RecoveryBench {
  constructor(
    private readonly cluster: Cluster,
    private readonly client: JockeyClient,
  ) {}

  /** Makes the app with two releases, `v1` and `v2`, whose images are on every host; answers the image of `v1`. */
  async prepare(): Promise<string> {
    await this.client.post('/apps', { name: APP, repo: SAMPLE_REPOSITORY, stack: 'api' });
    const workers = await this.client.get<{ id: string }[]>(`/workers?app=${APP}&environment=production&worker=web`);
    await this.client.put(`/workers/${workers[0]?.id}`, {
      ...{ scale: SCALE, memory_mb: LOAD.memoryMb, cpus: LOAD.cpus, health_path: LOAD.healthPath },
      ...{ health_interval_seconds: HEALTH_INTERVAL / 1_000, drain_seconds: 0, stop_grace_seconds: 1 },
    });
    const images = [];
    for (const ref of ['main', 'v2']) {
      const { image } = await this.client.post<{ image: string }>('/builds?wait=60', { app: APP, ref });
      await Promise.all(this.cluster.hosts.map(({ dockerUrl }) => pull(dockerUrl, image)));
      images.push(image);
      await this.done(await this.client.post<Deploy>('/deploys?wait=60', { ...PLACE, rref: ref }));
    }
    return images[0] ?? '';
  }

  /** Kills one container by hand, another one each round, at a moment of chance between two of its checks. */
  async kill(round = 0): Promise<Kill> {
    await this.untilEven();
    await pause(Math.random() * HEALTH_INTERVAL);
    const entries = await this.passing();
    const victim = entries[round % entries.length] as Entry;
    const container = `${this.dockerUrlOf(victim.host)}/containers/${victim.id}`;
    const before = await startedAt(container);
    const begun = performance.now();
    await fetchOk(`${container}/kill`, { method: 'POST' });
    const running = await this.since(begun, 'the killed container to run', async () => {
      const now = await startedAt(container);
      return now !== null && now !== before;
    });
    const healthy = await this.since(begun, 'the killed container to pass', async () => {
      const passes = (await this.passing()).some(({ id }) => id === victim.id);
      return passes && fetchOk(`${victim.url}${LOAD.healthPath}`).then(() => true);
    });
    return { running, healthy };
  }

  /** Pulls the cable of a host, another one each round, and plugs it in again when all is well without it. */
  async cut(round: number): Promise<Cut> {
    await this.untilEven();
    const { name } = this.cluster.hosts[round % this.cluster.hosts.length] ?? { name: '' };
    const begun = performance.now();
    await this.cluster.cutHost(name);
    const elsewhere = await this.since(begun, `all to pass without ${name}`, async () => {
      const others = (await this.passing()).filter(({ host }) => host !== name);
      return others.length === SCALE;
    });
    const joined = performance.now();
    await this.cluster.joinHost(name);
    await this.untilEven();
    return { elsewhere, balanced: performance.now() - joined };
  }

  /** Goes back to the release that does not serve, and starts as many containers of its image without Jockey. */
  async rollback(round: number, image: string): Promise<Rollback> {
    await this.untilEven();
    const load = { ...LOAD, hosts: this.cluster.hosts, image, containers: SCALE };
    const bare = await measureBareStart(load);
    const begun = performance.now();
    const asked = await this.client.post<Deploy>(`/apps/${APP}/rollback`, {
      ...{ environment: 'production', to: round % 2 === 0 ? 'v1' : 'v2', hold: false },
    });
    const first = await this.since(begun, 'the first to pass', async () =>
      (await this.passing()).some(({ tags }) => tags.includes(`deploy_id:${asked.id}`)),
    );
    await this.done(asked);
    return { first, deployed: performance.now() - begun, bare };
  }

  private async done({ id }: Deploy): Promise<void> {
    await until({ what: `deploy ${id} to be deployed`, seconds: 120, every: 0 }, async () => {
      const deploy = await this.client.get<Deploy>(`/deploys/${id}?wait=60`);
      if (deploy.state === 'failed') process.stderr.write(`deploy ${id} failed: ${deploy.failure_reason}\n`);
      return deploy.state === 'deployed';
    });
  }

  /** Waits until all pass, spread over the hosts with a difference of one at most, and nothing else is there. */
  private async untilEven(): Promise<void> {
    await until({ what: 'an even spread over the hosts', seconds: 180, every: EVERY }, async () => {
      const all = await this.entries();
      const counts = this.cluster.hosts.map(({ name }) => all.filter(({ host }) => host === name).length);
      const even = Math.max(...counts) - Math.min(...counts) <= 1;
      return even && all.length === SCALE && all.every(({ passing }) => passing);
    });
  }

  private async since(begun: number, what: string, look: () => Promise<boolean>): Promise<number> {
    await until({ what, seconds: 60, every: EVERY }, look);
    return performance.now() - begun;
  }

  private async passing(): Promise<readonly Entry[]> {
    return (await this.entries()).filter(({ passing }) => passing);
  }

  private async entries(): Promise<readonly Entry[]> {
    const url = `${this.cluster.env['CONSUL_HTTP_ADDR']}/v1/health/service/${APP}-web`;
    const found = await fetchJson<readonly ConsulEntry[]>(url);
    return found.map(({ Node, Service, Checks }) => ({
      id: Service.ID,
      host: Node.Node,
      url: `http://${Node.Address}:${Service.Port}`,
      passing: Checks.every(({ Status }) => Status === 'passing'),
      tags: Service.Tags,
    }));
  }

  private dockerUrlOf(host: string): string {
    return this.cluster.hosts.find(({ name }) => name === host)?.dockerUrl ?? '';
  }
}

interface ConsulEntry {
  readonly Node: { readonly Node: string; readonly Address: string };
  readonly Service: { readonly ID: string; readonly Port: number; readonly Tags: readonly string[] };
  readonly Checks: readonly { readonly Status: string }[];
}

/** When the container began to run; null while it does not. */
async function startedAt(container: string): Promise<string | null> {
  const { State } = await fetchJson<{ State: { Running: boolean; StartedAt: string } }>(`${container}/json`);
  return State.Running ? State.StartedAt : null;
}

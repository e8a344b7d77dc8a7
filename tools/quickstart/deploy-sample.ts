import { setTimeout as pause } from 'node:timers/promises';
import { JockeyClient, RefusedByJockey } from '../jockey/jockey-client.js';
import type { RunningJockey } from '../jockey/start-jockey.js';
import { fetchOk } from '../machine/fetch-ok.js';
import { progress } from '../machine/progress.js';
import { until } from '../machine/until.js';

/** What a deploy of the sample has led to. */
export interface DeployedSample {
  readonly deployId: string;
  readonly workerId: string;
  /** Address of one instance, and what it served. */
  readonly pageUrl: string;
  readonly page: string;
}

interface Worker {
  readonly id: string;
  readonly name: string;
}

interface Deploy {
  readonly id: string;
  readonly state: string;
  readonly failure_reason: string | null;
  readonly build: { readonly id: string };
}

interface LogLine {
  readonly position: number | string;
  readonly level: string;
  readonly message: { readonly text: string };
}

interface Instance {
  readonly node: { readonly address: string };
  readonly port: number | null;
}

const TARGET = { app: 'sample', environment: 'development' } as const;
const QUERY = new URLSearchParams(TARGET).toString();
const SCALE = 2;
/** Seconds for the whole deploy. */
const DEPLOY_WITHIN = 180;

/** Sets the scale of the sample's web worker, deploys its main branch, shows the log as it comes, and fetches its page. */
export async function deploySample({ url, token }: RunningJockey): Promise<DeployedSample> {
  const client = new JockeyClient(url, token);
  const workers = await client.get<readonly Worker[]>(`/workers?${QUERY}`);
  const web = workers.find(({ name }) => name === 'web');
  if (web === undefined) throw new Error('the seeds have made no worker "web" of the app "sample"');
  progress(`scaling web of sample in development to ${SCALE}`);
  await client.put(`/workers/${web.id}`, { scale: SCALE });
  progress('deploying sample to development: POST /deploys');
  const deploy = await createDeploy(client);
  await follow(client, deploy.id);
  return { deployId: deploy.id, workerId: web.id, ...(await fetchPage(client, web.id)) };
}

/** The change of scale is carried out in its own time; until then the environment is held. */
async function createDeploy(client: JockeyClient): Promise<Deploy> {
  return until({ what: 'a deploy to be accepted', seconds: 30, every: 250 }, async () => {
    try {
      return await client.post<Deploy>('/deploys', { ...TARGET, rref: 'main' });
    } catch (error) {
      if (error instanceof RefusedByJockey && error.status === 423) return undefined;
      throw error;
    }
  });
}

async function follow(client: JockeyClient, id: string): Promise<void> {
  const deadline = performance.now() + DEPLOY_WITHIN * 1000;
  const build = new LogFollower(client);
  const rollout = new LogFollower(client);
  while (performance.now() < deadline) {
    // Read before the logs are: a deploy that has settled by now has written all of them.
    const deploy = await client.get<Deploy>(`/deploys/${id}`);
    await build.show(`/builds/${deploy.build.id}/logs`);
    await rollout.show(`/deploys/${id}/logs`);
    if (deploy.state === 'deployed') return;
    if (deploy.state === 'failed' || deploy.state === 'stopped')
      throw new Error(`the deploy ended as ${deploy.state}: ${deploy.failure_reason ?? 'no reason given'}`);
    await pause(250);
  }
  throw new Error(`the deploy did not settle within ${DEPLOY_WITHIN} s`);
}

/** Prints the lines of a log that have come since it was last shown. */
class LogFollower {
  private after: LogLine['position'] | undefined;

  constructor(private readonly client: JockeyClient) {}

  async show(path: string): Promise<void> {
    const query = this.after === undefined ? '' : `?after=${this.after}`;
    const { logs } = await this.client.getBare<{ logs: readonly LogLine[] }>(`${path}${query}`);
    for (const { message } of logs) progress(`  ${message.text.trimEnd()}`);
    this.after = logs.at(-1)?.position ?? this.after;
  }
}

async function fetchPage(client: JockeyClient, workerId: string): Promise<{ pageUrl: string; page: string }> {
  return until({ what: 'the sample to serve its page', seconds: 20, every: 200 }, async () => {
    const { instances } = await client.get<{ instances: readonly Instance[] }>(`/workers/${workerId}/deploys`);
    const instance = instances.find(({ port }) => port !== null);
    if (instance === undefined) return undefined;
    const pageUrl = `http://${instance.node.address}:${instance.port ?? 0}/`;
    return { pageUrl, page: (await (await fetchOk(pageUrl)).text()).trim() };
  });
}

import { type Api, ApiRefusal, type Command, said } from './command.js';
import { APP, ENVIRONMENT, inPath, query, shortSha } from './words-of-jockey.js';

interface Release {
  readonly number: string;
  readonly rref: string;
  readonly created_at: string;
}

interface Deploy {
  readonly id: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly rref: string;
  readonly failure_reason: string | null;
}

interface Worker {
  readonly id: string;
  readonly name: string;
  readonly scale: number;
}

interface Instance {
  readonly check: { readonly status: string };
}

/** `status APP [ENVIRONMENT]`. */
export const statusCommand: Command = {
  name: 'status',
  about: 'Says what runs, what is under way, and what stands in the way.',
  parameters: [APP, { ...ENVIRONMENT, optional: true }],
  async run({ APP: app, ENVIRONMENT: environment }, api) {
    const names = environment === undefined ? await environments(api) : [environment];
    const parts = await Promise.all(names.map((name) => statusOf(api, app ?? '', name)));
    const shown = environment === undefined ? parts.filter(({ used }) => used) : parts;
    return shown.length === 0 ? said(`${app} runs nowhere yet.`) : said(...shown.flatMap(({ lines }) => lines));
  },
};

async function environments(api: Api): Promise<readonly string[]> {
  const all = await api.call<readonly { name: string }[]>('GET', '/environments?per_page=100');
  return all.map(({ name }) => name).sort();
}

async function statusOf(api: Api, app: string, environment: string): Promise<{ used: boolean; lines: string[] }> {
  const place = query({ app, environment, per_page: '1' });
  const [releases, deploys, workers, hold] = await Promise.all([
    api.call<readonly Release[]>('GET', `/releases${place}`),
    api.call<readonly Deploy[]>('GET', `/deploys${place}`),
    api.call<readonly Worker[]>('GET', `/workers${query({ app, environment, per_page: '100' })}`),
    holdOf(api, app, environment),
  ]);
  const counts = await Promise.all(workers.map((worker) => countOf(api, worker)));
  const lines = [
    `${app} in ${environment}: ${releaseLine(releases[0])}`,
    ...counts.map((count) => `  ${count}`),
    ...deploys.flatMap(deployLines),
    ...(hold === null ? [] : [`  locked for automatic deploys: ${hold}`]),
  ];
  return { used: releases.length + deploys.length > 0, lines };
}

const releaseLine = (release: Release | undefined): string =>
  release === undefined
    ? 'nothing was deployed yet'
    : `${release.number}, ${shortSha(release.rref)}, since ${release.created_at}`;

/** Only what is under way or went wrong: what went well is the release. */
function deployLines({ id, state, outcome, rref, failure_reason: reason }: Deploy): string[] {
  if (state === 'deployed' || state === 'stopped') return [];
  const how = outcome === null ? state : `${state} (${outcome})`;
  return [`  deploy ${id} of ${shortSha(rref)}: ${how}${reason === null ? '' : `: ${reason}`}`];
}

async function countOf(api: Api, { id, name, scale }: Worker): Promise<string> {
  const { instances } = await api.call<{ instances: readonly Instance[] }>('GET', `/workers/${inPath(id)}/deploys`);
  const healthy = instances.filter(({ check }) => check.status === 'passing').length;
  return `${name}: ${healthy} of ${scale} healthy`;
}

async function holdOf(api: Api, app: string, environment: string): Promise<string | null> {
  try {
    return (await api.call<{ reason: string }>('GET', `/apps/${inPath(app)}/hold${query({ environment })}`)).reason;
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 404) return null;
    throw error;
  }
}

import { type Api, type Command, said } from './command.js';
import { APP, ENVIRONMENT, inPath, query } from './words-of-jockey.js';

interface Worker {
  readonly id: string;
  readonly name: string;
  readonly scale: number;
}

interface Instance {
  readonly id: string;
  readonly node: { readonly id: string };
  readonly check: { readonly status: string };
}

/** `ps APP ENVIRONMENT`. */
export const psCommand: Command = {
  name: 'ps',
  about: 'Lists what runs: each instance with its host and what its check says.',
  parameters: [APP, ENVIRONMENT],
  async run({ APP: app, ENVIRONMENT: environment }, api) {
    const workers = await api.call<readonly Worker[]>('GET', `/workers${query({ app, environment, per_page: '100' })}`);
    const parts = await Promise.all(workers.map((worker) => linesOf(api, worker)));
    return workers.length === 0 ? said(`${app} has no workers in ${environment}.`) : said(...parts.flat());
  },
};

async function linesOf(api: Api, { id, name, scale }: Worker): Promise<string[]> {
  const { instances } = await api.call<{ instances: readonly Instance[] }>('GET', `/workers/${inPath(id)}/deploys`);
  const lines = instances.map(({ id: container, node, check }) => `  ${container} on ${node.id}: ${check.status}`);
  return [`${name}: ${instances.length} of ${scale}`, ...lines];
}

/** `restart APP ENVIRONMENT [WORKER]`. */
export const restartCommand: Command = {
  name: 'restart',
  about: 'Restarts the instances of all workers, or of one, a few at a time.',
  parameters: [APP, ENVIRONMENT, { name: 'WORKER', about: 'The name of a worker; all when left out.', optional: true }],
  async run({ APP: app, ENVIRONMENT: environment, WORKER: worker }, api) {
    const body = { app, environment, ...(worker === undefined ? {} : { worker }) };
    const { id } = await api.call<{ id: string }>('PUT', '/workers/restart', body);
    return said(`${worker ?? 'All workers'} of ${app} in ${environment} are being restarted by reconcile ${id}.`);
  },
};

/** `explain DEPLOY`. */
export const explainCommand: Command = {
  name: 'explain',
  about: 'Says why a deploy is not where it was asked for.',
  parameters: [{ name: 'DEPLOY', about: 'The id of a deploy.' }],
  async run({ DEPLOY: id }, api) {
    const { answer } = await api.call<{ answer: string }>('GET', `/deploys/${inPath(id)}/explain`);
    return said(answer);
  },
};

import type { JockeyClient } from './client.js';
import { ok } from './problem.js';
import type { Schemas } from './types.js';

/** What is waited for. */
export interface Waiting {
  readonly id: string;
  /** How long at most; 600 unless told. */
  readonly seconds?: number;
}

const AT_MOST = 600;

/** The longest that Jockey holds one answer, in seconds. */
const LONGEST_HOLD = 60;

const OPEN: ReadonlySet<string> = new Set(['created', 'building', 'deploying', 'in_progress']);

/** The deploy when it has settled; throws where it has not within the time. */
export function waitForDeploy(client: JockeyClient, waiting: Waiting): Promise<Schemas['DeployDto']> {
  return settled(
    waiting,
    async (wait) =>
      (await ok(client.GET('/deploys/{id}', { params: { path: { id: waiting.id }, query: { wait } } }))).data,
  );
}

/** The build when it has settled; throws where it has not within the time. */
export function waitForBuild(client: JockeyClient, waiting: Waiting): Promise<Schemas['BuildDto']> {
  return settled(
    waiting,
    async (wait) =>
      (await ok(client.GET('/builds/{id}', { params: { path: { id: waiting.id }, query: { wait } } }))).data,
  );
}

/** The reconcile when it has settled; throws where it has not within the time. */
export function waitForReconcile(client: JockeyClient, waiting: Waiting): Promise<Schemas['ReconcileDto']> {
  return settled(
    waiting,
    async (wait) =>
      (await ok(client.GET('/reconciles/{id}', { params: { path: { id: waiting.id }, query: { wait } } }))).data,
  );
}

/** Asks for answers that Jockey holds until the state settles, so that nothing is asked in between. */
async function settled<T extends { readonly state: string }>(
  { id, seconds = AT_MOST }: Waiting,
  read: (wait: number) => Promise<T>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let rest = seconds;
  do {
    const seen = await read(Math.min(LONGEST_HOLD, Math.ceil(rest)));
    if (!OPEN.has(seen.state)) return seen;
    rest = (end - Date.now()) / 1000;
  } while (rest > 0);
  throw new Error(`${id} has not settled within ${seconds} s`);
}

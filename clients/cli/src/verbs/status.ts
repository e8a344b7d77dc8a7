import { JockeyProblem, ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context, Place } from '../context.js';
import type { Output } from '../output.js';
import { readAll } from '../read-list.js';
import { safeText } from '../safe-text.js';
import { ago } from '../times.js';
import type { Run } from '../verb.js';

interface WorkerStatus {
  readonly worker: Schemas['WorkerDto'];
  /** How many of its instances pass their check. */
  readonly healthy: number;
}

interface Status extends Place {
  readonly release: Schemas['ReleaseDto'] | null;
  readonly workers: readonly WorkerStatus[];
  /** The newest deploy, however it went. */
  readonly deploy: Schemas['DeployDto'] | null;
  readonly hold: Schemas['HoldDto'] | null;
}

/** `status` */
export const status: Run = async (context) => {
  const seen = await statusOf(context, await context.place());
  const { output } = context;
  output.data(seen, () => [
    ...headLines(output, seen),
    ...seen.workers.map((worker) => `  ${workerLine(output, worker)}`),
    ...deployLines(output, seen),
    ...(seen.hold === null ? [] : [`  ${output.paint('locked', 'warning')}: ${safeText(seen.hold.reason)}`]),
  ]);
};

async function statusOf(context: Context, place: Place): Promise<Status> {
  const { client } = context;
  const query = { ...place, per_page: 1 };
  const [releases, deploys, workers, hold] = await Promise.all([
    ok(client.GET('/releases', { params: { query } })),
    ok(client.GET('/deploys', { params: { query } })),
    workersOf(context, place),
    holdOf(context, place),
  ]);
  return { ...place, release: releases.data[0] ?? null, workers, deploy: deploys.data[0] ?? null, hold };
}

async function workersOf({ client }: Context, place: Place): Promise<readonly WorkerStatus[]> {
  const workers = await readAll((paging) => ok(client.GET('/workers', { params: { query: { ...place, ...paging } } })));
  return Promise.all(
    workers.map(async (worker) => {
      const { data } = await ok(client.GET('/workers/{id}/deploys', { params: { path: { id: worker.id } } }));
      return { worker, healthy: data.instances.filter(({ check }) => check.status === 'passing').length };
    }),
  );
}

async function holdOf({ client }: Context, { app, environment }: Place): Promise<Schemas['HoldDto'] | null> {
  const params = { path: { id: app }, query: { environment } };
  try {
    return (await ok(client.GET('/apps/{id}/hold', { params }))).data;
  } catch (error) {
    if (error instanceof JockeyProblem && error.code === 'not_found') return null;
    throw error;
  }
}

function headLines(output: Output, { app, environment, release }: Status): readonly string[] {
  const name = output.paint(`${app} in ${environment}`, 'strong');
  if (release === null) return [`${name}: nothing was deployed yet`];
  return [`${name}: ${release.number}, ${release.rref.slice(0, 7)}, since ${ago(release.created_at)}`];
}

function workerLine(output: Output, { worker: { name, scale }, healthy }: WorkerStatus): string {
  const count = output.paint(`${healthy} of ${scale} healthy`, healthy >= scale ? 'good' : 'bad');
  return `${name}: ${count}`;
}

/** Only what is under way or went wrong: what went well is the release. */
function deployLines(output: Output, { deploy }: Status): readonly string[] {
  if (deploy === null || deploy.state === 'deployed' || deploy.state === 'stopped') return [];
  const { id, state, outcome, rref, failure_reason: reason } = deploy;
  const how = output.paint(outcome === null ? state : `${state} (${outcome})`, outcome === null ? 'warning' : 'bad');
  return [`  deploy ${id} of ${rref.slice(0, 7)}: ${how}${reason === null ? '' : `: ${safeText(reason)}`}`];
}

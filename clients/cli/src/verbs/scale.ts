import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context, Place } from '../context.js';
import type { ExitCode } from '../exit-codes.js';
import { type Given, wholeNumber } from '../given.js';
import { assignments } from '../plain/body.js';
import { poll } from '../poll.js';
import { readAll } from '../read-list.js';
import type { Run } from '../verb.js';

/** `scale [WORKER=COUNT…]` */
export const scale: Run = async (context, given) => {
  const place = await context.place();
  const wanted = Object.entries(assignments(given.rest('WORKER=COUNT'))).map(
    ([name, count]) => [name, wholeNumber(`The scale of ${name}`, count)] as const,
  );
  if (wanted.length === 0) return show(context, place);
  const workers: Schemas['WorkerDto'][] = [];
  for (const [name, count] of wanted) workers.push(await rescale(context, place, { name, scale: count }));
  const exit = given.flag('wait') && !given.flag('detach') ? await settled(context, given, place) : undefined;
  context.output.data(workers, (all) => all.map((worker) => `${worker.name} is scaled to ${worker.scale}.`));
  return exit;
};

async function show({ client, output }: Context, place: Place): Promise<void> {
  const workers = await readAll((paging) => ok(client.GET('/workers', { params: { query: { ...place, ...paging } } })));
  output.table(workers, [
    { head: 'WORKER', of: ({ name }) => name },
    { head: 'SCALE', of: (worker) => String(worker.scale), align: 'right' },
    { head: 'COMMAND', of: ({ command }) => command, rank: 1 },
  ]);
}

async function rescale(
  { client, output }: Context,
  place: Place,
  worker: { readonly name: string; readonly scale: number },
): Promise<Schemas['WorkerDto']> {
  const { data } = await ok(client.PUT('/workers/rescale', { body: { ...place, ...worker } }));
  if (data.scaling_notice !== null) output.warn(data.scaling_notice);
  return data;
}

/** Waits until what runs is what should: the engine begins that by itself. */
async function settled(context: Context, given: Given, place: Place): Promise<ExitCode> {
  const { exit } = await poll(context, given, {
    read: async () => (await ok(context.client.GET('/drift', { params: { query: place } }))).data[0] ?? null,
    done: (drift) => drift === null || drift.in_sync,
    progress: (drift) => (drift === null || drift.in_sync ? 'All runs as it should.' : stepsOf(drift)),
    comeBack: 'status',
  });
  return exit;
}

function stepsOf({ steps, instances }: Schemas['DriftDto']): string {
  const first = steps[0]?.because ?? instances[0]?.because;
  return `${steps.length + instances.length} to go${first === undefined ? '' : `: ${first}`}`;
}

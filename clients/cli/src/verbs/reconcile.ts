import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import { follow } from '../live/follow.js';
import type { Run } from '../verb.js';

/** `restart` */
export const restart: Run = async (context, given) => {
  const worker = given.text('worker');
  const body = {
    ...(await context.place()),
    ...(worker === undefined ? {} : { worker }),
    ...(given.flag('onlyFailing') ? { only_unhealthy: true } : {}),
    ...(given.flag('force') ? { force: true } : {}),
  };
  const { data } = await ok(context.client.PUT('/workers/restart', { body }));
  return followed(context, given, data);
};

/** `reconcile` */
export const reconcile: Run = async (context, given) => {
  const environment = await context.environment();
  const app = given.flag('all') ? null : await context.app();
  if (given.flag('preview')) return preview(context, { environment, app });
  const body = { environment, app, ...(given.flag('force') ? { force: true } : {}) };
  const { data } = await ok(context.client.POST('/reconciles', { body }));
  return followed(context, given, data);
};

/** A reconcile that has nothing to do has no id, and nothing to wait for. */
async function followed(context: Context, given: Given, data: Schemas['ReconcileDto']): Promise<ExitCode> {
  if (data.id !== null) return follow(context, given, { kind: 'reconcile', id: data.id });
  context.output.data(data, () => ['There is nothing to do.']);
  return EXIT.done;
}

async function preview({ client, output }: Context, body: Schemas['PreviewReconcileDto']): Promise<ExitCode> {
  const { data } = await ok(client.POST('/reconciles/preview', { body }));
  if (output.json) output.data(data, () => []);
  else showSteps(output, data.plan);
  return data.plan.length === 0 ? EXIT.done : EXIT.changes;
}

function showSteps(output: Context['output'], plan: readonly Schemas['ReconcileStepDto'][]): void {
  if (plan.length === 0) return output.line('There is nothing to do.');
  output.table(plan, [
    { head: 'ACTION', of: ({ action }) => action },
    { head: 'WORKER', of: ({ app, worker, slot }) => `${app}.${worker}.${slot}` },
    { head: 'BECAUSE', of: ({ because }) => because },
    { head: 'HOST', of: ({ host }) => host ?? '', rank: 1 },
  ]);
}

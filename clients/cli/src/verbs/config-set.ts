import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import type { ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import { follow } from '../live/follow.js';

/** The Config Set of the app in the environment; null where there is none yet. */
export async function maybeConfigSet(context: Context): Promise<Schemas['ConfigSetDto'] | null> {
  const query = await context.place();
  const { data } = await ok(context.client.GET('/config_sets', { params: { query } }));
  return data[0] ?? null;
}

/** The Config Set of the app in the environment; throws where there is none. */
export async function configSetOf(context: Context): Promise<Schemas['ConfigSetDto']> {
  const found = await maybeConfigSet(context);
  if (found !== null) return found;
  const { app, environment } = await context.place();
  throw usage(`${app} has no variables in ${environment}.`, '`jockey config:set NAME=VALUE` makes the first.');
}

/** Shows what a change made, and watches the deploy that brings it out where one was begun. */
export async function changed(
  context: Context,
  given: Given,
  set: Schemas['ChangedConfigSetDto'],
): Promise<ExitCode | void> {
  const { output } = context;
  const { deploy, notice, version, app, environment } = set;
  output.progress(`The variables of ${app.name} in ${environment.name} are version ${version}.`);
  if (notice !== null) output.progress(notice);
  if (deploy !== null) return follow(context, given, { kind: 'deploy', id: deploy.id });
  if (output.json) output.data(set, () => []);
}

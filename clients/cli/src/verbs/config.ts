import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import { Fault, usage } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { Given } from '../given.js';
import { readAll } from '../plain/body.js';
import { described } from '../plain/described.js';
import type { Run } from '../verb.js';
import { changed, configSetOf, maybeConfigSet } from './config-set.js';

/** `config`, `config:get [NAME]` */
export const getConfig: Run = async (context, given) => {
  const set = await configSetOf(context);
  const name = given.maybe('NAME');
  if (name !== undefined) return showOne(context, set, name);
  const { output } = context;
  output.data(set, ({ config }) => Object.entries(config).map(([key, value]) => `${key}=${value}`));
  for (const secret of set.secrets)
    output.progress(`${secret.name} is a secret (version ${secret.version}, fingerprint ${secret.fingerprint}).`);
};

function showOne({ output }: Context, { config, secrets }: Schemas['ConfigSetDto'], name: string): void {
  const value = config[name];
  if (value !== undefined) return output.data(value, () => [value]);
  if (secrets.some((secret) => secret.name === name))
    throw new Fault(`${name} is a secret: it can be set, and never be read.`, EXIT.refused, null, 'forbidden');
  throw usage(`There is no variable "${name}".`, '`jockey config` lists them.');
}

/** `config:set NAME=VALUE… [--secret NAME=VALUE]` */
export const setConfig: Run = async (context, given) => {
  const config = await valuesOf(context, given.rest('NAME=VALUE'));
  const secrets = await valuesOf(context, given.texts('secret'));
  if (Object.keys(config).length + Object.keys(secrets).length === 0) throw usage('No variable is named.');
  return merge(context, given, { config, secrets });
};

/** `config:unset NAME…` */
export const unsetConfig: Run = async (context, given) => {
  const set = await configSetOf(context);
  const names = given.rest('NAME');
  const unknown = names.find((name) => !(name in set.config) && !set.secrets.some((secret) => secret.name === name));
  if (unknown !== undefined) throw usage(`There is no variable "${unknown}".`, '`jockey config` lists them.');
  const [secrets, config] = [names.filter((name) => !(name in set.config)), names.filter((name) => name in set.config)];
  return merge(context, given, { config: without(config), secrets: without(secrets) });
};

const without = (names: readonly string[]): Values => Object.fromEntries(names.map((name) => [name, null]));

type Values = Readonly<Record<string, string | null>>;

interface Merge {
  readonly config: Values;
  readonly secrets: Values;
}

async function merge(context: Context, given: Given, { config, secrets }: Merge): ReturnType<Run> {
  const set = await maybeConfigSet(context);
  const reason = given.text('reason');
  const body = { config, secrets, ...(reason === undefined ? {} : { reason }) };
  if (set === null) return create(context, body);
  const apply = given.flag('roll') ? ('roll' as const) : ('next_deploy' as const);
  const params = { path: { id: set.id } };
  const { data } = await ok(context.client.PUT('/config_sets/{id}', { params, body: { ...body, apply } }));
  return changed(context, given, data);
}

async function create(context: Context, body: Merge & { readonly reason?: string }): Promise<void> {
  const place = await context.place();
  const { data } = await ok(context.client.POST('/config_sets', { body: { ...place, ...body } }));
  context.output.progress(`The variables of ${place.app} in ${place.environment} are version ${data.version}.`);
  if (context.output.json) context.output.data(data, () => []);
}

/** `NAME=VALUE` as they are; one `NAME` alone takes what is piped in, without the line end behind it. */
async function valuesOf({ world }: Context, words: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const bare = words.filter((word) => !word.includes('='));
  if (bare.length > 1) throw usage(`${bare.join(' and ')} have no value: only one can be piped in.`);
  const piped = bare.length === 0 ? '' : await pipedValue(world, bare[0] ?? '');
  return Object.fromEntries(
    words.map((word) => {
      const at = word.indexOf('=');
      return at < 0 ? [word, piped] : [word.slice(0, at), word.slice(at + 1)];
    }),
  );
}

async function pipedValue({ stdin }: Context['world'], name: string): Promise<string> {
  if (stdin.isTTY === true) throw usage(`${name} has no value: say ${name}=VALUE, or pipe it in.`);
  return (await readAll(stdin)).replace(/\r?\n$/, '');
}

/** `build-secrets:set NAME=VALUE… [--unset NAME]` */
export const setBuildSecrets: Run = async (context, given) => {
  const set = await valuesOf(context, given.rest('NAME=VALUE'));
  const secrets = { ...set, ...without(given.texts('unset')) };
  if (Object.keys(secrets).length === 0) throw usage('No secret is named.');
  const params = { path: { id: await context.app() } };
  const { data } = await ok(context.client.PUT('/apps/{id}/build_secrets', { params, body: { secrets } }));
  context.output.data(data, described);
};

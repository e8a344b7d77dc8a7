import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import { usage } from '../errors.js';
import { wholeNumber } from '../given.js';
import { described } from '../plain/described.js';
import { readList } from '../read-list.js';
import { ago } from '../times.js';
import type { Run } from '../verb.js';
import { changed, configSetOf } from './config-set.js';

/** `config:history` */
export const configHistory: Run = async (context, given) => {
  const { id } = await configSetOf(context);
  const changes = await readList(context, given, (query) =>
    ok(context.client.GET('/config_sets/{id}/versions', { params: { path: { id }, query } })),
  );
  context.output.table(changes, [
    { head: 'VERSION', of: ({ version }) => String(version), align: 'right' },
    { head: 'WHEN', of: ({ created_at: at }) => ago(at) },
    { head: 'CHANGED', of: changesOf },
    { head: 'WHO', of: ({ author }) => author ?? '', rank: 1 },
    { head: 'WHY', of: ({ reason }) => reason ?? '', rank: 2 },
  ]);
};

const changesOf = ({ added, removed, changed: other }: Schemas['ConfigChangeEntryDto']): string =>
  [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`), ...other.map((name) => `~${name}`)].join(
    ' ',
  );

/** `config:version VERSION` */
export const configVersion: Run = async (context, given) => {
  const { id } = await configSetOf(context);
  const params = { path: { id, version: String(wholeNumber('VERSION', given.argument('VERSION'))) } };
  const { data } = await ok(context.client.GET('/config_sets/{id}/versions/{version}', { params }));
  context.output.data(data, described);
};

/** `config:diff [FROM] [TO]` */
export const configDiff: Run = async (context, given) => {
  const { id, version } = await configSetOf(context);
  const to = numberOr(given.maybe('TO'), 'TO', version);
  const from = numberOr(given.maybe('FROM'), 'FROM', to - 1);
  if (from < 1) throw usage(`Version ${to} is the first: there is none before it.`);
  const { data } = await ok(
    context.client.GET('/config_sets/{id}/diff', { params: { path: { id }, query: { from, to } } }),
  );
  context.output.data(data, ({ changes }) => changes.flatMap(changeLines));
  if (data.changes.length === 0) context.output.progress(`Versions ${from} and ${to} are the same.`);
};

function changeLines({ name, from, to }: Schemas['VariableChangeDto']): readonly string[] {
  const line = (sign: string, seen: Schemas['SeenVariableDto'] | null): readonly string[] =>
    seen === null ? [] : [`${sign} ${name}=${seen.secret ? `(secret ${seen.fingerprint ?? ''})` : (seen.value ?? '')}`];
  return [...line('-', from), ...line('+', to)];
}

/** `config:revert VERSION` */
export const revertConfig: Run = async (context, given) => {
  const { id } = await configSetOf(context);
  const reason = given.text('reason');
  const body = {
    version: wholeNumber('VERSION', given.argument('VERSION')),
    apply: given.flag('roll') ? ('roll' as const) : ('next_deploy' as const),
    ...(reason === undefined ? {} : { reason }),
  };
  const { data } = await ok(context.client.POST('/config_sets/{id}/revert', { params: { path: { id } }, body }));
  return changed(context, given, data);
};

const numberOr = (text: string | undefined, what: string, otherwise: number): number =>
  text === undefined ? otherwise : wholeNumber(what, text);

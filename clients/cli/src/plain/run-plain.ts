import type { Context } from '../context.js';
import type { Given } from '../given.js';
import { readList } from '../read-list.js';
import type { Asked } from '../server.js';
import type { Run } from '../verb.js';
import { type Body, formOf, readBody } from './body.js';
import { columnsOf } from './columns.js';
import { described } from './described.js';
import type { PlainVerb } from './plain-verb.js';

interface ListAnswer {
  readonly data: readonly unknown[];
  readonly pagination?: { readonly total_count: number };
}

/** Makes the request that the verb stands for, and shows what comes. */
export function runPlain(verb: PlainVerb): Run {
  return async (context, given) => {
    const asked = await askedOf(verb, context, given);
    if (verb.text === true) await showText(context, asked);
    else if (verb.columns !== undefined) await showList(verb, { context, given, asked });
    else context.output.data(await context.server.data<unknown>(asked), described);
  };
}

async function showText({ server, world }: Context, asked: Asked): Promise<void> {
  const response = await server.send({ ...asked, accept: '*/*' });
  const decoder = new TextDecoder();
  for await (const part of response.body ?? [])
    world.stdout.write(decoder.decode(part as Uint8Array, { stream: true }));
}

async function showList(
  { columns = [] }: PlainVerb,
  { context, given, asked }: { readonly context: Context; readonly given: Given; readonly asked: Asked },
): Promise<void> {
  const rows = await readList(context, given, async (paging) => {
    const answer = await context.server.send({ ...asked, query: { ...asked.query, ...paging } });
    const { data, pagination } = (await answer.json()) as ListAnswer;
    return { data, pagination: pagination ?? { total_count: data.length } };
  });
  context.output.table(rows, columnsOf(columns));
}

async function askedOf(verb: PlainVerb, context: Context, given: Given): Promise<Asked> {
  const { method = 'GET', body, fields } = verb;
  const asked = { method, path: await pathOf(verb, context, given), query: await queryOf(verb, context, given) };
  if (body === undefined && fields === undefined) return asked;
  return { ...asked, ...formOf(await bodyOf(verb, context, given)) };
}

async function pathOf({ path, parts = {} }: PlainVerb, context: Context, given: Given): Promise<string> {
  const values = Object.entries(parts).map(
    async ([part, source]) => [part, await sourced(source, context, given)] as const,
  );
  return (await Promise.all(values)).reduce(
    (text, [part, value]) => text.replace(`{${part}}`, encodeURIComponent(value ?? '')),
    path,
  );
}

async function queryOf(verb: PlainVerb, context: Context, given: Given): Promise<Record<string, string>> {
  const { query = [], placed = [], filters = [] } = verb;
  const said = filters.length === 0 ? {} : await context.saidPlace();
  const pairs = [
    ...query.map((name) => [name, given.text(camel(name)) ?? (given.flag(camel(name)) ? 'true' : undefined)] as const),
    ...filters.map((name) => [name, said[name]] as const),
    ...(await Promise.all(placed.map(async (name) => [name, await context[name]()] as const))),
  ];
  return Object.fromEntries(pairs.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function bodyOf(verb: PlainVerb, context: Context, given: Given): Promise<Body> {
  const named = Object.entries(verb.body ?? {}).map(
    async ([field, source]) => [field, await sourced(source, context, given)] as const,
  );
  const fixed = (await Promise.all(named)).filter(([, value]) => value !== undefined);
  const typed = verb.fields === true ? await readBody(context, given) : {};
  return { ...Object.fromEntries(fixed), ...typed };
}

/** Where a value comes from: the place one means, an option, or an argument. */
async function sourced(source: string, context: Context, given: Given): Promise<string | undefined> {
  if (source === 'app' || source === 'environment') return context[source]();
  if (!source.startsWith('--')) return given.maybe(source);
  const option = camel(source.slice(2));
  return given.text(option) ?? (given.flag(option) ? 'true' : undefined);
}

const camel = (name: string): string => name.replace(/[-_]([a-z])/g, (_, letter: string) => letter.toUpperCase());

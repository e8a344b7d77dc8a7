import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { VERBS } from './catalog.js';
import { WITHOUT_VERB } from './coverage.js';
import { COMMON, wordsOf } from './options.js';
import type { RequestVerb } from './plain/plain-verb.js';
import type { Verb } from './verb.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const document = JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')) as Document;

const operations = new Map(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [
      operation.operationId,
      { ...operation, at: `${method.toUpperCase()} ${path}` },
    ]),
  ),
);

const requests = VERBS.filter((verb): verb is RequestVerb => 'request' in verb);
const called = new Set(VERBS.flatMap(({ calls }) => calls));

/** What a field is, behind references and what may be null. */
function resolved(schema: Schema | undefined): Schema | undefined {
  const inner = schema?.allOf?.[0] ?? schema?.anyOf?.find(({ $ref }) => $ref !== undefined);
  if (inner !== undefined) return resolved(inner);
  if (schema?.$ref === undefined) return schema;
  return resolved(document.components.schemas[schema.$ref.split('/').at(-1) ?? '']);
}

/** Whether a schema has a path of fields; a list has a length. */
function has(schema: Schema | undefined, path: readonly string[]): boolean {
  const [name, ...rest] = path;
  if (name === undefined) return schema !== undefined;
  if (name === 'length') return schema?.items !== undefined;
  return has(resolved(resolved(schema)?.properties?.[name]), rest);
}

const named = ({ json }: Verb): string => json.replace('[]', '');

describe('verbs and operations', () => {
  it('are many', () => {
    expect([VERBS.length > 100, operations.size > 100]).toEqual([true, true]);
  });

  it('leave no operation without a verb or a reason', () => {
    const left = [...operations.keys()].filter((name) => !called.has(name) && !(name in WITHOUT_VERB));
    expect(left).toEqual([]);
  });

  it('leave no verb without its operations', () => {
    const unknown = VERBS.flatMap(({ name, calls }) =>
      calls.filter((each) => !operations.has(each)).map((each) => `${name}: ${each}`),
    );
    expect(unknown).toEqual([]);
  });

  it('give a reason only for what is there, and has no verb', () => {
    expect(Object.keys(WITHOUT_VERB).filter((name) => !operations.has(name) || called.has(name))).toEqual([]);
    expect(Object.values(WITHOUT_VERB).every((reason) => reason.length > 20)).toBe(true);
  });
});

describe('a verb that makes one request', () => {
  it.each(requests.map(({ name, request }) => [name, request] as const))('%s asks as the API wants it', (_, verb) => {
    const operation = operations.get(verb.operation);
    expect(operation?.at).toBe(`${verb.method ?? 'GET'} ${verb.path}`);
    const asked = [...(verb.query ?? []), ...(verb.placed ?? []), ...(verb.filters ?? [])];
    const taken = operation?.parameters?.filter((each) => each.in === 'query').map(({ name }) => name) ?? [];
    expect(asked.filter((name) => !taken.includes(name))).toEqual([]);
    const parts = verb.path.match(/(?<=\{)\w+/g) ?? [];
    expect(Object.keys(verb.parts ?? {})).toEqual(parts);
  });

  it.each(requests.map(({ name, request }) => [name, request] as const))(
    '%s sends and shows fields that are there',
    (_, verb) => {
      const operation = operations.get(verb.operation);
      const body = resolved(operation?.requestBody?.content['application/json']?.schema);
      expect(Object.keys(verb.body ?? {}).filter((field) => !has(body, [field]))).toEqual([]);
      if (verb.columns === undefined) return;
      const shown = document.components.schemas[verb.json.replace('[]', '')];
      const paths = verb.columns.map((column) => column.split(' ')[1] ?? '');
      expect(paths.filter((path) => !has(shown, path.split('.')))).toEqual([]);
    },
  );
});

describe('every verb', () => {
  it('has a name of its own', () => {
    expect(new Set(VERBS.map(({ name }) => name)).size).toBe(VERBS.length);
  });

  it.each(VERBS.map((verb) => [verb.name, verb] as const))(
    '%s can be loaded, and says what --json prints',
    async (_, verb) => {
      expect(typeof (await verb.load())).toBe('function');
      expect(verb.about).toMatch(/^[a-z].*[^.]$/);
      if (/^[A-Z]\w+(\[\])?$/.test(verb.json)) expect(Object.keys(document.components.schemas)).toContain(named(verb));
    },
  );

  it.each(VERBS.map((verb) => [verb.name, verb] as const))('%s has no option twice', (_, { options = [] }) => {
    const words = [...options, ...COMMON].flatMap(wordsOf);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });
});

import fc from 'fast-check';
import type { Parameter, Route } from '../support/openapi.js';
import type { GoodValues } from './good-values.js';
import { hostileName, hostileText, hostileValue } from './hostile.js';

/** A request as it is sent. */
export interface FuzzRequest {
  readonly route: Route;
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Whether it is one of the operation for certain: tricks with paths and methods may end at another. */
  readonly isOfRoute: boolean;
}

interface Draft {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [string, unknown])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly isOfRoute: boolean;
}

/** More than the API takes. */
const OVERSIZE = `{"name":"${'x'.repeat(1_200_000)}"}`;

const LONGEST_TARGET = 12_000;

/** Requests of an operation: good ones, hostile ones, and ones that are good but for one thing. */
export function requestsOf(route: Route, values: GoodValues): fc.Arbitrary<FuzzRequest> {
  const changed = goodOf(route, values).chain((draft) => {
    const times = fc.constantFrom(1, 1, 1, 2, 3);
    return times.chain((count) =>
      fc.tuple(...Array.from({ length: count }, () => changesOf(route))).map((all) => applied(draft, all)),
    );
  });
  return fc
    .oneof({ weight: 1, arbitrary: goodOf(route, values) }, { weight: 3, arbitrary: changed })
    .chain((draft) => encodingOf(draft).map((encoded) => written(route, draft, encoded)));
}

type Change = (draft: Draft) => Draft;

const applied = (draft: Draft, changes: readonly Change[]): Draft =>
  changes.reduce((changing, change) => change(changing), draft);

function goodOf({ method, path, operation }: Route, values: GoodValues): fc.Arbitrary<Draft> {
  const parameters = operation.parameters ?? [];
  const named = (where: Parameter['in']) => parameters.filter((each) => each.in === where);
  const own = method === 'DELETE' && path === '/apps/{id}' ? 'DELETE apps.id' : `${path.split('/')[1]}.id`;
  const places = fc.tuple(...named('path').map(({ name, schema }) => values.of(schema, name === 'id' ? own : name)));
  const query = fc.tuple(...named('query').map((each) => fc.option(values.of(each.schema, each.name), OPTIONAL(each))));
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body = schema === undefined ? fc.constant(undefined) : values.of(schema);
  return fc.tuple(places, query, body).map(([inPath, inQuery, content]) => ({
    method,
    path: filled(path, named('path'), inPath),
    query: named('query').flatMap(({ name }, at) => (inQuery[at] === undefined ? [] : [[name, inQuery[at]] as const])),
    headers: {},
    body: content,
    isOfRoute: true,
  }));
}

const OPTIONAL = ({ required }: Parameter) => ({ nil: undefined, freq: required === true ? 20 : 2 });

const filled = (path: string, parameters: readonly Parameter[], values: readonly unknown[]): string =>
  parameters.reduce((filling, { name }, at) => filling.replace(`{${name}}`, encoded(String(values[at]))), path);

function changesOf(route: Route): fc.Arbitrary<Change> {
  const all: fc.Arbitrary<Change>[] = [pathText(route), hostileQuery(route), hostileHeader, pathTrick, otherMethod];
  if (route.operation.requestBody !== undefined)
    all.push(hostileField, hostileField, hostileField, unknownField, missingField, wholeBody);
  return fc.oneof(...all);
}

/** A value in the path that nobody expects. What is empty or a name of another path is a trick. */
function pathText({ path }: Route): fc.Arbitrary<Change> {
  return hostileText.map((text) => (draft) => {
    const to = encoded(text);
    const stays = /^[^./]/.test(text) && !/^%2e/i.test(to) && to !== '' && !OTHER_PATHS.has(text);
    return {
      ...draft,
      path: path.replace(/\{\w+\}/, to).replaceAll(/\{\w+\}/g, '1'),
      isOfRoute: draft.isOfRoute && stays,
    };
  });
}

const OTHER_PATHS = new Set(['available_node', 'preview', 'rescale', 'restart', 'export']);

function hostileQuery({ operation }: Route): fc.Arbitrary<Change> {
  const names = (operation.parameters ?? []).filter((each) => each.in === 'query').map(({ name }) => name);
  const name = fc.oneof(fc.constantFrom('page', 'per_page', 'app', 'wait', ...names), hostileName);
  return fc.tuple(name, hostileText).map(([key, text]) => (draft) => ({
    ...draft,
    query: [...draft.query, [key, key === 'wait' && /^\d+$/.test(text) ? '0' : text]],
  }));
}

const HEADERS = [
  'if-match',
  'if-none-match',
  'idempotency-key',
  'x-request-id',
  'x-forwarded-for',
  'accept',
  'content-type',
  'cookie',
  'origin',
  'range',
  'content-encoding',
  'x-http-method-override',
];

/** What Node.js lets a client send at all. */
const hostileHeader: fc.Arbitrary<Change> = fc
  .tuple(fc.constantFrom(...HEADERS), hostileText)
  .map(([name, text]) => [name, text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 2000)] as const)
  .map(([name, text]) => (draft: Draft) => ({ ...draft, headers: { ...draft.headers, [name]: text } }));

const TRICKS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `${path}/..`,
  (path) => `/x/..${path}`,
  (path) => `/%2e%2e${path}`,
  (path) => path.replace('/', '/./'),
  (path) => path.toUpperCase(),
  (path) => `${path}%00`,
  (path) => `${path}%zz`,
  (path) => `${path};a=b`,
  (path) => `${path}%0d%0aX-Injected:%20yes`,
  (path) => path.replaceAll('/', '%2f'),
  (path) => `${path}/${'a/'.repeat(200)}`,
  (path) => `http://other.test${path}`,
];

const pathTrick: fc.Arbitrary<Change> = fc
  .constantFrom(...TRICKS)
  .map((trick) => (draft) => ({ ...draft, path: trick(draft.path), isOfRoute: false }));

const otherMethod: fc.Arbitrary<Change> = fc
  .constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND')
  .map((method) => (draft) => ({ ...draft, method, isOfRoute: draft.isOfRoute && draft.method === method }));

const fieldsOf = (body: unknown): readonly (readonly [string, unknown])[] =>
  body instanceof Fields ? body.list : typeof body === 'object' && body !== null ? Object.entries(body) : [];

const hostileField: fc.Arbitrary<Change> = fc.tuple(fc.nat(), hostileValue).map(([which, value]) => (draft) => {
  const fields = fieldsOf(draft.body);
  const at = fields.length === 0 ? 0 : which % fields.length;
  return { ...draft, body: new Fields(fields.map((field, index) => (index === at ? [field[0], value] : field))) };
});

const unknownField: fc.Arbitrary<Change> = fc
  .tuple(hostileName, hostileValue)
  .map(([name, value]) => (draft) => ({ ...draft, body: new Fields([...fieldsOf(draft.body), [name, value]]) }));

const missingField: fc.Arbitrary<Change> = fc.nat().map((which) => (draft) => {
  const fields = fieldsOf(draft.body);
  return { ...draft, body: new Fields(fields.filter((_unused, at) => at !== which % Math.max(1, fields.length))) };
});

const wholeBody: fc.Arbitrary<Change> = hostileValue.map((value) => (draft) => ({ ...draft, body: value }));

/** Names and values of a body that no object can hold: a name twice, and `__proto__` as a name. */
class Fields {
  constructor(readonly list: readonly (readonly [string, unknown])[]) {}

  get text(): string {
    return `{${this.list.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value) ?? 'null'}`).join()}}`;
  }
}

interface Encoded {
  readonly type: string | null;
  readonly body: string | Buffer;
}

/** Most bodies go as JSON; others as forms, cut off, in no known encoding, of another type or too large. */
function encodingOf({ body }: Draft): fc.Arbitrary<Encoded> {
  if (body === undefined)
    return fc.constantFrom<Encoded>(...(Array(9).fill(NO_BODY) as Encoded[]), { type: 'application/json', body: '{' });
  const text = body instanceof Fields ? body.text : (JSON.stringify(body) ?? '');
  const json: Encoded = { type: 'application/json', body: text };
  const others: readonly Encoded[] = [
    { type: 'application/x-www-form-urlencoded', body: formOf(body) },
    { type: 'application/json', body: text.slice(0, Math.floor(text.length / 2)) },
    {
      type: 'application/json',
      body: Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0xc0])]),
    },
    { type: 'application/json; charset=utf-16', body: text },
    { type: 'application/json', body: `[${text}]` },
    { type: 'text/plain', body: text },
    { type: 'application/xml', body: '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>' },
    { type: 'multipart/form-data; boundary=x', body: '--x\r\n\r\n--x--' },
    { type: null, body: text },
  ];
  return fc.oneof(
    { weight: 40, arbitrary: fc.constant(json) },
    { weight: 10, arbitrary: fc.constantFrom(...others) },
    { weight: 4, arbitrary: fc.constant({ ...json, body: text.replace('{', '{"name":"first",') }) },
    { weight: 1, arbitrary: fc.constant({ type: 'application/json', body: OVERSIZE }) },
  );
}

const NO_BODY: Encoded = { type: null, body: '' };

function formOf(body: unknown): string {
  return fieldsOf(body)
    .flatMap(([name, value]) => formField(name, value))
    .join('&');
}

function formField(name: string, value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [`${encoded(name)}=${encoded(String(value))}`];
  return Object.entries(value)
    .slice(0, 20)
    .map(
      ([key, inner]) =>
        `${encoded(name)}[${encoded(key)}]=${encoded(String(JSON.stringify(inner) ?? inner).slice(0, 500))}`,
    );
}

/** Half of a surrogate pair cannot be encoded, and goes as it would be in CESU-8. */
function encoded(text: string): string {
  return [...text].map((char) => (/\p{Surrogate}/u.test(char) ? '%ED%A0%80' : encodeURIComponent(char))).join('');
}

function written(route: Route, draft: Draft, { type, body }: Encoded): FuzzRequest {
  const query = draft.query.map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`).join('&');
  const target = `${draft.path}${query === '' ? '' : `?${query}`}`.slice(0, LONGEST_TARGET);
  const { method, isOfRoute } = draft;
  return {
    route,
    method,
    target,
    headers: { ...(type === null ? {} : { 'content-type': type }), ...draft.headers },
    body,
    isOfRoute,
  };
}

import { readFile } from 'node:fs/promises';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/domain/kernel/errors.js';
import { asks, askedBySpecs, askedIn } from '../support/asked-operations.js';
import {
  type Content,
  type OpenApi,
  readOpenApi,
  type Route,
  routesOf,
  type Schema,
  SchemaChecker,
} from '../support/openapi.js';

/** What an operation without a token may be, beside those that `npm test` proves to be the only ones. */
const NOT_LIMITED = ['GET /healthz', 'GET /readyz'];

/** Rules of the linter that make a document one of OpenAPI 3.1; the rest of them is a matter of taste. */
const RULES = {
  struct: 'error',
  'no-unresolved-refs': 'error',
  'path-declaration-must-exist': 'error',
  'path-parameters-defined': 'error',
  'no-identical-paths': 'error',
  'no-path-trailing-slash': 'error',
  'operation-operationId-unique': 'error',
  'operation-parameters-unique': 'error',
  'no-enum-type-mismatch': 'error',
  'no-required-schema-properties-undefined': 'error',
  'security-defined': 'error',
} as const;

/** It compiles some two hundred schemas, and reads all specs: seconds on a busy machine. */
const TIME = { timeout: 30_000 };

describe('docs/openapi.json', TIME, () => {
  let document: OpenApi;
  let routes: readonly Route[];
  let checker: SchemaChecker;

  beforeAll(async () => {
    document = await readOpenApi();
    routes = routesOf(document);
    checker = new SchemaChecker(document);
  });

  /** Names what is at fault, for an expectation of none. */
  const routesWith = (fault: (route: Route) => boolean): string[] => routes.filter(fault).map(({ name }) => name);

  it('is a document of OpenAPI 3.1', async () => {
    const problems = await lintFromString({
      source: await readFile(new URL('../../docs/openapi.json', import.meta.url), 'utf8'),
      config: await createConfig({ rules: RULES }),
    });
    expect(problems.map(({ message, location: [at] }) => `${at?.pointer}: ${message}`)).toEqual([]);
    expect(document.openapi).toBe('3.1.0');
  });

  it('has the operations, at least as many as were ever counted', () => {
    expect(routes.length).toBeGreaterThanOrEqual(58);
  });

  it('names every operation once, in one line, under a tag', () => {
    expect(routesWith(({ operation }) => !/^[a-z][A-Za-z]+$/.test(operation.operationId ?? ''))).toEqual([]);
    expect(routesWith(({ operation }) => !/^[A-Z].{5,}$/.test(operation.summary ?? ''))).toEqual([]);
    expect(routesWith(({ operation }) => operation.tags?.length !== 1)).toEqual([]);
  });

  it('gives each operation an answer of success, with a schema and an example', () => {
    const good = ({ operation }: Route) =>
      Object.entries(operation.responses).filter(([status]) => /^(101|[23])/.test(status));
    expect(routesWith((route) => good(route).length === 0)).toEqual([]);
    const bare = routes.flatMap((route) =>
      good(route)
        .filter(([status]) => status !== '101' && status !== '304' && status !== '302' && status !== '204')
        .filter(([, { content }]) => !isShown(content))
        .map(([status]) => `${route.name} ${status}`),
    );
    expect(bare).toEqual([]);
  });

  const isShown = (content: Readonly<Record<string, Content>> | undefined): boolean =>
    content !== undefined &&
    Object.values(content).every(
      ({ schema, example, examples }) => schema !== undefined && (example ?? examples) !== undefined,
    );

  it('gives each operation its failures, as Problems with an example of each code', () => {
    const failures = routes.flatMap(({ name, operation }) =>
      Object.entries(operation.responses)
        .filter(([status]) => /^[45]/.test(status) && !(name === 'GET /readyz' && status === '503'))
        .map(([status, { content }]) => ({ at: `${name} ${status}`, content: content?.['application/problem+json'] })),
    );
    for (const { at, content } of failures) {
      expect([at, content?.schema]).toEqual([at, { $ref: '#/components/schemas/Problem' }]);
      expect([at, Object.keys(content?.examples ?? {}).length]).not.toEqual([at, 0]);
    }
    const statusesOf = ({ operation }: Route) => Object.keys(operation.responses);
    for (const status of ['400', '413', '415', '500', '503'])
      expect(routesWith((route) => !statusesOf(route).includes(status))).toEqual([]);
    expect(routesWith((route) => !statusesOf(route).includes('429'))).toEqual(NOT_LIMITED);
  });

  it('says of each operation what right it needs, or that it needs none', () => {
    const open = ({ operation }: Route) => operation.security?.length === 0;
    const needs = ({ operation }: Route) => operation['x-jockey-needs'];
    expect(routesWith((route) => open(route) === (needs(route) !== undefined))).toEqual([]);
    const isOwn = (route: Route) => needs(route)?.every(({ target }) => target.kind === 'self') === true;
    const refuses = (route: Route) =>
      '401' in route.operation.responses && ('403' in route.operation.responses || isOwn(route));
    expect(routesWith((route) => !open(route) && !refuses(route))).toEqual([]);
    expect(document.security).toEqual([{ token: [] }, { parameter: [] }, { session: [] }]);
    expect(document.components.securitySchemes).toMatchObject({
      token: { type: 'http', scheme: 'bearer' },
      parameter: { type: 'apiKey', in: 'query', name: 'github_access_token' },
      session: { type: 'apiKey', in: 'cookie' },
    });
  });

  it('describes every parameter', () => {
    const bare = routes.flatMap(({ name, operation }) =>
      (operation.parameters ?? [])
        .filter(({ description }) => !description)
        .map((parameter) => `${name} ${parameter.name}`),
    );
    expect(bare).toEqual([]);
  });

  it('describes every property of every schema', () => {
    const bare = Object.entries(document.components.schemas).flatMap(([name, schema]) => undescribed(schema, name));
    const inline = routes.flatMap(({ name, operation }) =>
      contentsOf(operation).flatMap(({ content }) =>
        undescribed(content.schema?.properties?.['pagination'] ?? {}, name),
      ),
    );
    expect([...bare, ...inline]).toEqual([]);
  });

  const undescribed = ({ properties = {} }: Schema, at: string): string[] =>
    Object.entries(properties).flatMap(([name, schema]) => [
      ...(schema.description ? [] : [`${at}.${name}`]),
      ...undescribed(schema, `${at}.${name}`),
    ]);

  /** All contents of an operation, with the way to each. */
  const contentsOf = ({ requestBody, responses }: Route['operation']) => {
    const of = (pointer: readonly string[], contents: Readonly<Record<string, Content>> = {}) =>
      Object.entries(contents).map(([media, content]) => ({
        pointer: [...pointer, 'content', media, 'schema'],
        content,
      }));
    return [
      ...of(['requestBody'], requestBody?.content),
      ...Object.entries(responses).flatMap(([status, { content }]) => of(['responses', status], content)),
    ];
  };

  const examplesOf = ({ example, examples = {} }: Content): readonly unknown[] => [
    ...(example === undefined ? [] : [example]),
    ...Object.values(examples).map(
      ({ $ref, value }) => value ?? document.components.examples[$ref?.split('/').at(-1) ?? '']?.value,
    ),
  ];

  it('has examples that are as their schemas say, with nothing beside', () => {
    const faults = routes.flatMap(({ name, method, path, operation }) =>
      contentsOf(operation).flatMap(({ pointer, content }) =>
        examplesOf(content).flatMap((example) =>
          checker
            .faults(['paths', path, method.toLowerCase(), ...pointer], example)
            .map((fault) => `${name} ${pointer[1]}: ${fault}`),
        ),
      ),
    );
    expect(faults).toEqual([]);
  });

  it('has examples of fields that are as their schemas say', () => {
    const faults = Object.entries(document.components.schemas).flatMap(([name, { properties = {} }]) =>
      Object.entries(properties)
        .filter(([, { example }]) => example !== undefined)
        .flatMap(([field, { example }]) =>
          checker
            .faults(['components', 'schemas', name, 'properties', field], example)
            .map((fault) => `${name}.${field}${fault}`),
        ),
    );
    expect(faults).toEqual([]);
  });

  it('closes the list of codes, with an example of each', () => {
    expect(document.components.schemas['ErrorCode']?.enum).toEqual([...ERROR_CODES].sort());
    expect(Object.keys(document.components.examples)).toEqual([...ERROR_CODES]);
  });

  it('has a test in test/api that asks each operation', async () => {
    const asked = await askedBySpecs('api');
    expect(routesWith((route) => !asked.some((each) => asks(each, route)))).toEqual([]);
  });
});

describe('what a test asks', () => {
  const asked = (source: string) =>
    askedIn(source).map(({ method, path }) => `${method} /${path.map((part) => part ?? '*').join('/')}`);

  it('is read from its calls, whose holes are parts of the path', () => {
    expect(asked("api.client.get('/apps?page=2')")).toEqual(['GET /apps']);
    expect(asked('client.put(`/apps/${id}/hold`, {})')).toEqual(['PUT /apps/*/hold']);
    expect(asked("client.send('OPTIONS', `/apps/a-${id}`, {})")).toEqual(['OPTIONS /apps/*']);
    expect(asked("browser.ask('/signout', { method: 'POST', headers })")).toEqual(['POST /signout']);
    expect(asked('browser.ask(`/auth/github${query}`); fetch(`${api.url}/docs`)')).toEqual([
      'GET /auth/*',
      'GET /docs',
    ]);
    expect(asked('rows.get(id); map.get("apps"); look("/apps")')).toEqual([]);
  });

  it('is an operation only where method, length and names agree', () => {
    const route = { method: 'GET', path: '/apps/{id}/hold' };
    expect(asks({ method: 'GET', path: ['apps', null, 'hold'] }, route)).toBe(true);
    expect(asks({ method: 'GET', path: ['apps', 'sample', 'hold'] }, route)).toBe(true);
    expect(asks({ method: 'PUT', path: ['apps', null, 'hold'] }, route)).toBe(false);
    expect(asks({ method: 'GET', path: ['apps', null, null] }, route)).toBe(false);
    expect(asks({ method: 'GET', path: ['apps', null] }, route)).toBe(false);
  });
});

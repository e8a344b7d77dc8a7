import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/domain/kernel/errors.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';

interface Content {
  readonly schema?: object;
  readonly example?: unknown;
  readonly examples?: object;
}

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, { readonly enum?: readonly string[]; readonly properties?: object }>>;
    readonly securitySchemes: object;
  };
  readonly security: readonly object[];
}

describe('the OpenAPI document', () => {
  let api: TestApi;
  let stranger: ApiClient;
  let document: Document;

  beforeAll(async () => {
    api = await TestApi.start();
    stranger = new ApiClient(api.url, null);
    document = (await stranger.get('/docs-json')).body as unknown as Document;
  });
  afterAll(() => api?.stop());

  const operations = () =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, method, operation })),
    );

  it('is 3.1, and asks for the token as bearer', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.components.securitySchemes).toMatchObject({ token: { type: 'http', scheme: 'bearer' } });
    expect(document.security).toEqual([{ token: [] }]);
  });

  it('names every operation once, in one line, under a tag', () => {
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { name, operation } of operations()) {
      expect([name, operation.operationId]).toEqual([name, expect.stringMatching(/^[a-z][A-Za-z]+$/)]);
      expect([name, operation.summary]).toEqual([name, expect.stringMatching(/^[A-Z].{5,}$/)]);
      expect([name, operation.tags?.length]).toEqual([name, 1]);
    }
  });

  it('gives a schema and an example for every answer', () => {
    for (const { name, operation } of operations())
      for (const [status, { content }] of Object.entries(operation.responses))
        for (const each of Object.values(content ?? { missing: {} })) {
          expect([name, status, each.schema]).toEqual([name, status, expect.any(Object)]);
          expect([name, status, each.example ?? each.examples]).toEqual([name, status, expect.anything()]);
        }
  });

  it('offers the Idempotency-Key on every POST', () => {
    const posts = operations().filter(({ method }) => method === 'post');
    expect(posts.length).toBeGreaterThan(3);
    for (const { name, operation } of posts)
      expect([name, operation.parameters?.map((parameter) => parameter.name)]).toEqual([
        name,
        expect.arrayContaining(['Idempotency-Key']),
      ]);
  });

  it('closes the list of codes', () => {
    expect(document.components.schemas['ErrorCode']?.enum).toEqual([...ERROR_CODES]);
    expect(document.components.schemas['Problem']?.properties).toHaveProperty('request_id');
  });

  it('does not hold what is handed to handlers beside the input', () => {
    const names = operations().flatMap(({ operation }) => operation.parameters?.map(({ name }) => name) ?? []);
    expect(names).not.toContain('precondition');
    expect(names).not.toContain('github_access_token');
  });

  it('has a page to try it, which loads nothing from elsewhere', async () => {
    const page = await stranger.get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect((await stranger.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
  });
});

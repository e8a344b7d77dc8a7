import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { type OpenApi, readOpenApi, type Route, routesOf } from '../support/openapi.js';

/** What the document says stands in test/unit/openapi-document.spec.ts; this is whether it is that of what runs. */
describe('the OpenAPI document that is served', () => {
  let api: TestApi;
  let stranger: ApiClient;
  let served: OpenApi;
  let routes: readonly Route[];

  beforeAll(async () => {
    api = await TestApi.start();
    stranger = new ApiClient(api.url, null);
    served = (await stranger.get('/docs-json')).body as unknown as OpenApi;
    routes = routesOf(served);
  });
  afterAll(() => api?.stop());

  it('is 3.1, and names every way in', () => {
    expect(served.openapi).toBe('3.1.0');
    expect(served.security).toEqual([{ token: [] }, { parameter: [] }, { session: [] }]);
  });

  it('has the operations of the committed one, with the same rights and the same answers', async () => {
    const shapeOf = ({ name, operation }: Route) => ({
      name,
      id: operation.operationId,
      needs: operation['x-jockey-needs'] ?? null,
      statuses: Object.keys(operation.responses),
    });
    expect(routes.map(shapeOf)).toEqual(routesOf(await readOpenApi()).map(shapeOf));
  });

  it('offers the Idempotency-Key on every POST', () => {
    const posts = routes.filter(({ method }) => method === 'POST');
    expect(posts.length).toBeGreaterThan(3);
    const without = posts.filter(
      ({ operation }) => !operation.parameters?.some(({ name }) => name === 'Idempotency-Key'),
    );
    expect(without.map(({ name }) => name)).toEqual([]);
  });

  it('does not hold what is handed to handlers beside the input', () => {
    const names = routes.flatMap(({ operation }) => operation.parameters?.map(({ name }) => name) ?? []);
    expect(names).not.toContain('precondition');
    expect(names).not.toContain('github_access_token');
  });

  it('has a page to try it, which loads nothing from elsewhere', async () => {
    const page = await stranger.get('/docs');
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(page.text).not.toMatch(/(src|href)="(https?:)?\/\//);
    expect(page.text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>/);
    expect((await stranger.get('/docs/swagger-ui-bundle.js')).status).toBe(200);
    expect((await stranger.get('/docs/swagger-ui-init.js')).status).toBe(200);
  });
});

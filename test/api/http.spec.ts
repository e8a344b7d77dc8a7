import { Controller, Get, Post } from '@nestjs/common';
import type { Application } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/domain/kernel/errors.js';
import { ApiClient, type Reply } from '../support/api-client.js';
import { Needs, somewhere } from '../../src/http/auth/needs.decorator.js';
import { TestApi, TOKEN } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

const JSON_TYPE = { 'content-type': 'application/json' };

/** A controller that fails as only a fault of ours can. */
@Needs('read', somewhere)
@Controller('broken')
class BrokenController {
  runs = 0;

  @Get()
  breakDown(): never {
    throw new Error('a secret of the inside');
  }

  @Post()
  breakOnce(): { runs: number } {
    this.runs += 1;
    if (this.runs === 1) throw new Error('only the first time');
    return { runs: this.runs };
  }
}

describe('http', () => {
  let api: TestApi;
  let client: ApiClient;
  let stranger: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start({ controllers: [BrokenController] });
    client = api.client;
    stranger = new ApiClient(api.url, null);
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());

  function expectProblem(reply: Reply, status: number, code: string): void {
    expect(reply.status).toBe(status);
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(reply.body).toMatchObject({
      type: `urn:jockey:problem:${code}`,
      title: expect.any(String),
      status,
      detail: reply.body.error.message,
      instance: expect.stringMatching(/^\//),
      request_id: reply.headers.get('x-request-id'),
      error: { code },
    });
    expect(ERROR_CODES).toContain(code);
    expect(reply.text).not.toMatch(/node_modules|\bat .*\.[jt]s:/);
  }

  describe('authentication', () => {
    /** All that may be read without a token. Growing this list is a decision. */
    const PUBLIC =
      /^\/(docs(\/.*)?|docs-json|healthz|readyz|version|auth\/github(\/callback)?|auth\/device(\/token)?|auth\/token|status\/assets\/:name|signout|chat\/slack|github_webhooks\/:appId|hosts\/certificates)$/;

    it('is demanded by every route but the written public ones', async () => {
      const routes = routesOf(api).filter(({ path }) => !PUBLIC.test(path));
      expect(routes.length).toBeGreaterThan(20);
      for (const { method, path } of routes) {
        const reply = await stranger.send(method, path.replaceAll(/:\w+/g, '1'), {});
        expect([method, path, reply.status]).toEqual([method, path, 401]);
        expectProblem(reply, 401, 'not_authenticated');
        expect(reply.headers.get('www-authenticate')).toBe('Bearer realm="jockey"');
      }
    });

    it('hides which paths there are', async () => {
      expectProblem(await stranger.get('/no-such'), 401, 'not_authenticated');
      expectProblem(await stranger.send('DELETE', '/workers', {}), 401, 'not_authenticated');
    });

    it('takes the header or the parameter, on any method', async () => {
      expect((await stranger.get('/apps', { authorization: `bearer  ${TOKEN}` })).status).toBe(200);
      expect((await stranger.get(`/apps?github_access_token=${TOKEN}`)).status).toBe(200);
      const created = await stranger.form('POST', `/stacks?github_access_token=${TOKEN}`, 'name=by-parameter');
      expect(created.status).toBe(201);
      const put = await stranger.form('PUT', `/apps/nobody?github_access_token=${TOKEN}`, 'repo=a/b');
      expect(put.status).toBe(404);
    });

    it.each([
      [{ authorization: 'Bearer wrong' }, ''],
      [{ authorization: `Basic ${TOKEN}` }, ''],
      [{ authorization: TOKEN }, ''],
      [{ authorization: `Bearer ${TOKEN}x` }, ''],
      [{}, '?github_access_token='],
      [{}, '?github_access_token=wrong'],
      [{}, `?github_access_token[]=${TOKEN}`],
      [{}, `?token=${TOKEN}`],
    ])('refuses %j %s', async (headers, query) => {
      expectProblem(await stranger.get(`/apps${query}`, headers as Record<string, string>), 401, 'not_authenticated');
    });

    it('never logs or echoes the token, however its name is written', async () => {
      api.world.log.length = 0;
      const replies = [
        await stranger.get(`/apps?per_page=1&github_access_token=${TOKEN}`),
        await stranger.get(`/apps?github%5Faccess_token=${TOKEN}`),
        await stranger.get(`/apps?github_access_token[]=${TOKEN}&page=1`),
        await stranger.get(`/nowhere?github_access_token=${TOKEN}`),
        await stranger.get(`/apps?page=0&github_access_token=${TOKEN}`, { authorization: `Bearer ${TOKEN}` }),
      ];
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 401, 404, 422]);
      for (const { text, headers } of replies) expect(text + JSON.stringify([...headers])).not.toContain(TOKEN);
      expect(api.world.log.length).toBeGreaterThanOrEqual(replies.length);
      expect(api.world.log.join('')).not.toContain(TOKEN);
    });

    it('comes before the body is read', async () => {
      const reply = await stranger.send('POST', '/apps', { body: '{broken', headers: JSON_TYPE });
      expectProblem(reply, 401, 'not_authenticated');
    });
  });

  describe('failures', () => {
    it('of routing: 404, and 405 with what the path takes', async () => {
      expectProblem(await client.get('/no/such/path?x=1'), 404, 'not_found');
      expect((await client.get('/no/such/path?x=1')).body).toMatchObject({ instance: '/no/such/path' });
      const reply = await client.delete('/workers');
      expectProblem(reply, 405, 'method_not_allowed');
      expect(reply.headers.get('allow')).toBe('GET, POST');
      expectProblem(await client.send('POST', '/apps/7', {}), 405, 'method_not_allowed');
      expectProblem(await client.get('/apps/%zz'), 400, 'bad_request');
    });

    it('of ours: say nothing of the inside, and are logged with it', async () => {
      api.world.log.length = 0;
      const reply = await client.get('/broken', { 'x-request-id': 'find-me' });
      expectProblem(reply, 500, 'internal_error');
      expect(reply.text).not.toContain('a secret of the inside');
      const line = api.world.log.find((each) => each.includes('a secret of the inside')) ?? '{}';
      expect(JSON.parse(line)).toMatchObject({ request_id: 'find-me', err: { stack: expect.any(String) } });
    });

    it('of unknown parameters and bad pages: 422', async () => {
      for (const query of [
        'per_page=0',
        'per_page=101',
        'per_page=x',
        'page=0',
        'page=-1',
        'page=1.5',
        'page=1e99',
        'colour=red',
      ])
        expectProblem(await client.get(`/apps?${query}`), 422, 'record_invalid');
      expectProblem(await client.get('/apps?name=a&name=b'), 422, 'record_invalid');
      expect((await client.get('/apps?environmnt=x')).body.errors).toEqual([
        {
          field: 'environmnt',
          message: 'is not known here; known are: page, per_page, sort_by, sort_order, name, repo.',
        },
      ]);
    });
  });

  describe('bodies', () => {
    it.each([
      ['{"name": "a",}', 'line 1, column 14'],
      ['{"name": }', 'line 1, column 10'],
      ['{"name": "a"', 'line 1, column 13'],
      ['{\n  "name": "a\n"}', 'line 2, column 11'],
      ["{'name': 1}", 'line 1, column 2'],
      ['{"a": 01}', 'line 1, column 7'],
      ['{"a": 1} x', 'line 1, column 10'],
      ['[1, 2', 'line 1, column 6'],
      ['nope', 'line 1, column 1'],
    ])('that are broken JSON say where: %j', async (body, where) => {
      const reply = await client.send('POST', '/apps', { body, headers: JSON_TYPE });
      expectProblem(reply, 400, 'bad_request');
      expect(reply.body.detail).toContain(where);
    });

    it('nested as deep as a body is long are refused before they are read', async () => {
      const reply = await client.send('POST', '/apps', { body: '['.repeat(200_000), headers: JSON_TYPE });
      expectProblem(reply, 400, 'bad_request');
      expect(reply.body.detail).toContain('nests deeper than 32 levels');
    });

    it.each(['[]', '"text"', '1', 'null', 'true'])('that are %s are no object', async (body) => {
      expectProblem(await client.send('POST', '/apps', { body, headers: JSON_TYPE }), 400, 'bad_request');
    });

    it('of 10 MB are refused, as JSON and as a form', async () => {
      const big = 'x'.repeat(10 * 1024 * 1024);
      expectProblem(await client.post('/apps', { name: big }), 413, 'payload_too_large');
      expectProblem(await client.form('POST', '/apps', `name=${big}`), 413, 'payload_too_large');
      expect((await client.get('/apps')).status).toBe(200);
    });

    it('with too many fields or nested too deep are refused', async () => {
      const many = Array.from({ length: 3000 }, (_, i) => `config[A${i}]=1`).join('&');
      expectProblem(await client.form('PUT', '/config_sets/1', many), 413, 'payload_too_large');
      expectProblem(await client.form('PUT', '/config_sets/1', 'config[a][b][c][d][e][f]=1'), 400, 'bad_request');
    });

    it('of other kinds are refused, saying which are taken', async () => {
      for (const type of ['text/plain', 'application/xml', 'multipart/form-data; boundary=x']) {
        const reply = await client.send('POST', '/apps', { body: 'name=a', headers: { 'content-type': type } });
        expectProblem(reply, 415, 'unsupported_media_type');
      }
      const latin = { 'content-type': 'application/json; charset=klingon' };
      expectProblem(await client.send('POST', '/apps', { body: '{}', headers: latin }), 415, 'unsupported_media_type');
    });

    it('that are empty count as nothing said', async () => {
      for (const headers of [{}, JSON_TYPE])
        expectProblem(await client.send('POST', '/apps', { headers }), 422, 'record_invalid');
    });
  });

  describe('request ids', () => {
    it('go in and out, and stand in the log', async () => {
      api.world.log.length = 0;
      const reply = await client.get('/apps', { 'x-request-id': 'abc-123' });
      expect(reply.headers.get('x-request-id')).toBe('abc-123');
      expect(JSON.parse(api.world.log.at(-1) ?? '{}')).toMatchObject({ request_id: 'abc-123', res: { status: 200 } });
    });

    it.each(['x'.repeat(129), 'a b', 'a"b', ''])('are made anew for %.10j', async (id) => {
      const given = (await client.get('/apps', { 'x-request-id': id })).headers.get('x-request-id');
      expect(given).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  it('pages are stable, linked, and keep their filters', async () => {
    for (let i = 0; i < 7; i += 1)
      await client.post('/apps', { name: `paged-${i}`, repo: 'jockey/paged', stack: 'api' });
    const first = await client.get('/apps?repo=jockey/paged&per_page=3');
    expect(first.body.pagination).toEqual({ page: 1, per_page: 3, total_pages: 3, total_count: 7 });
    expect(namesOf(first)).toEqual(['paged-6', 'paged-5', 'paged-4']);
    expect(linksOf(first)).toEqual({
      first: '/apps?repo=jockey%2Fpaged&per_page=3&page=1',
      next: '/apps?repo=jockey%2Fpaged&per_page=3&page=2',
      last: '/apps?repo=jockey%2Fpaged&per_page=3&page=3',
    });
    const third = await client.get(linksOf(first)['last'] ?? '');
    expect(namesOf(third)).toEqual(['paged-0']);
    expect(Object.keys(linksOf(third))).toEqual(['first', 'prev', 'last']);
    expect(linksOf(await client.get('/apps?repo=jockey/paged&per_page=3&page=99'))['prev']).toContain('page=3');
    expect((await client.get('/apps?per_page=100')).status).toBe(200);
    const oldest = await client.get('/apps?repo=jockey/paged&per_page=2&sort_by=created_at');
    expect(namesOf(oldest)).toEqual(['paged-0', 'paged-1']);
    const newest = await client.get('/apps?repo=jockey/paged&per_page=1&sort_by=id&sort_order=desc');
    expect(namesOf(newest)).toEqual(['paged-6']);
    expect((await client.get('/apps?repo=jockey/paged&page=&name=')).body.pagination['total_count']).toBe(7);
  });

  describe('Idempotency-Key', () => {
    const post = (key: string, body: object, path = '/stacks') => client.post(path, body, { 'idempotency-key': key });

    it('gives the first answer again', async () => {
      const first = await post('key-1', { name: 'once' });
      const again = await post('key-1', { name: 'once' });
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(again.body).toEqual(first.body);
      expect(first.headers.get('idempotency-replayed')).toBeNull();
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect((await client.post('/stacks', { name: 'once' })).status).toBe(409);
    });

    it('gives a refusal again too', async () => {
      const first = await post('key-2', { name: 'NOT A NAME' });
      const again = await post('key-2', { name: 'NOT A NAME' });
      expect(again.status).toBe(422);
      expect(again.body).toEqual(first.body);
      expect(again.headers.get('content-type')).toMatch(/problem\+json/);
    });

    it('refuses another body', async () => {
      await post('key-3', { name: 'three' });
      expectProblem(await post('key-3', { name: 'four' }), 422, 'unprocessable_entity');
    });

    it('belongs to one path', async () => {
      await post('key-4', { name: 'here-and-there' });
      expect((await post('key-4', { name: 'here-and-there' }, '/environments')).status).toBe(201);
    });

    it('runs one of twenty at once', async () => {
      const replies = await Promise.all(Array.from({ length: 20 }, () => post('key-5', { name: 'at-once' })));
      const statuses = new Set(replies.map(({ status }) => status));
      expect([...statuses].filter((status) => status !== 201 && status !== 409)).toEqual([]);
      const fresh = replies.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'));
      expect(fresh).toHaveLength(1);
      for (const reply of replies.filter(({ status }) => status === 409))
        expect(reply.body.detail).toContain('still running');
    });

    it('keeps no failure of ours', async () => {
      expect((await post('key-6', {}, '/broken')).status).toBe(500);
      expect((await post('key-6', {}, '/broken')).body.data).toEqual({ runs: 2 });
      expect((await post('key-6', {}, '/broken')).body.data).toEqual({ runs: 2 });
    });

    it('is forgotten after 24 hours, and free again when its process died', async () => {
      await post('key-7', { name: 'seven' });
      await api.dataSource.query(`UPDATE idempotency_keys SET created_at = now() - interval '25 hours'`);
      expect((await post('key-7', { name: 'seven' })).status).toBe(409);
      await api.dataSource.query(
        `UPDATE idempotency_keys SET status = NULL, answer = NULL, runs_until = now() - interval '1 second'`,
      );
      expect((await post('key-7', { name: 'seven' })).status).toBe(409);
      expect(await api.dataSource.query('SELECT status FROM idempotency_keys')).toEqual([{ status: 409 }]);
    });

    it.each(['with space', 'x'.repeat(256)])('refuses the key %j', async (key) => {
      expectProblem(await post(key, { name: 'never' }), 422, 'record_invalid');
    });
  });

  it('answers 503, naming Postgres, while that is away', async () => {
    const other = await TestApi.start();
    try {
      await other.loseDatabase();
      const replies = await Promise.all([1, 2, 3].map(() => other.client.get('/apps')));
      for (const reply of replies) {
        expectProblem(reply, 503, 'unavailable');
        expect(reply.body.detail).toContain('Postgres');
      }
    } finally {
      await other.stop();
    }
  });
});

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method: string }[] };
}

const layersOf = (app: Application): readonly Layer[] => app.router.stack as unknown as readonly Layer[];

interface Route {
  readonly method: string;
  readonly path: string;
}

function routesOf(api: TestApi): Route[] {
  const app = api.app.getHttpAdapter().getInstance() as Application;
  return layersOf(app).flatMap(({ route }) =>
    route === undefined
      ? []
      : [...new Set(route.stack.map(({ method }) => method.toUpperCase()))].map((method) => ({
          method,
          path: route.path,
        })),
  );
}

const namesOf = (reply: Reply): string[] => (reply.body.data as unknown as { name: string }[]).map(({ name }) => name);

const linksOf = (reply: Reply): Record<string, string> =>
  Object.fromEntries(
    [...(reply.headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="(\w+)"/g)].map(([, url, rel]) => [rel, url]),
  ) as Record<string, string>;

import { Controller, Get } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERBS, type Verb } from '../../src/domain/access/verb.js';
import { ApiTokenRow } from '../../src/store/entities/index.js';
import { buildOpenApi } from '../../src/http/openapi/openapi.js';
import { ApiClient, type Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { declaredRoutes, type DeclaredRoute, mountedRoutes, nameOf } from '../support/routes.js';
import { clientWith, makeToken } from '../support/tokens.js';
import { seedPlaces } from '../support/world.js';

/** All that is open to strangers. Each checks by itself who asks, or tells nothing that is secret. */
const PUBLIC_ROUTES = [
  'GET /healthz',
  'GET /readyz',
  'GET /version',
  'POST /chat/slack',
  'POST /github_webhooks/:appId',
  'POST /hosts/certificates',
];

/** What a browser needs to sign in and out. */
const SIGN_IN_ROUTES = [
  'GET /auth/github',
  'GET /auth/github/callback',
  'GET /signout',
  'POST /auth/device',
  'POST /auth/device/token',
  'POST /auth/token',
  'POST /signout',
];

/** The style and the script of the status page, which hold no data: who signs in there needs them too. */
const PAGE_ROUTES = ['GET /status/assets/:name'];

/** What is not declared by a controller, and therefore has no guard: the document and its page, which hold no data. */
const DOCUMENT_ROUTES = [
  'GET /docs',
  'GET /docs-json',
  'GET /docs/',
  'GET /docs/LICENSE',
  'GET /docs/docs/swagger-ui-init.js',
  'GET /docs/index.html',
  'GET /docs/swagger-ui-init.js',
];

/** What anybody who is known may do, without any right: it concerns themselves. */
const OWN_ROUTES = ['GET /me'];

/** Who asks in vain; each looks like a token of another kind. */
const GARBAGE = [
  'garbage',
  `jky_${'0'.repeat(40)}`,
  `ghp_${'0'.repeat(36)}`,
  `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
];

const LIMITS = { SIGN_IN_FAILURES_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE: '0' };

describe('every route', () => {
  let api: TestApi;
  let routes: readonly DeclaredRoute[];

  const closed = () => routes.filter(({ isPublic }) => !isPublic);
  const limited = () => closed().filter((route) => !OWN_ROUTES.includes(nameOf(route)));
  const answers = async (
    list: readonly DeclaredRoute[],
    client: (route: DeclaredRoute) => ApiClient | Promise<ApiClient>,
  ) => {
    const found: [string, number][] = [];
    for (const route of list) found.push([nameOf(route), (await call(await client(route), route)).status]);
    return found;
  };
  const all = (list: readonly DeclaredRoute[], status: number): [string, number][] =>
    list.map((route) => [nameOf(route), status]);

  beforeAll(async () => {
    api = await TestApi.start({ environment: LIMITS });
    await seedPlaces(api.dataSource);
    routes = declaredRoutes(api);
  });
  afterAll(() => api?.stop());

  it('is the same in the router, in the controllers and in the document', () => {
    const declared = routes.map(nameOf).sort();
    expect(declared.length).toBeGreaterThan(50);
    expect(new Set(declared).size).toBe(declared.length);
    expect(
      mountedRoutes(api)
        .filter((name) => !name.includes(' /docs'))
        .sort(),
    ).toEqual(declared);
    expect(
      mountedRoutes(api)
        .filter((name) => name.includes(' /docs'))
        .sort(),
    ).toEqual(DOCUMENT_ROUTES);
    const documented = Object.entries(buildOpenApi(api.app).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) =>
        nameOf({ method: method.toUpperCase(), path: path.replaceAll(/\{(\w+)\}/g, ':$1') }),
      ),
    );
    expect(documented.sort()).toEqual(declared);
  });

  it('is closed, but for those on the list', () => {
    const open = routes.filter(({ isPublic }) => isPublic).map(nameOf);
    expect(open.sort()).toEqual([...PUBLIC_ROUTES, ...SIGN_IN_ROUTES, ...PAGE_ROUTES].sort());
  });

  it('says what it needs', () => {
    for (const route of closed()) {
      expect([nameOf(route), route.needs.length]).not.toEqual([nameOf(route), 0]);
      const isOwn = route.needs.every(({ target }) => target.kind === 'self');
      expect([nameOf(route), isOwn]).toEqual([nameOf(route), OWN_ROUTES.includes(nameOf(route))]);
    }
  });

  it('answers 401 to strangers, and to whoever looks without a body for the head of it', async () => {
    expect(await answers(closed(), () => new ApiClient(api.url, null))).toEqual(all(closed(), 401));
    for (const route of closed().filter(({ method }) => method === 'GET'))
      expect([nameOf(route), (await call(new ApiClient(api.url, null), { ...route, method: 'HEAD' })).status]).toEqual([
        nameOf(route),
        401,
      ]);
  });

  it.each(GARBAGE)('answers 401 to %s', async (token) => {
    expect(await answers(closed(), () => new ApiClient(api.url, token))).toEqual(all(closed(), 401));
  });

  it('answers 401 to a token that is revoked, and to one that is over', async () => {
    for (const change of [{ revokedAt: new Date() }, { expiresAt: new Date() }]) {
      const token = await makeToken(api, {});
      await change_(api, token, change);
      expect(await answers(closed(), () => new ApiClient(api.url, token))).toEqual(all(closed(), 401));
    }
  });

  it('answers 403 to a token without any right', async () => {
    const token = await makeToken(api, { verbs: ['read'] });
    await change_(api, token, { verbs: [] });
    expect(await answers(limited(), () => new ApiClient(api.url, token))).toEqual(all(limited(), 403));
  });

  it('answers 403 to a token that has every verb but the one that is needed', async () => {
    const without = new Map<Verb, ApiClient>();
    for (const verb of VERBS)
      without.set(verb, await clientWith(api, { verbs: VERBS.filter((each) => each !== verb) }));
    const writing = limited().filter(({ needs }) => needs[0]?.verb !== 'read');
    expect(writing.length).toBeGreaterThan(15);
    expect(await answers(writing, ({ needs }) => without.get(needs[0]?.verb ?? 'read') as ApiClient)).toEqual(
      all(writing, 403),
    );
  });

  it('lets a token pass that has exactly the verbs that are needed', async () => {
    for (const route of limited()) {
      const client = await clientWith(api, { verbs: [...new Set(route.needs.map(({ verb }) => verb))] });
      const { status } = await call(client, route);
      expect([nameOf(route), status, [401, 403, 405].includes(status)]).toEqual([nameOf(route), status, false]);
    }
  });

  it('of everything is closed to whom an app or an environment limits', async () => {
    const whole = limited().filter(({ needs }) => needs.some(({ target }) => target.kind === 'everywhere'));
    expect(whole.length).toBeGreaterThan(5);
    await api.client.post('/apps', { name: 'some-app', repo: 'acme/some', stack: 'api' });
    for (const rights of [{ apps: ['some-app'] }, { environments: ['staging'] }]) {
      const client = await clientWith(api, rights);
      expect(await answers(whole, () => client)).toEqual(all(whole, 403));
    }
  });
});

@Controller('forgotten')
class ForgottenController {
  @Get()
  answer(): object {
    return { secret: true };
  }
}

describe('a handler that says nothing of rights', () => {
  it('refuses everybody, also who may do everything', async () => {
    const api = await TestApi.start({ environment: LIMITS, controllers: [ForgottenController] });
    for (const client of [api.client, await clientWith(api, {})]) {
      const { status, text } = await client.get('/forgotten');
      expect([status, text]).toEqual([403, expect.not.stringContaining('secret')]);
    }
    await api.stop();
  });
});

describe('the scale of a worker', () => {
  it('is changed by nobody who may only change settings, whichever way', async () => {
    const api = await TestApi.start({ environment: LIMITS });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'blog', repo: 'acme/blog', stack: 'api' });
    const place = { app: 'blog', environment: 'production' };
    const [worker] = (await api.client.get('/workers?app=blog&environment=production')).body.data as unknown as {
      id: string;
    }[];
    const config = await clientWith(api, { verbs: ['config'] });
    expect((await config.put(`/workers/${worker?.id}`, { memory_mb: 300 })).status).toBe(200);
    expect((await config.put(`/workers/${worker?.id}`, { memory_mb: 300, scale: 3 })).status).toBe(403);
    expect((await config.form('PUT', `/workers/${worker?.id}`, 'scale=3')).status).toBe(403);
    expect((await config.put('/workers/rescale', { ...place, name: 'web', scale: 3 })).status).toBe(403);
    expect((await config.post('/workers', { ...place, name: 'jobs', command: 'work', scale: 3 })).status).toBe(403);
    const scale = await clientWith(api, { verbs: ['scale'] });
    expect((await scale.put('/workers/rescale', { ...place, name: 'web', scale: 3 })).status).toBe(200);
    expect((await scale.put(`/workers/${worker?.id}`, { memory_mb: 400 })).status).toBe(403);
    await api.stop();
  });
});

/** Asks for what is not there, with nothing in the body: only who may is told so. */
function call(client: ApiClient, { method, path }: Pick<DeclaredRoute, 'method' | 'path'>): Promise<Reply> {
  const target = path.replaceAll(/:\w+/g, '999999999');
  return method === 'POST' || method === 'PUT' || method === 'PATCH'
    ? client.send(method, target, { body: '{}', headers: { 'content-type': 'application/json' } })
    : client.send(method, target, {});
}

/** Changes the row of a token behind the API's back. */
async function change_({ dataSource }: TestApi, token: string, change: Partial<ApiTokenRow>): Promise<void> {
  await dataSource.manager.update(ApiTokenRow, { hint: `jky_…${token.slice(-4)}` }, change);
}

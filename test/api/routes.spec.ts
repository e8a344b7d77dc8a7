import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import type { RegisteredInstance } from '../../src/ports/service-registry.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';

const ROUTING_HOST = '{app}.{environment}.example.com';

function anInstance(id: string, change: Partial<RegisteredInstance> = {}): RegisteredInstance {
  return {
    id,
    service: 'shop-web',
    node: 'h1',
    address: '10.0.0.11',
    port: 20_001,
    tags: ['rref:abc', 'production'],
    meta: { app: 'shop', environment: 'production', deploy: '4' },
    check: 'passing',
    checkOutput: '',
    ...change,
  };
}

/** `fetch` by itself asks for no cached answer where it sends a tag. */
const unlessIs = (etag: string) => ({ 'if-none-match': etag, 'cache-control': 'max-age=0' });

/** Two apps in two environments; `shop` in production has two healthy instances and one that is not. */
async function fill(api: TestApi): Promise<void> {
  const { client, world } = api;
  for (const name of ['production', 'staging']) await client.post('/environments', { name });
  await client.post('/stacks', { name: 'api' });
  for (const name of ['shop', 'blog']) await client.post('/apps', { name, repo: `acme/${name}`, stack: 'api' });
  for (const app of ['shop', 'blog'])
    for (const environment of ['production', 'staging'])
      await client.post('/workers', { app, environment, name: 'web', command: '/start web' });
  await client.post('/workers', { app: 'shop', environment: 'production', name: 'clock', command: '/start clock' });
  world.registry.services.set('shop-web', [
    anInstance('shop-production-web-1-d4'),
    anInstance('shop-production-web-2-d4', { node: 'h2', address: '10.0.0.12', port: 20_002 }),
    anInstance('shop-production-web-3-d4', { port: 20_003, check: 'critical' }),
    anInstance('shop-staging-web-1-d5', { port: 20_004, tags: ['staging'] }),
  ]);
}

describe('routes', () => {
  let api: TestApi;
  let client: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { ROUTING_HOST } });
    client = api.client;
    await fill(api);
  });
  afterAll(() => api?.stop());

  it('are listed with their names in DNS and Consul, and the healthy instances of the environment alone', async () => {
    const { status, body } = await client.get('/routes?app=shop&environment=production');
    expect(status).toBe(200);
    expect(body.data).toEqual([
      {
        worker_id: expect.stringMatching(/^[0-9]+$/) as string,
        app: 'shop',
        environment: 'production',
        host_name: 'shop.production.example.com',
        service: 'shop-web',
        tag: 'production',
        dns_name: 'production.shop-web.service.consul',
        srv_name: '_shop-web._production.service.consul',
        container_port: 8888,
        health_path: '/',
        scale: 0,
        endpoints: [
          { id: 'shop-production-web-1-d4', host: 'h1', address: '10.0.0.11', port: 20_001, deploy_id: '4' },
          { id: 'shop-production-web-2-d4', host: 'h2', address: '10.0.0.12', port: 20_002, deploy_id: '4' },
        ],
      },
    ]);
  });

  it('are one for each app and environment, page by page, and none for workers without traffic', async () => {
    const { body } = await client.get('/routes?per_page=3&sort_by=id');
    expect(body.pagination).toEqual({ page: 1, per_page: 3, total_pages: 2, total_count: 4 });
    const hosts = (body.data as unknown as { host_name: string }[]).map(({ host_name: name }) => name);
    expect(hosts).toHaveLength(3);
    expect(hosts).toEqual(expect.arrayContaining(['shop.production.example.com', 'shop.staging.example.com']));
    expect((await client.get('/routes?page=2&per_page=3&sort_by=id')).body.data).toHaveLength(1);
  });

  it('forget an app that is deleted', async () => {
    await client.post('/apps', { name: 'gone', repo: 'acme/gone', stack: 'api' });
    await client.post('/workers', { app: 'gone', environment: 'staging', name: 'web', command: '/start web' });
    expect((await client.get('/routes/haproxy.cfg')).text).toContain('gone.staging.example.com');
    await client.delete('/apps/gone');
    expect((await client.get('/routes/haproxy.cfg')).text).not.toContain('gone.');
    expect((await client.get('/routes')).body.pagination['total_count']).toBe(4);
  });

  it.each(['/routes', '/routes/nginx.conf', '/routes/haproxy.cfg'])('%s names what is not there', async (path) => {
    for (const query of ['app=nobody', 'environment=nowhere']) {
      const { status, headers, body } = await client.get(`${path}?${query}`);
      expect([query, status]).toEqual([query, 404]);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body.error.code).toBe('not_found');
    }
  });

  it.each(['/routes', '/routes/nginx.conf', '/routes/haproxy.cfg'])('%s wants the token', async (path) => {
    expect((await fetch(`${api.url}${path}`)).status).toBe(401);
  });
});

describe('the set-up of nginx', () => {
  let api: TestApi;
  let client: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { ROUTING_HOST } });
    client = api.client;
    await fill(api);
  });
  afterAll(() => api?.stop());

  it('is plain text with the healthy instances of each host name; an empty pool answers 503', async () => {
    const { status, headers, text } = await client.get('/routes/nginx.conf?address=127.0.0.1&port=8080');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const upstream = text.slice(text.indexOf('upstream shop_production'), text.indexOf('upstream shop_staging'));
    expect(upstream).toContain('server 10.0.0.11:20001 ');
    expect(upstream).toContain('server 10.0.0.12:20002 ');
    expect(text).not.toContain(':20003');
    expect(text.slice(text.indexOf('upstream shop_staging'))).toContain('server 10.0.0.11:20004 ');
    expect(text).toContain('server_name blog.production.example.com;\n    return 503;');
    expect(text).not.toContain('upstream blog');
    expect(text.match(/listen [^;]+;/g)?.every((line) => line.startsWith('listen 127.0.0.1:8080'))).toBe(true);
  });

  it('answers 304 until an instance comes or goes', async () => {
    const etag = (await client.get('/routes/nginx.conf')).headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    expect((await client.get('/routes/nginx.conf', unlessIs(etag))).status).toBe(304);
    api.world.registry.services.set('shop-web', [anInstance('shop-production-web-1-d4')]);
    const changed = await client.get('/routes/nginx.conf', unlessIs(etag));
    expect(changed.status).toBe(200);
    expect(changed.headers.get('etag')).not.toBe(etag);
    expect(changed.text).not.toContain(':20002');
  });

  it('is not answered at all, rather than empty, while Consul does not answer', async () => {
    const { instances } = api.world.registry;
    api.world.registry.instances = () => Promise.reject(unavailable('Consul', 'connection refused'));
    const { status, body } = await client.get('/routes/nginx.conf');
    api.world.registry.instances = instances;
    expect(status).toBe(503);
    expect(body.error).toEqual({ code: 'unavailable', message: 'Consul does not answer: connection refused' });
  });

  it.each([
    ['port=0', 'port'],
    ['port=65536', 'port'],
    ['port=http', 'port'],
    ['address=here', 'address'],
    ['address=1.2.3.256', 'address'],
    ['address=127.0.0.1;return%20200', 'address'],
    ['nameserver=127.0.0.1:8600', 'nameserver'],
  ])('refuses ?%s', async (query, field) => {
    const { status, body } = await client.get(`/routes/nginx.conf?${query}`);
    expect(status).toBe(422);
    expect(body.errors.map((error) => error.field)).toEqual([field]);
  });
});

describe('the set-up of HAProxy', () => {
  let api: TestApi;
  let client: ApiClient;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { ROUTING_HOST } });
    client = api.client;
    await fill(api);
  });
  afterAll(() => api?.stop());

  it('is plain text with a backend for each host name, which follows Consul', async () => {
    const { status, headers, text } = await client.get(
      '/routes/haproxy.cfg?address=127.0.0.1&port=8080&nameserver=10.0.0.1:8600&domain=dc.internal',
    );
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(text).toContain('    bind 127.0.0.1:8080\n');
    expect(text).toContain('    nameserver consul 10.0.0.1:8600\n');
    for (const app of ['shop', 'blog'])
      for (const environment of ['production', 'staging']) {
        expect(text).toContain(`use_backend ${app}_${environment} if { `);
        expect(text).toContain(`-m str ${app}.${environment}.example.com }`);
        expect(text).toContain(`server-template web 32 _${app}-web._${environment}.service.dc.internal\n`);
      }
  });

  it('is for one app or environment where only that is asked for', async () => {
    const { text } = await client.get('/routes/haproxy.cfg?app=shop&environment=staging');
    expect(text.match(/^backend .+$/gm)).toEqual([
      'backend unknown_host from jockey',
      'backend shop_staging from jockey',
    ]);
  });

  it('needs no answer of Consul, and stays the same while instances come and go', async () => {
    const first = await client.get('/routes/haproxy.cfg');
    api.world.registry.services.clear();
    const second = await client.get('/routes/haproxy.cfg', unlessIs(first.headers.get('etag') ?? ''));
    expect(second.status).toBe(304);
  });

  it('has room for a rollout of as many instances as there are', async () => {
    const { body } = await client.get('/workers?app=blog&environment=production&worker=web');
    await client.put(`/workers/${(body.data as unknown as { id: string }[])[0]?.id}`, { scale: 40 });
    expect((await client.get('/routes/haproxy.cfg')).text).toContain(
      'server-template web 96 _blog-web._production.service.consul\n',
    );
  });

  it.each([
    ['nameserver=consul.internal:8600', 'nameserver'],
    ['nameserver=127.0.0.1', 'nameserver'],
    ['nameserver=127.0.0.1:65536', 'nameserver'],
    ['nameserver=127.0.0.1:8600%0Abackend%20x', 'nameserver'],
    ['domain=Consul', 'domain'],
    ['domain=a..b', 'domain'],
    ['domain=a%0A', 'domain'],
    ['port=-1', 'port'],
  ])('refuses ?%s', async (query, field) => {
    const { status, body } = await client.get(`/routes/haproxy.cfg?${query}`);
    expect(status).toBe(422);
    expect(body.errors.map((error) => error.field)).toEqual([field]);
  });
});

describe('without ROUTING_HOST', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
    await fill(api);
  });
  afterAll(() => api?.stop());

  it('routes have no host names', async () => {
    const { body } = await api.client.get('/routes?app=shop&environment=production');
    expect(body.data).toMatchObject([{ host_name: null, srv_name: '_shop-web._production.service.consul' }]);
  });

  it.each(['nginx.conf', 'haproxy.cfg'])('%s is refused, with the way out', async (file) => {
    const { status, body } = await api.client.get(`/routes/${file}`);
    expect(status).toBe(422);
    expect(body.error).toEqual({
      code: 'unprocessable_entity',
      message: expect.stringContaining('set ROUTING_HOST, {app}.{environment}.example.com') as string,
    });
  });
});

import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Controller, Get, Req } from '@nestjs/common';
import { afterEach, describe, expect, it } from 'vitest';
import { Public } from '../../src/http/auth/public.decorator.js';
import { limitServer, SERVER_LIMITS } from '../../src/http/limits/server-limits.js';
import { ApiClient, type Reply } from '../support/api-client.js';
import { TestApi, type TestApiOptions } from '../support/api.js';
import { sendRaw } from '../support/raw-request.js';

/** Says whom it takes the caller for. */
@Public()
@Controller('whence')
class WhenceController {
  @Get()
  tell(@Req() { ip }: { ip: string }): { ip: string } {
    return { ip };
  }
}

describe('limits', () => {
  let api: TestApi | undefined;

  const start = async (environment: TestApiOptions['environment'] = {}): Promise<TestApi> =>
    (api = await TestApi.start({ environment, controllers: [WhenceController] }));

  afterEach(async () => {
    await api?.stop();
    api = undefined;
  });

  function expectLimited(reply: Reply): void {
    expect(reply.status).toBe(429);
    expect(reply.body).toMatchObject({ status: 429, error: { code: 'rate_limited' } });
    expect(reply.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const seconds = Number(reply.headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  }

  const inTurn = async (times: number, ask: () => Promise<Reply>): Promise<Reply[]> => {
    const replies: Reply[] = [];
    for (let turn = 0; turn < times; turn += 1) replies.push(await ask());
    return replies;
  };

  describe('requests of a caller', () => {
    it('says what is left, and refuses the one too many', async () => {
      const { client } = await start({ RATE_LIMIT_PER_MINUTE: '3' });
      const [first, , third, fourth] = await inTurn(4, () => client.get('/apps'));
      expect(first?.headers.get('ratelimit-policy')).toMatch(/^"requests"; q=3; w=60/);
      expect(first?.headers.get('ratelimit')).toMatch(/^"requests"; r=2; t=\d+$/);
      expect(third?.status).toBe(200);
      expect(third?.headers.get('ratelimit')).toMatch(/r=0/);
      expectLimited(fourth as Reply);
      expect(fourth?.headers.get('content-security-policy')).toContain("default-src 'none'");
    });

    it('counts callers by name and strangers by address, each for itself', async () => {
      const { client, url } = await start({ RATE_LIMIT_PER_MINUTE: '2' });
      const stranger = new ApiClient(url, null);
      await inTurn(2, () => client.get('/apps'));
      expectLimited(await client.get('/apps'));
      expect((await inTurn(2, () => stranger.get('/apps'))).map(({ status }) => status)).toEqual([401, 401]);
      expectLimited(await stranger.get('/apps'));
    });

    it('does nothing of what it refuses', async () => {
      const { client, dataSource } = await start({ RATE_LIMIT_PER_MINUTE: '1' });
      expect((await client.post('/stacks', { name: 'first' })).status).toBe(201);
      expectLimited(await client.post('/stacks', { name: 'second' }));
      expect(await dataSource.query("SELECT name FROM stacks WHERE name IN ('first', 'second')")).toEqual([
        { name: 'first' },
      ]);
    });

    it('always answers whether it is there', async () => {
      const { url } = await start({ RATE_LIMIT_PER_MINUTE: '1' });
      const stranger = new ApiClient(url, null);
      const replies = await inTurn(5, () => stranger.get('/healthz'));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
      expect(replies[0]?.headers.get('ratelimit')).toBeNull();
    });

    it('knows no limit where that is 0', async () => {
      const { client } = await start({ RATE_LIMIT_PER_MINUTE: '0' });
      const replies = await inTurn(30, () => client.get('/apps'));
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
      expect(replies[0]?.headers.get('ratelimit')).toBeNull();
    });
  });

  describe('failed sign-ins', () => {
    const guess = (url: string, token: string) => () => new ApiClient(url, token).get('/apps');

    it('are refused from an address after too many, without a look at the token', async () => {
      const { url, client } = await start({ SIGN_IN_FAILURES_PER_MINUTE: '3' });
      const failed = await inTurn(3, guess(url, 'a-wrong-token'));
      expect(failed.map(({ status }) => status)).toEqual([401, 401, 401]);
      expectLimited(await guess(url, 'another-wrong-token')());
      expectLimited(await client.get('/apps'));
    });

    it('lock nobody out who came in before', async () => {
      const { url, client } = await start({ SIGN_IN_FAILURES_PER_MINUTE: '1' });
      expect((await client.get('/apps')).status).toBe(200);
      await inTurn(2, guess(url, 'a-wrong-token'));
      expectLimited(await guess(url, 'a-wrong-token')());
      expect((await client.get('/apps')).status).toBe(200);
    });

    it('are not what is signed wrongly: one address speaks for many there', async () => {
      const { url } = await start({ SIGN_IN_FAILURES_PER_MINUTE: '1' });
      const stranger = new ApiClient(url, 'no-token');
      const forged = await inTurn(3, () => stranger.post('/github_webhooks/1', { zen: 'x' }));
      expect(forged.map(({ status }) => status)).toEqual([401, 401, 401]);
      expect((await stranger.get('/apps')).status).toBe(401);
    });

    it('are not what a stranger without a token does', async () => {
      const { url, client } = await start({ SIGN_IN_FAILURES_PER_MINUTE: '1' });
      const replies = await inTurn(4, () => new ApiClient(url, null).get('/apps'));
      expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
      expect((await client.get('/apps')).status).toBe(200);
    });
  });

  describe('the address of a caller', () => {
    const whence = async (forwarded: string): Promise<string> => {
      const { text } = await sendRaw(api?.url ?? '', {
        method: 'GET',
        target: '/whence',
        headers: { 'x-forwarded-for': forwarded },
      });
      return (JSON.parse(text) as { data: { ip: string } }).data.ip;
    };

    it('is that of the connection, whatever the request says', async () => {
      await start();
      expect(await whence('203.0.113.9')).toBe('127.0.0.1');
    });

    it('is what a trusted proxy says, and not what was said to the proxy', async () => {
      await start({ TRUST_PROXY: '1' });
      expect(await whence('198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    });

    it('is the nearest one that is no trusted network', async () => {
      await start({ TRUST_PROXY: 'loopback, 10.0.0.0/8' });
      expect(await whence('198.51.100.1, 203.0.113.9, 10.1.2.3')).toBe('203.0.113.9');
    });

    it('decides which strangers are counted together', async () => {
      await start({ TRUST_PROXY: '1', RATE_LIMIT_PER_MINUTE: '1' });
      const from = (ip: string) => new ApiClient(api?.url ?? '', null).get('/apps', { 'x-forwarded-for': ip });
      expect((await from('203.0.113.1')).status).toBe(401);
      expect((await from('203.0.113.2')).status).toBe(401);
      expectLimited(await from('203.0.113.1'));
      expect((await from('2001:db8::1')).status).toBe(401);
      expectLimited(await from('2001:db8:0:1::2'));
    });
  });

  describe('pages of other origins', () => {
    const ORIGIN = 'https://deploys.example.com';
    const preflight = (origin: string) => ({
      headers: { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' },
    });

    it('may ask nothing where nothing is said', async () => {
      const { client } = await start();
      const reply = await client.send('OPTIONS', '/apps', preflight(ORIGIN));
      expect(reply.status).toBe(405);
      expect([...reply.headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
    });

    it('may ask with a token from an origin of the list, and read the headers that matter', async () => {
      const { url, client } = await start({ CORS_ORIGINS: `https://other.example.com, ${ORIGIN}` });
      const reply = await new ApiClient(url, null).send('OPTIONS', '/apps', preflight(ORIGIN));
      expect(reply.status).toBe(204);
      expect(reply.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(reply.headers.get('access-control-allow-methods')).toContain('PUT');
      expect(reply.headers.get('access-control-allow-credentials')).toBeNull();
      const answer = await client.get('/apps', { origin: ORIGIN });
      expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
      expect(answer.headers.get('access-control-expose-headers')).toContain('ETag');
      expect(answer.headers.get('vary')).toContain('Origin');
    });

    it.each(['https://deploys.example.com.evil.test', 'http://deploys.example.com', 'null', ''])(
      'may not ask from %s',
      async (origin) => {
        const { client } = await start({ CORS_ORIGINS: ORIGIN });
        const reply = await client.send('OPTIONS', '/apps', preflight(origin));
        expect(reply.status).toBe(405);
        expect(reply.headers.get('access-control-allow-origin')).toBeNull();
      },
    );
  });

  describe('headers for browsers', () => {
    it('let an answer load nothing, and the page at /docs only what is here', async () => {
      const { client } = await start();
      const answer = (await client.get('/apps')).headers;
      expect(answer.get('content-security-policy')).toMatch(/^default-src 'none'/);
      expect(answer.get('x-content-type-options')).toBe('nosniff');
      expect(answer.get('referrer-policy')).toBe('no-referrer');
      expect(answer.get('x-powered-by')).toBeNull();
      const page = (await client.get('/docs')).headers.get('content-security-policy') ?? '';
      expect(page).toMatch(/script-src 'self';/);
      expect(page).not.toMatch(/script-src[^;]*unsafe/);
    });

    it('demand HTTPS only where Jockey is reached by it', async () => {
      const { client } = await start({ JOCKEY_URL: 'http://jockey.example.com' });
      expect((await client.get('/healthz')).headers.get('strict-transport-security')).toBeNull();
      await api?.stop();
      const secure = await start({ JOCKEY_URL: 'https://jockey.example.com' });
      expect((await secure.client.get('/healthz')).headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
    });
  });

  describe('bodies', () => {
    it('are refused when they nest too deep, in JSON and in forms', async () => {
      const { client } = await start();
      const deep = `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
      const json = await client.send('POST', '/stacks', {
        body: deep,
        headers: { 'content-type': 'application/json' },
      });
      expect([json.status, json.body.error]).toEqual([400, { code: 'bad_request', message: json.body.detail }]);
      expect(json.body.detail).toContain('32 levels');
      expect((await client.form('POST', '/stacks', `name${'[a]'.repeat(500)}=1`)).status).toBe(400);
    });
  });

  describe('addresses', () => {
    it('are not repeated in Link when they are so long that clients would drop the answer', async () => {
      const { client } = await start();
      expect((await client.get('/commands?x=1')).headers.get('link')).toContain('rel="last"');
      const long = await client.get(`/commands?x=${'a'.repeat(12_000)}`);
      expect([long.status, long.headers.get('link')]).toEqual([200, null]);
    });
  });

  describe('connections', () => {
    it('are held to limits of time and number', async () => {
      const { app } = await start();
      expect(app.getHttpServer()).toMatchObject({
        headersTimeout: SERVER_LIMITS.headers,
        requestTimeout: SERVER_LIMITS.request,
        keepAliveTimeout: SERVER_LIMITS.keepAlive,
        maxConnections: SERVER_LIMITS.connections,
        maxHeadersCount: SERVER_LIMITS.headerCount,
      });
    });

    it.each([
      ['its headers', 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: '],
      ['its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n'],
    ])('are ended when a request takes too long over %s', async (_part, beginning) => {
      const server = createServer({ connectionsCheckingInterval: 20 }, (request) => void request.resume());
      limitServer(server, { ...SERVER_LIMITS, headers: 100, request: 200 });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      const answer = await new Promise<string>((resolve, reject) => {
        let text = '';
        const drip = setInterval(() => socket.write('a'), 20);
        socket.on('data', (data: Buffer) => (text += data.toString()));
        socket.on('error', reject).on('close', () => {
          clearInterval(drip);
          resolve(text);
        });
        socket.write(beginning);
      }).finally(() => server.close());
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    });
  });
});

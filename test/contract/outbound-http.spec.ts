import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NodeOutboundHttp } from '../../src/adapters/outbound-http/node-outbound-http.js';
import type { Resolve } from '../../src/adapters/outbound-http/guarded-lookup.js';
import { rulesOf } from '../../src/domain/outbound/outbound-rules.js';
import { FakeOutboundHttp, type OutboundFate } from '../fakes/fake-outbound-http.js';
import { unusedPort } from './cluster.js';
import { outboundHttpContract, type OutboundHttpSetUp } from './outbound-http.contract.js';

/** Only the first address of the loopback range is open to these tests; the others stand for the own network. */
const RULES = rulesOf('127.0.0.1');
const PATIENCE = 500;

outboundHttpContract('in memory', async () => beginFake());
outboundHttpContract('of Node', async () => beginReal());

const never = (): AbortSignal => new AbortController().signal;
const json = { headers: { 'content-type': 'application/json' }, body: '{"a":1}' };

describe('outbound HTTP of Node', () => {
  /** What reached the server: the local address that it came to, and the request. */
  let reached: {
    readonly to: string | undefined;
    readonly method: string;
    readonly path: string;
    readonly body: string;
  }[];
  let server: Server;
  let port: number;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const to = request.socket.localAddress;
        reached.push({
          to,
          method: request.method ?? '',
          path: request.url ?? '',
          body: Buffer.concat(chunks).toString(),
        });
        behave(request, response);
      });
    });
    port = await listen(server, '0.0.0.0');
  });
  afterAll(() => close(server));
  beforeEach(() => (reached = []));

  const at = (path: string, host = '127.0.0.1'): string => `http://${host}:${port}${path}`;
  const redirecting = (to: string, status = 307): string =>
    at(`/redirect?status=${status}&to=${encodeURIComponent(to)}`);
  const http = (resolve?: Resolve) => new NodeOutboundHttp(RULES, resolve, PATIENCE);
  const post = (url: string, by = http()) => by.post({ url, ...json }, never());
  const fault = (url: string, by = http()): Promise<unknown> => post(url, by).catch((error: unknown) => error);

  it.each([301, 302, 307, 308])('follows a redirect by %i with the same POST', async (status) => {
    expect(await post(redirecting(at('/answer?status=200'), status))).toMatchObject({ status: 200 });
    expect(reached.map(({ method, body }) => [method, body])).toEqual(Array(2).fill(['POST', json.body]));
  });

  it('takes 303, and a redirect to nowhere, for the answer', async () => {
    expect(await post(redirecting(at('/answer?status=200'), 303))).toMatchObject({ status: 303 });
    expect(await post(at('/answer?status=302'))).toMatchObject({ status: 302 });
    expect(reached).toHaveLength(2);
  });

  it('follows a redirect of a GET by 303, as by any other', async () => {
    const get = (url: string) => http().get({ url, headers: {} }, never());
    expect(await get(redirecting(at('/answer?status=200&body=3'), 303))).toMatchObject({ status: 200, body: '3' });
    expect(reached.map(({ method, body }) => [method, body])).toEqual(Array(2).fill(['GET', '']));
  });

  it('follows three redirects, and no fourth', async () => {
    const chain = (length: number): string =>
      length === 0 ? at('/answer?status=200') : redirecting(chain(length - 1));
    expect(await post(chain(3))).toMatchObject({ status: 200 });
    expect(await fault(chain(4))).toMatchObject({
      code: 'unprocessable_entity',
      message: /redirects more than 3 times/,
    });
  });

  it.each([
    ['another address of the own machine', () => at('/', '127.0.0.2')],
    ['the same in decimal', () => at('/', '2130706434')],
    ['the same, mapped', () => at('/', '[::ffff:127.0.0.2]')],
    ['localhost', () => at('/', 'localhost')],
    ['the metadata of a cloud', () => 'http://169.254.169.254/latest/meta-data/'],
    ['a file', () => 'file:///etc/passwd'],
    ['an address with a password', () => `http://user:word@127.0.0.1:${port}/`],
    ['the port of another protocol', () => 'http://example.com:6000/'.replace('6000', '25')],
  ])('does not follow a redirect to %s', async (_what, to) => {
    expect(await fault(redirecting(to()))).toMatchObject({ code: 'unprocessable_entity' });
    expect(reached).toHaveLength(1);
  });

  it('judges what a name leads to, whatever the name', async () => {
    const resolve: Resolve = async () => [{ address: '127.0.0.2', family: 4 }];
    expect(await fault(at('/', 'harmless.example'), http(resolve))).toMatchObject({
      code: 'unprocessable_entity',
      message: /harmless\.example leads to an address that is not public/,
    });
    expect(reached).toEqual([]);
  });

  it.each([
    ['first', ['127.0.0.1', '127.0.0.2']],
    ['last', ['127.0.0.2', '127.0.0.1']],
  ])('refuses a name of which one address is not allowed, the allowed one %s', async (_which, addresses) => {
    const resolve: Resolve = async () => addresses.map((address) => ({ address, family: 4 }));
    expect(await fault(at('/', 'two.example'), http(resolve))).toMatchObject({ code: 'unprocessable_entity' });
    expect(reached).toEqual([]);
  });

  it('is not fooled by a DNS server that answers something else each time', async () => {
    const dns = await rebindingDns(['127.0.0.1', '127.0.0.2']);
    const resolver = new Resolver();
    resolver.setServers([`127.0.0.1:${dns.port}`]);
    const resolve: Resolve = async (host) => (await resolver.resolve4(host)).map((address) => ({ address, family: 4 }));
    const ends: unknown[] = [];
    for (let time = 0; time < 6; time += 1)
      ends.push(await fault(at('/answer?status=200', 'rebinding.example'), http(resolve)));
    expect(ends.filter((end) => (end as { status?: number }).status === 200)).toHaveLength(3);
    expect(ends.filter((end) => (end as { code?: string }).code === 'unprocessable_entity')).toHaveLength(3);
    expect(dns.asked()).toBe(6);
    expect(new Set(reached.map(({ to }) => to))).toEqual(new Set(['127.0.0.1']));
    await dns.close();
  });

  it('says that a name is not known', async () => {
    const resolve: Resolve = () => Promise.reject(new Error('getaddrinfo ENOTFOUND'));
    expect(await fault(at('/', 'nowhere.example'), http(resolve))).toMatchObject({
      code: 'unavailable',
      message: /ENOTFOUND/,
    });
    expect(
      await fault(
        at('/', 'empty.example'),
        http(async () => []),
      ),
    ).toMatchObject({ code: 'unavailable' });
  });

  it('reads no more than 64 KiB of an answer, however much there is', async () => {
    const { status, body } = await post(at('/endless'));
    expect([status, body.length]).toEqual([200, 64 * 1024]);
  });

  it('gives up on an answer that comes drop by drop', async () => {
    expect(await fault(at('/dripping'))).toMatchObject({ code: 'unavailable', message: /no answer within 0\.5 s/ });
  });

  it('asks no proxy of the environment', async () => {
    const before = process.env['http_proxy'];
    process.env['http_proxy'] = `http://127.0.0.1:${await unusedPort()}`;
    try {
      expect(await post(at('/answer?status=200'))).toMatchObject({ status: 200 });
    } finally {
      if (before === undefined) delete process.env['http_proxy'];
      else process.env['http_proxy'] = before;
    }
  });
});

function behave(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here');
  if (pathname === '/silent') return;
  if (pathname === '/dripping') {
    const drops = setInterval(() => response.write('x'), 50);
    response.on('close', () => clearInterval(drops));
    return;
  }
  if (pathname === '/endless') {
    const pour = (): void => {
      while (!response.destroyed && response.write('x'.repeat(16_384)));
    };
    response.on('drain', pour);
    pour();
    return;
  }
  const location = searchParams.get('to');
  const retry = searchParams.get('retry');
  response.writeHead(Number(searchParams.get('status')), {
    ...(location === null ? {} : { location }),
    ...(retry === null ? {} : { 'retry-after': retry }),
  });
  response.end(searchParams.get('body') ?? '');
}

function beginFake(): OutboundHttpSetUp {
  const http = new FakeOutboundHttp(RULES, PATIENCE);
  http.fateOf = ({ url }): OutboundFate => {
    const { hostname, searchParams } = new URL(url);
    if (hostname === 'silent.test') return 'silence';
    if (hostname === 'refuses.test') return { failure: 'connect ECONNREFUSED' };
    const status = Number(searchParams.get('status'));
    const retry = searchParams.get('retry');
    return {
      status,
      body: status === 204 ? '' : (searchParams.get('body') ?? ''),
      retryAfter: retry === null ? null : Number(retry),
    };
  };
  return {
    http,
    answering: 'http://answers.test/answer',
    refusing: 'http://refuses.test/',
    silent: 'http://silent.test/silent',
    close: async () => undefined,
  };
}

async function beginReal(): Promise<OutboundHttpSetUp> {
  const server = createServer((request, response) => void request.resume().on('end', () => behave(request, response)));
  const base = `http://127.0.0.1:${await listen(server, '127.0.0.1')}`;
  return {
    http: new NodeOutboundHttp(RULES, undefined, PATIENCE),
    answering: `${base}/answer`,
    refusing: `http://127.0.0.1:${await unusedPort()}/`,
    silent: `${base}/silent`,
    close: () => close(server),
  };
}

async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface RebindingDns {
  readonly port: number;
  readonly asked: () => number;
  close(): Promise<void>;
}

/** A DNS server (RFC 1035) that answers one address after the other, for no longer than at once. */
async function rebindingDns(addresses: readonly string[]): Promise<RebindingDns> {
  let asked = 0;
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const address = addresses[asked % addresses.length] ?? '';
    asked += 1;
    socket.send(answerTo(query, address), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    port: socket.address().port,
    asked: () => asked,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** The question again, with one record of class IN and type A that may be kept for 0 seconds. */
function answerTo(query: Buffer, address: string): Buffer {
  const name = query.indexOf(0, 12) + 1;
  const question = query.subarray(12, name + 4);
  const header = Buffer.concat([query.subarray(0, 2), Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0])]);
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([header, question, record]);
}

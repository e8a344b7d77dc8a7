import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { NodeHttpProbe } from '../../src/adapters/http-probe/node-http-probe.js';
import type { ProbeTarget } from '../../src/ports/http-probe.js';
import { FakeHttpProbe, type ProbeFate } from '../fakes/fake-http-probe.js';
import { unusedPort } from './cluster.js';
import { httpProbeContract, type HttpProbeSetUp } from './http-probe.contract.js';

httpProbeContract('in memory', async () => beginFake());
httpProbeContract('of Node', async () => (await beginReal()).setUp);

it('asks each time on a connection of its own', async () => {
  const { setUp, connections } = await beginReal();
  for (const _time of [1, 2, 3])
    await setUp.probe.get({ url: setUp.answering(200), host: null }, 5_000, new AbortController().signal);
  expect(connections()).toBe(3);
  await setUp.close();
});

function beginFake(): HttpProbeSetUp {
  const probe = new FakeHttpProbe();
  probe.fateOf = ({ url, host }: ProbeTarget): ProbeFate => {
    const { hostname, searchParams } = new URL(url);
    if (hostname === 'silent.test') return 'silence';
    if (hostname !== 'answers.test') return { failure: 'connect ECONNREFUSED' };
    const only = searchParams.get('only');
    return { status: only === null || only === host ? Number(searchParams.get('status')) : 404, milliseconds: 1 };
  };
  return {
    probe,
    answering: (status, only) => answering('http://answers.test', status, only),
    refusing: 'http://refuses.test/',
    silent: 'http://silent.test/',
    breaking: 'http://breaks.test/',
    close: async () => undefined,
  };
}

async function beginReal(): Promise<{ setUp: HttpProbeSetUp; connections: () => number }> {
  let connections = 0;
  const server = createServer(answer);
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const setUp = {
    probe: new NodeHttpProbe(),
    answering: (status: number, only?: string) => answering(base, status, only),
    refusing: `http://127.0.0.1:${await unusedPort()}/`,
    silent: `${base}/silent`,
    breaking: `${base}/breaking`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return { setUp, connections: () => connections };
}

function answering(base: string, status: number, only: string | undefined): string {
  return `${base}/?status=${status}${only === undefined ? '' : `&only=${only}`}`;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://here');
  if (pathname === '/silent') return;
  if (pathname === '/breaking') {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.socket?.destroy());
    return;
  }
  const only = searchParams.get('only');
  const status = only === null || only === request.headers.host ? Number(searchParams.get('status')) : 404;
  response.writeHead(status, { location: '/silent' });
  response.end();
}

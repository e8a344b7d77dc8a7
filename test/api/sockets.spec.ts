import { once } from 'node:events';
import { connect } from 'node:net';
import { Controller, Get, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DomainError } from '../../src/domain/kernel/errors.js';
import { everywhere, Needs, somewhere } from '../../src/http/auth/needs.decorator.js';
import type { HttpRequest } from '../../src/http/http-request.js';
import { LiveSockets } from '../../src/http/sockets/live-sockets.js';
import { stopGracefully } from '../../src/http/stop-gracefully.js';
import { presentCaller } from '../../src/store/present-caller.js';
import { TestApi, TOKEN } from '../support/api.js';
import { sendRaw } from '../support/raw-request.js';

@Controller('test_sockets')
class SocketsController {
  constructor(private readonly sockets: LiveSockets) {}

  /** Says again what it is told, and by whom. */
  @Get('echo')
  @Needs('read', somewhere)
  echoToSocket(@Req() request: HttpRequest, @Res() response: Response): void {
    const socket = this.sockets.accept({ request, response }, { protocol: 'test.echo.v1' });
    socket.receive(async (frame) => {
      if (frame === 'fail') throw new DomainError('conflict', 'That is not said here.');
      await socket.send(Buffer.isBuffer(frame) ? frame : { said: frame, by: presentCaller()?.name });
    });
  }

  @Get('refused')
  @Needs('read', somewhere)
  refuseSocket(): void {
    throw new DomainError('conflict', 'Not now.');
  }

  @Get('admins')
  @Needs('admin', everywhere)
  openForAdmins(@Req() request: HttpRequest, @Res() response: Response): void {
    this.sockets.accept({ request, response });
  }
}

describe('WebSockets', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await TestApi.start({ controllers: [SocketsController], environment: { SOCKETS_PER_CALLER: '3' } });
  });
  afterAll(() => api?.stop());

  const open = (
    path: string,
    headers: Record<string, string> = bearer(TOKEN),
    protocols = ['test.echo.v1'],
  ): WebSocket => new WebSocket(`${api.url.replace('http', 'ws')}${path}`, protocols, { headers });

  /** Status and problem of a refused handshake. */
  async function refusal(socket: WebSocket): Promise<{ status: number; code: unknown; type: string | undefined }> {
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, import('node:http').IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    const { error } = JSON.parse(Buffer.concat(parts).toString()) as { error: { code: string } };
    return { status: response.statusCode ?? 0, code: error.code, type: response.headers['content-type'] };
  }

  async function closed(socket: WebSocket): Promise<{ code: number; reason: string }> {
    const [code, reason] = (await once(socket, 'close')) as [number, Buffer];
    return { code, reason: reason.toString() };
  }

  it('carries texts and bytes in order, on behalf of who opened it', async () => {
    const socket = open('/test_sockets/echo');
    const got: unknown[] = [];
    socket.on('message', (data: Buffer, isBinary) => got.push(isBinary ? data : JSON.parse(data.toString())));
    await once(socket, 'open');
    expect(socket.protocol).toBe('test.echo.v1');
    for (const word of ['one', Buffer.from([0, 255]), 'two']) socket.send(word);
    await expect.poll(() => got, { timeout: 10_000 }).toHaveLength(3);
    expect(got).toEqual([{ said: 'one', by: 'bootstrap' }, Buffer.from([0, 255]), { said: 'two', by: 'bootstrap' }]);
    socket.close();
    await closed(socket);
  });

  it('takes the token of the query too, and writes one line for the request without it', async () => {
    const socket = open(`/test_sockets/echo?github_access_token=${TOKEN}`, {});
    await once(socket, 'open');
    socket.close();
    await closed(socket);
    const lines = api.world.log.filter((line) => line.includes('GET /test_sockets/echo 101'));
    expect(lines.length).toBeGreaterThan(0);
    expect(api.world.log.join('')).not.toContain(TOKEN);
  });

  it('tells what a handler throws as a problem, and closes', async () => {
    const socket = open('/test_sockets/echo');
    await once(socket, 'open');
    socket.send('fail');
    const [data] = (await once(socket, 'message')) as [Buffer];
    expect(JSON.parse(data.toString())).toMatchObject({
      type: 'problem',
      status: 409,
      detail: 'That is not said here.',
    });
    expect(await closed(socket)).toEqual({ code: 1008, reason: 'conflict' });
  });

  it.each([
    { case: 'without a token', path: '/test_sockets/echo', headers: {}, status: 401, code: 'not_authenticated' },
    { case: 'by its handler', path: '/test_sockets/refused', headers: undefined, status: 409, code: 'conflict' },
    {
      case: 'where there is nothing',
      path: '/test_sockets/nothing',
      headers: undefined,
      status: 404,
      code: 'not_found',
    },
  ])('is refused as any request $case', async ({ path, headers, status, code }) => {
    const socket = open(path, headers);
    expect(await refusal(socket)).toEqual({
      status,
      code,
      type: expect.stringMatching(/^application\/problem\+json/) as string,
    });
  });

  it('is refused to whom the right is missing', async () => {
    const made = await api.client.post('/tokens', { name: 'watcher', verbs: ['read'], apps: '*', environments: '*' });
    const { token } = made.body.data as unknown as { token: string };
    expect(await refusal(open('/test_sockets/admins', bearer(token), []))).toMatchObject({ status: 403 });
  });

  it('is refused where another protocol is offered', async () => {
    const socket = open('/test_sockets/echo', undefined, ['other.v1']);
    expect(await refusal(socket)).toMatchObject({ status: 400, code: 'bad_request' });
  });

  it('says to a plain request that it is a WebSocket', async () => {
    const answer = await api.client.get('/test_sockets/echo');
    expect(answer.status).toBe(426);
    expect(answer.body.detail).toContain('connect with ws:// or wss:// and the subprotocol test.echo.v1');
  });

  it('answers a request that would rather speak something else as if it had not said so', async () => {
    const body = JSON.stringify({ name: 'upgrading' });
    const answer = await sendRaw(api.url, {
      method: 'POST',
      target: '/environments',
      headers: {
        ...bearer(TOKEN),
        Connection: 'Upgrade, HTTP2-Settings',
        Upgrade: 'h2c',
        'HTTP2-Settings': 'AAMAAABkAAQCAAAAAAIAAAAA',
        'Content-Type': 'application/json',
        'Content-Length': String(body.length),
      },
      body,
    });
    expect(answer.status).toBe(201);
  });

  it('refuses a broken handshake in words', async () => {
    const headers = { ...bearer(TOKEN), Connection: 'Upgrade', Upgrade: 'websocket' };
    const answer = await sendRaw(api.url, { method: 'GET', target: '/test_sockets/echo', headers });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Sec-WebSocket-Key');
  });

  it('lets one caller have so many open, and another when one of them is closed', async () => {
    const sockets = [1, 2, 3].map(() => open('/test_sockets/echo'));
    await Promise.all(sockets.map((socket) => once(socket, 'open')));
    expect(await refusal(open('/test_sockets/echo'))).toMatchObject({ status: 429, code: 'rate_limited' });
    for (const socket of sockets) socket.close();
    await Promise.all(sockets.map(closed));
    const again = open('/test_sockets/echo');
    await once(again, 'open');
    again.close();
    await closed(again);
  });

  it('ends for a message that is too large', async () => {
    const socket = open('/test_sockets/echo');
    await once(socket, 'open');
    socket.send(Buffer.alloc(257 * 1024));
    expect(await closed(socket)).toMatchObject({ code: 1009 });
  });

  it('outlives a client that leaves in the middle of the handshake', async () => {
    const { port } = new URL(api.url);
    const raw = connect(Number(port), '127.0.0.1');
    await once(raw, 'connect');
    raw.write('GET /test_sockets/echo HTTP/1.1\r\nHost: jockey\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    raw.resetAndDestroy();
    expect((await api.client.get('/healthz')).status).toBe(200);
  });

  it('says good-bye when Jockey stops', async () => {
    const other = await TestApi.start({ controllers: [SocketsController] });
    const url = `${other.url.replace('http', 'ws')}/test_sockets/echo`;
    const socket = new WebSocket(url, ['test.echo.v1'], { headers: bearer(TOKEN) });
    await once(socket, 'open');
    const end = closed(socket);
    await stopGracefully(other.app, 5_000);
    expect(await end).toMatchObject({ code: 1001 });
    await other.stop();
  });
});

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

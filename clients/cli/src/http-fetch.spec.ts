import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { httpFetch } from './http-fetch.js';

const open: TcpServer[] = [];

async function listening<T extends TcpServer>(server: T): Promise<string> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const served = (listener: RequestListener): Promise<string> => listening(createServer(listener));

const asked = (url: string, init?: RequestInit): Promise<Response> => httpFetch(new Request(url, init), null);

describe(httpFetch, () => {
  afterEach(async () => {
    for (const server of open.splice(0)) {
      (server as Partial<Server>).closeAllConnections?.();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('gives back the status, all headers and the body', async () => {
    const url = await served((_request, response) => {
      response.writeHead(201, 'Made', [
        ['set-cookie', 'a=1'],
        ['set-cookie', 'b=2'],
        ['x-name', 'wörker'],
      ]);
      response.end('{"data":[]}');
    });
    const response = await asked(url);
    expect([response.status, response.statusText, response.headers.getSetCookie()]).toEqual([
      201,
      'Made',
      ['a=1', 'b=2'],
    ]);
    expect(await response.json()).toEqual({ data: [] });
  });

  it('sends the method, the headers and the body with its length', async () => {
    const seen: { request: IncomingMessage; body: string }[] = [];
    const url = await served((request, response) => {
      void text(request).then((body) => {
        seen.push({ request, body });
        response.end();
      });
    });
    await asked(url, { method: 'PUT', body: '{"name":"wörker"}', headers: { 'x-asks': 'somebody' } });
    await asked(url, { method: 'POST', body: new URLSearchParams({ a: 'b c' }) });
    await asked(url, { method: 'DELETE' });
    expect(seen.map(({ request: { method, headers }, body }) => [method, headers['content-length'], body])).toEqual([
      ['PUT', '18', '{"name":"wörker"}'],
      ['POST', '5', 'a=b+c'],
      ['DELETE', undefined, ''],
    ]);
    expect(seen[0]?.request.headers['x-asks']).toBe('somebody');
    expect(seen[1]?.request.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
  });

  it('follows no redirection, and takes an answer without a body', async () => {
    const moved = await asked(await served((_request, response) => response.writeHead(302, { location: '/' }).end()));
    expect([moved.status, moved.headers.get('location')]).toEqual([302, '/']);
    const none = await asked(await served((_request, response) => response.writeHead(204).end()));
    expect([none.status, none.body]).toEqual([204, null]);
  });

  it('gives back the head before the body has ended', async () => {
    let end = (): void => undefined;
    const url = await served((_request, response) => {
      response.write('one ');
      end = () => void response.end('two');
    });
    const response = await asked(url);
    end();
    expect(await response.text()).toBe('one two');
  });

  it('fails with what the system or the parser says', async () => {
    const closed = createServer();
    const url = await listening(closed);
    await new Promise((resolve) => open.splice(0)[0]?.close(resolve));
    await expect(asked(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const mail = await listening(createTcpServer((socket) => socket.end('220 mail.example.com ready\r\n').resume()));
    await expect(asked(mail)).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
    const mute = await listening(createTcpServer((socket) => socket.destroy()));
    await expect(asked(mute)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('fails on a status that there is not', async () => {
    const odd = 'HTTP/1.1 999 Odd\r\ncontent-length: 0\r\n\r\n';
    const url = await listening(createTcpServer((socket) => socket.end(odd).resume()));
    await expect(asked(url)).rejects.toThrow(RangeError);
  });

  it('fails while the body is read where the connection breaks within', async () => {
    const url = await served((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => response.destroy());
    });
    const response = await asked(url);
    await expect(response.text()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('ends with the reason of the signal, before and while the body comes', async () => {
    const url = await served((request, response) => {
      if (request.url === '/head') response.write('one');
    });
    await expect(httpFetch(new Request(url), AbortSignal.timeout(20))).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect(httpFetch(new Request(url), AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    const leaving = new AbortController();
    const response = await httpFetch(new Request(`${url}head`), leaving.signal);
    leaving.abort(new Error('over'));
    await expect(response.text()).rejects.toThrow();
  });
});

import { describe, expect, it } from 'vitest';
import { JockeyProblem } from '../../../typescript/src/index.js';
import { failed, Fault } from '../errors.js';
import { EXIT } from '../exit-codes.js';
import type { Asked, Server } from '../server.js';
import { followEvents, type Following, type ServerEvent } from './event-reader.js';

/** One connection after the other: what it sends before it ends, or why there is none. */
type Connection = readonly string[] | Error;

const lost = new Fault('Jockey cannot be asked.', EXIT.failed, null, 'no_answer');
const broken = Symbol('a connection that breaks');

function serverOf(connections: (Connection | typeof broken)[]): { server: Server; asked: Asked[] } {
  const asked: Asked[] = [];
  const send = (request: Asked): Promise<Response> => {
    asked.push(request);
    const connection = connections.shift() ?? failed('nobody expects one more connection');
    if (connection instanceof Error) return Promise.reject(connection);
    return Promise.resolve(new Response(connection === broken ? breaking() : Readables.of(connection)));
  };
  const unused = () => Promise.reject(new Error('not asked for'));
  return {
    asked,
    server: { url: 'http://jockey', token: 't', send, data: unused, socket: () => ({ url: '', headers: {} }) },
  };
}

const Readables = {
  of: (texts: readonly string[]) =>
    new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const text of texts) controller.enqueue(new TextEncoder().encode(text));
        controller.close();
      },
    }),
};

const breaking = () => new ReadableStream({ start: (controller) => controller.error(new TypeError('terminated')) });

async function read(server: Server, more: Partial<Following> = {}): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  const signal = more.signal ?? new AbortController().signal;
  for await (const event of followEvents(server, { path: '/deploys/17/logs', pause: 1, ...more, signal }))
    events.push(event);
  return events;
}

const line = (id: number, data = 'x') => `id: ${id}\ndata: ${data}\n\n`;
const END = 'event: end\ndata: {}\n\n';

describe('followEvents', () => {
  it('reads events that come in pieces, until the end', async () => {
    const { server } = serverOf([
      ['retry: 2000\n\nid: 7\nda', 'ta: {"a"', ':1}\n\n: still here\n\n', line(8), END, line(9)],
    ]);
    expect(await read(server)).toEqual([
      { id: '7', event: 'message', data: '{"a":1}' },
      { id: '8', event: 'message', data: 'x' },
    ]);
  });

  it('keeps a letter whole that is cut in two', async () => {
    const bytes = new TextEncoder().encode(`data: grün\n\n${END}`);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { server } = serverOf([]);
    const [event] = await read({ ...server, send: () => Promise.resolve(new Response(body)) });
    expect(event?.data).toBe('grün');
  });

  it('comes again behind the last event that it has seen', async () => {
    const { server, asked } = serverOf([[line(1), line(2)], broken, lost, [line(3), END]]);
    const events = await read(server);
    expect(events.map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect(asked.map(({ headers }) => headers?.['Last-Event-ID'])).toEqual([undefined, '2', '2', '2']);
  });

  it('says that the connection is lost, and that it is back', async () => {
    const said: boolean[] = [];
    const { server } = serverOf([[line(1)], lost, lost, [END]]);
    await read(server, { onConnection: (isThere) => said.push(isThere) });
    expect(said).toEqual([false, true]);
  });

  it('says nothing of a connection that is back at once', async () => {
    const said: boolean[] = [];
    const { server } = serverOf([[line(1)], [line(2), END]]);
    await read(server, { onConnection: (isThere) => said.push(isThere) });
    expect(said).toEqual([]);
  });

  it('does not look for a server that was never there', async () => {
    const { server, asked } = serverOf([lost, [END]]);
    await expect(read(server)).rejects.toBe(lost);
    expect(asked).toHaveLength(1);
  });

  it('looks for one that was there a moment ago', async () => {
    const { server } = serverOf([lost, new JockeyProblem(502, null), [line(1), END]]);
    expect(await read(server, { wasThere: true })).toHaveLength(1);
  });

  it('hands on what the API refuses', async () => {
    const refused = new JockeyProblem(403, null);
    const { server } = serverOf([[line(1)], refused]);
    await expect(read(server)).rejects.toBe(refused);
  });

  it('ends quietly when it is told to', async () => {
    const leaving = new AbortController();
    const { server } = serverOf([[line(1), line(2)]]);
    const seen: string[] = [];
    for await (const { id } of followEvents(server, { path: '/events', pause: 1, signal: leaving.signal })) {
      seen.push(id ?? '');
      leaving.abort();
    }
    expect(seen[0]).toBe('1');
  });
});

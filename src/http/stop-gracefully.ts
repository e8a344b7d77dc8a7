import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { INestApplication } from '@nestjs/common';
import { LiveSockets } from './sockets/live-sockets.js';
import { AnswerHold } from './answer/answer-hold.js';

/**
 * Stops taking connections, gives the requests under way so many milliseconds to end, and then closes everything else.
 * Held answers (`?wait=`) are given at once, and open sockets get a good-bye.
 */
export async function stopGracefully(app: INestApplication, milliseconds: number): Promise<void> {
  const server = app.getHttpServer() as Server;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  keepNothingAlive(server);
  const cut = setTimeout(() => server.closeAllConnections(), milliseconds);
  app.get(AnswerHold).release();
  app.get(LiveSockets).close();
  await closed;
  clearTimeout(cut);
  await app.close();
}

/** How often connections are looked for that rest, in milliseconds. */
const LOOK = 50;

const connections = new WeakMap<Server, Set<Socket>>();

/** Remembers the connections of a server: Node.js does not tell which of them have never asked for anything. */
export function knowConnections(server: Server): void {
  const open = new Set<Socket>();
  connections.set(server, open);
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
}

/**
 * Until the server is closed every connection ends with the request that is under way on it, and none rests any more.
 * Browsers and other clients also open some before they have anything to ask.
 */
export function keepNothingAlive(server: Server): void {
  const end = (): void => {
    server.closeIdleConnections();
    for (const socket of connections.get(server) ?? []) if (socket.bytesRead === 0) socket.destroy();
  };
  const looking = setInterval(end, LOOK).unref();
  server.once('close', () => clearInterval(looking));
  end();
}

import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connection of a request that asks to become a WebSocket, until somebody takes it. */
export interface Upgrade {
  readonly socket: Socket;
  /** What the client sent behind the request already. */
  readonly head: Buffer;
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>();

/** The connection of a request that asks for a WebSocket; undefined of any other. */
export const upgradeOf = (request: IncomingMessage): Upgrade | undefined => upgrades.get(request);

/**
 * Sends requests that ask for a WebSocket the way of all others: the same middlewares, guards and filters know, refuse
 * and count them, and a handler takes the connection at the end of it. What asks for another protocol, as some clients
 * do for HTTP/2 with whatever they send, is answered as if it had not asked: RFC 9110, section 7.8.
 */
export function takeUpgrades(server: Server): void {
  server.on('upgrade', (request: IncomingMessage, duplex: Duplex, head: Buffer) => {
    const socket = duplex as Socket;
    socket.on('error', () => socket.destroy());
    if (asksForWebSocket(request)) answer(server, request, { socket, head });
    else sendBack(server, request, { socket, head });
  });
}

function answer(server: Server, request: IncomingMessage, { socket, head }: Upgrade): void {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  // An answer that was let go of for the socket has nothing to end any more.
  response.once('finish', () => response.socket === socket && socket.end());
  upgrades.set(request, { socket, head });
  server.emit('request', request, response);
}

/** Gives the server what it read, without the wish, as a connection that has only begun. */
function sendBack(server: Server, request: IncomingMessage, { socket, head }: Upgrade): void {
  const { method, url, httpVersion, rawHeaders } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    if (!WISHES.has(rawHeaders[at]?.toLowerCase() ?? '')) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** Headers that say what the connection should become. */
const WISHES = new Set(['upgrade', 'http2-settings']);

/** A GET without a body: nothing else can become a WebSocket. */
function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return method === 'GET' && !hasBody && headers.upgrade?.toLowerCase() === 'websocket';
}

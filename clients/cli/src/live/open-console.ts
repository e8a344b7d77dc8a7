import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { JockeyProblem, type Schemas } from '../../../typescript/src/index.js';
import { networkFault } from '../network-fault.js';
import type { Server } from '../server.js';
import { CONSOLE_PROTOCOL } from './console-frames.js';

/** How long the connection may take to be made, in milliseconds. */
const HANDSHAKE = 30_000;

/** The console at this path; throws what the API refuses it with. Nothing is read before somebody listens. */
export function openConsole(server: Server, path: string): Promise<WebSocket> {
  const { url, headers } = server.socket(path);
  const socket = new WebSocket(url, CONSOLE_PROTOCOL, { headers: { ...headers }, handshakeTimeout: HANDSHAKE });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.pause();
      resolve(socket);
    });
    socket.on('error', (error) => reject(networkFault(server.url, error)));
    socket.on('unexpected-response', (_request, response) => {
      void problemOf(response).then(reject, reject);
    });
  });
}

async function problemOf(response: IncomingMessage): Promise<JockeyProblem> {
  const body: unknown = await text(response)
    .then((said) => JSON.parse(said) as unknown)
    .catch(() => null);
  const isProblem = typeof body === 'object' && body !== null && 'detail' in body && 'error' in body;
  return new JockeyProblem(response.statusCode ?? 0, isProblem ? (body as Schemas['Problem']) : null);
}

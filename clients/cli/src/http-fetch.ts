import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** How long a connection may take to be there, in milliseconds: what `fetch` of Node allows. */
const CONNECT_TIMEOUT = 10_000;

/** A connection on which nothing is heard for so long is dead, in milliseconds: what `fetch` of Node allows. */
const SILENCE_TIMEOUT = 300_000;

/** Statuses whose answers have no body, not even an empty one. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * As `fetch`, and follows no redirection. It parses HTTP by Node's own parser: that of `fetch` is WebAssembly, which a
 * short-lived program waits for longer than for all the rest (`bench:cli`). Rejects with what the system, TLS or the
 * parser says, with its `code`; with the signal's reason where that ends it.
 */
export async function httpFetch(request: Request, signal: AbortSignal | null): Promise<Response> {
  const url = new URL(request.url);
  const { request: begin } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const body = request.body === null ? undefined : Buffer.from(await request.arrayBuffer());
  signal?.throwIfAborted();
  const headers = { ...Object.fromEntries(request.headers), ...(body && { 'content-length': body.byteLength }) };
  const sent = begin(url, { method: request.method, headers, timeout: CONNECT_TIMEOUT, ...(signal && { signal }) });
  return await new Promise((resolve, reject) => {
    sent.on('error', (error) => reject(signal?.aborted === true ? (signal.reason as Error) : error));
    sent.once('response', (incoming) => {
      try {
        resolve(responseOf(incoming));
      } catch (error) {
        reject(error as Error);
        sent.destroy();
      }
    });
    limitSilence(sent);
    sent.end(body);
  });
}

function limitSilence(sent: ClientRequest): void {
  sent.once('socket', (socket) => {
    const connected = () => void socket.setTimeout(SILENCE_TIMEOUT);
    if (socket.connecting) socket.once('connect', connected);
    else connected();
  });
  sent.once('timeout', () => {
    sent.destroy(Object.assign(new Error('nothing is heard'), { code: 'ETIMEDOUT' }));
  });
}

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 0, statusMessage: statusText = '', headersDistinct } = incoming;
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct))
    for (const value of values) headers.append(name, value);
  const isEmpty = WITHOUT_BODY.has(status);
  if (isEmpty) incoming.resume();
  return new Response(isEmpty ? null : (Readable.toWeb(incoming) as ReadableStream), { status, statusText, headers });
}

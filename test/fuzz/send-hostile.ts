import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { FuzzRequest } from './fuzz-request.js';

/** An answer, or why there was none. */
export interface FuzzAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Long beside an answer that is not held. */
const DEADLINE = 20_000;

/** One set of connections, as a client in a hurry has. */
export const agent = new Agent({ keepAlive: true, maxSockets: 16 });

/** Sends a request to the letter, with a token where there is one. A connection that is cut off has the status 0. */
export function sendHostile(
  url: string,
  { method, target, headers, body }: FuzzRequest,
  token: string | null,
): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{ hostname, port, method, path: target, agent },
      headers: {
        ...headers,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body.length > 0 ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
      },
      signal: AbortSignal.timeout(DEADLINE),
    });
    sent.on('error', (error) => resolve({ status: 0, headers: {}, text: String(error) }));
    sent.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      );
    });
    sent.end(body);
  });
}

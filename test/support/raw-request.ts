import { request } from 'node:http';

/** What a client writes, to the letter. */
export interface RawRequest {
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer as the bytes say it. */
export interface RawReply {
  readonly status: number;
  readonly text: string;
}

/** Sends a request without any change by a library: no encoding of the target, no headers of its own but Host. */
export function sendRaw(url: string, raw: RawRequest): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method: raw.method, path: raw.target, headers: raw.headers, agent: false });
    sent.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    sent.end(raw.body ?? '');
  });
}

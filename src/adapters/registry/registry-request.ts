import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { rootCertificates } from 'node:tls';
import { Transform, type TransformCallback } from 'node:stream';

/** Longest answer that is taken, in bytes: the distribution specification lets registries refuse manifests above 4 MiB. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

/** The longest that one question may take, in milliseconds. */
const PATIENCE = 20_000;

/** What is asked. */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What was answered, whatever the status. */
export interface RegistryAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** Asks over HTTP or HTTPS; `authority` are certificates in PEM that are trusted besides the public ones. Follows no redirect. */
export async function askOverHttp(asked: RegistryRequest, authority: string | undefined): Promise<RegistryAnswer> {
  const answer = await send(asked, authority);
  const body = await buffer(answer.pipe(new Limit()));
  return { status: answer.statusCode ?? 0, headers: answer.headers, body };
}

function send({ method, url, headers }: RegistryRequest, authority: string | undefined): Promise<IncomingMessage> {
  const secure = url.startsWith('https:');
  const trust = authority === undefined ? {} : { ca: [...rootCertificates, authority] };
  const options = { method, headers, signal: AbortSignal.timeout(PATIENCE), agent: false as const };
  return new Promise((resolve, reject) => {
    const sent = secure ? secureRequest(url, { ...options, ...trust }) : plainRequest(url, options);
    sent.on('response', resolve).on('error', reject).end();
  });
}

/** Ends a stream that is longer than any honest answer. */
class Limit extends Transform {
  private seen = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.seen += chunk.length;
    if (this.seen > LONGEST_ANSWER) done(new Error(`its answer is longer than ${LONGEST_ANSWER} bytes`));
    else done(null, chunk);
  }
}

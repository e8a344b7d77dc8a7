import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { OutboundGet } from '../../ports/outbound-http.js';

/** So much of an answer is read, in bytes; it is shown to people, who need its first line. */
const LONGEST_ANSWER = 64 * 1024;

/** So long a wait is heard, in seconds: whoever asks for more has it no later. */
const LONGEST_WAIT = 24 * 3_600;

/** What is sent: a POST of a body, or a GET without one. */
export interface OutboundRequest extends OutboundGet {
  /** Null for a GET. */
  readonly body: string | null;
}

/** An answer, with where it leads. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: number | null;
  /** As it stands in the answer. */
  readonly location: string | null;
}

/** Sends one request on a connection of its own. Its caller has judged an address without a name; `lookup` judges names. */
export function sendOnce(
  { url, headers, body }: OutboundRequest,
  lookup: LookupFunction,
  signal: AbortSignal,
): Promise<RawAnswer> {
  const address = new URL(url);
  const request = address.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const question = request(
      address,
      { method: methodOf(body), agent: false, lookup, signal, headers: { ...headers, 'accept-encoding': 'identity' } },
      (answer) => void read(answer).then(resolve, reject),
    );
    question.on('error', reject);
    question.end(body ?? undefined);
  });
}

const methodOf = (body: string | null): string => (body === null ? 'GET' : 'POST');

async function read(answer: IncomingMessage): Promise<RawAnswer> {
  return {
    status: answer.statusCode ?? 0,
    location: answer.headers.location ?? null,
    retryAfter: secondsOf(answer.headers['retry-after']),
    body: (await beginningOf(answer)).toString('utf8'),
  };
}

/** Leaving the loop ends the connection: nobody has to send the rest. */
async function beginningOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= LONGEST_ANSWER) break;
  }
  return Buffer.concat(chunks).subarray(0, LONGEST_ANSWER);
}

/** Seconds, or a date (RFC 9110 section 10.2.3). */
function secondsOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  const seconds = /^\d{1,9}$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, Math.ceil(seconds)), LONGEST_WAIT) : null;
}

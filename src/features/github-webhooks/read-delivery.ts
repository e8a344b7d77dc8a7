import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { DomainError } from '../../domain/kernel/errors.js';
import { DEEPEST, nestsDeeper } from '../../http/input/json-depth.js';

/** A delivery that is signed as it should be, read. */
export interface Delivery {
  readonly guid: string;
  readonly event: string;
  readonly payload: object;
  /** The bytes as they came, their number and digest. */
  readonly body: Buffer;
  readonly digest: string;
  /** What is kept of the headers: what tells how the bytes are read, and where they came from. */
  readonly headers: Readonly<Record<string, string>>;
}

/** `X-GitHub-Delivery`: a GUID, but nothing hangs on its shape. */
const GUID = /^[A-Za-z0-9_.:-]{1,100}$/;

/** `X-GitHub-Event`: https://docs.github.com/en/webhooks/webhook-events-and-payloads. */
const EVENT = /^[a-z0-9_]{1,60}$/;

/** Headers that are kept; the signature is none of them. */
const KEPT = [
  'content-type',
  'user-agent',
  'x-github-event',
  'x-github-delivery',
  'x-github-hook-id',
  'x-github-hook-installation-target-type',
  'x-github-hook-installation-target-id',
  'x-github-enterprise-host',
];

/** Longest value of a header that is kept, in characters. */
const LONGEST_HEADER = 200;

/** Reads a delivery. Throws `bad_request` or `unsupported_media_type`, with what is wrong and what should be. */
export function readDelivery(headers: IncomingHttpHeaders, body: Buffer): Delivery {
  return {
    event: named('X-GitHub-Event', EVENT, headers),
    guid: named('X-GitHub-Delivery', GUID, headers),
    payload: payloadOf(headers['content-type'] ?? '', body),
    body,
    digest: createHash('sha256').update(body).digest('hex'),
    headers: Object.fromEntries(
      KEPT.flatMap((name) => {
        const value = headers[name];
        return typeof value === 'string' ? [[name, value.slice(0, LONGEST_HEADER)]] : [];
      }),
    ),
  };
}

function named(name: string, pattern: RegExp, headers: IncomingHttpHeaders): string {
  const value = headers[name.toLowerCase()];
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new DomainError('bad_request', `The header ${name} is missing or is not as GitHub sends it.`);
}

/** GitHub sends JSON, or a form whose field `payload` holds it: the content type of the hook says which. */
function payloadOf(contentType: string, body: Buffer): object {
  const text = decoded(body);
  if (/^application\/json\b/i.test(contentType)) return objectOf(text);
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return objectOf(formPayload(text));
  throw new DomainError(
    'unsupported_media_type',
    'A delivery should be application/json or application/x-www-form-urlencoded; set the content type of the hook.',
  );
}

function decoded(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new DomainError('bad_request', 'The delivery is not UTF-8.');
  }
}

function formPayload(form: string): string {
  const payload = new URLSearchParams(form).get('payload');
  if (payload !== null) return payload;
  throw new DomainError('bad_request', 'The form has no field "payload".');
}

function objectOf(text: string): object {
  if (nestsDeeper(text)) throw new DomainError('bad_request', `The payload nests deeper than ${DEEPEST}.`);
  const payload = parsed(text);
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return payload;
  throw new DomainError('bad_request', 'The payload is not a JSON object.');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new DomainError('bad_request', 'The payload is not JSON: it was cut off, or is something else.');
  }
}

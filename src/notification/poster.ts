import { Inject, Injectable } from '@nestjs/common';
import { arrived, type CarryResult, never, notNow } from '../domain/delivery/carry-result.js';
import { DomainError, sentenceOf } from '../domain/kernel/errors.js';
import { OUTBOUND_HTTP, type OutboundHttp } from '../ports/outbound-http.js';
import { excerptOf } from './answer-excerpt.js';
import { signatureOf } from './signature.js';

/** A message and where it goes. */
export interface Letter {
  readonly url: string;
  /** Signs it; null where it is not signed. */
  readonly secret: string | null;
  /** The kind of the event. */
  readonly event: string;
  /** The same each time this is sent, so that the receiver can know it again. */
  readonly deliveryId: string;
  readonly body: string;
  /** The span of this message, for a receiver that traces too. */
  readonly traceparent?: string | null;
}

/** 410 Gone: whoever answers this wants no more. */
const GONE = 410;

/** Posts JSON to addresses that people gave, and judges the answers. */
@Injectable()
export class Poster {
  constructor(@Inject(OUTBOUND_HTTP) private readonly http: OutboundHttp) {}

  /** What comes back; it rejects with nothing. */
  async post(letter: Letter, signal: AbortSignal): Promise<CarryResult> {
    const { url, body, secret } = letter;
    try {
      const {
        status,
        retryAfter,
        body: answer,
      } = await this.http.post({ url, body, headers: headersOf(letter) }, signal);
      return judged(status, retryAfter, excerptOf(answer, secretsOf(url, secret)));
    } catch (error) {
      const hopeless = error instanceof DomainError && error.code !== 'unavailable';
      return hopeless ? never(sentenceOf(error)) : notNow(sentenceOf(error));
    }
  }
}

function judged(status: number, retryAfter: number | null, answer: string): CarryResult {
  if (status >= 200 && status < 300) return arrived(status, answer);
  const seen = { status, answer, retryAfter };
  if (status === GONE) return never('It answered 410 Gone: it wants no more.', seen);
  return notNow(`It answered ${status}, but should answer 2xx.`, seen);
}

function headersOf({ event, deliveryId, secret, body, traceparent = null }: Letter): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature: Record<string, string> =
    secret === null ? {} : { 'x-jockey-signature-256': signatureOf({ secret, timestamp, body }) };
  return {
    'content-type': 'application/json',
    'user-agent': 'Jockey',
    'x-jockey-event': event,
    'x-jockey-delivery': deliveryId,
    'x-jockey-timestamp': timestamp,
    ...signature,
    ...(traceparent === null ? {} : { traceparent }),
  };
}

/** The whole address, and its path: a webhook of Slack is secret by its path. */
function secretsOf(url: string, secret: string | null): readonly string[] {
  const { pathname, search } = new URL(url);
  const paths = pathname.length > 1 ? [`${pathname}${search}`, pathname] : [];
  return [url, ...paths, secret ?? ''];
}

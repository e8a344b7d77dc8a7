import { createHmac } from 'node:crypto';

/** What is signed, and by what. */
export interface ToBeSigned {
  readonly secret: string;
  /** Seconds since 1970, as text: signed too, so that a copy cannot be sent again much later. */
  readonly timestamp: string;
  readonly body: string;
}

/** `sha256=` and the HMAC of `TIMESTAMP.BODY` in hexadecimal. */
export function signatureOf({ secret, timestamp, body }: ToBeSigned): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

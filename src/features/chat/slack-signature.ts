import { createHmac, timingSafeEqual } from 'node:crypto';

/** Injection token of the signing secret of the Slack app, or null. */
export const SIGNING_SECRET = Symbol('SigningSecret');

/** How old a request may be, in seconds: https://docs.slack.dev/authentication/verifying-requests-from-slack. */
export const OLDEST = 300;

/** What a request of Slack proves itself by. */
export interface SlackProof {
  /** `X-Slack-Signature`. */
  readonly signature: string | undefined;
  /** `X-Slack-Request-Timestamp`, in seconds. */
  readonly timestamp: string | undefined;
  readonly body: Buffer;
}

/** Whether a request was signed with the secret within the last five minutes; `now` in milliseconds. */
export function isFromSlack({ signature, timestamp, body }: SlackProof, secret: string, now: number): boolean {
  if (signature === undefined || timestamp === undefined || !/^[0-9]{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now / 1000 - Number(timestamp)) > OLDEST) return false;
  const expected = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
  const [given, wanted] = [Buffer.from(signature), Buffer.from(expected)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

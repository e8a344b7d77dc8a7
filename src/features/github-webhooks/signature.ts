import { createHmac, timingSafeEqual } from 'node:crypto';

/** The two headers by which GitHub signs; undefined where they are not there. */
export interface Signatures {
  /** `X-Hub-Signature-256`: `sha256=HEX`. */
  readonly sha256: string | undefined;
  /** `X-Hub-Signature`: `sha1=HEX`, all that old hooks send. */
  readonly sha1: string | undefined;
}

/**
 * Whether the bytes are signed with one of the secrets
 * (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries). SHA-1 counts only where nothing
 * was said by SHA-256. All secrets are tried, so that the time tells nothing of which one fits.
 */
export function isSignedBy(secrets: readonly string[], body: Buffer, { sha256, sha1 }: Signatures): boolean {
  const [kind, said] = sha256 === undefined ? (['sha1', sha1] as const) : (['sha256', sha256] as const);
  return secrets.map((secret) => fits(`${kind}=${mac(kind, secret, body)}`, said ?? '')).some(Boolean);
}

const mac = (kind: string, secret: string, body: Buffer): string => createHmac(kind, secret).update(body).digest('hex');

/** The length of a signature is known to everybody; what is in it is compared in constant time. */
function fits(right: string, said: string): boolean {
  const [expected, given] = [Buffer.from(right), Buffer.from(said)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

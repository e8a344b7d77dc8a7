import { createHmac, randomUUID } from 'node:crypto';

/** A webhook to send. */
export interface WebhookToSend {
  readonly url: string;
  /** Null for an unsigned one. */
  readonly secret: string | null;
  readonly event: string;
  /** An object becomes JSON; bytes are sent as they are. */
  readonly payload: unknown;
  /** GitHub's id of the delivery; a new one where none is said. */
  readonly guid?: string;
  /** Both, as GitHub does; `sha1` alone as old hooks of GitHub Enterprise did. */
  readonly signatures?: readonly ('sha256' | 'sha1')[];
  readonly contentType?: 'json' | 'form';
  /** Take the place of GitHub's. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the receiver said. */
export interface WebhookAnswer {
  readonly guid: string;
  readonly status: number;
  readonly text: string;
}

/** How long GitHub waits for an answer, in milliseconds: https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks. */
const GITHUBS_PATIENCE = 10_000;

/** Sends it as GitHub does, signed: https://docs.github.com/en/webhooks/webhook-events-and-payloads#delivery-headers. */
export async function sendWebhook(webhook: WebhookToSend): Promise<WebhookAnswer> {
  const { guid = randomUUID(), headers = {} } = webhook;
  const body = bytesOf(webhook);
  const answer = await fetch(webhook.url, {
    method: 'POST',
    headers: { ...headersOf(webhook, guid), ...signatureOf(webhook, body), ...headers },
    body,
    signal: AbortSignal.timeout(GITHUBS_PATIENCE),
  });
  return { guid, status: answer.status, text: await answer.text() };
}

/** The signatures of a body. */
export function signatureOf({ secret, signatures }: WebhookToSend, body: Uint8Array): Record<string, string> {
  if (secret === null) return {};
  const names = { sha256: 'x-hub-signature-256', sha1: 'x-hub-signature' } as const;
  const signed = (signatures ?? ['sha256', 'sha1']).map((kind) => {
    return [names[kind], `${kind}=${createHmac(kind, secret).update(body).digest('hex')}`];
  });
  return Object.fromEntries(signed) as Record<string, string>;
}

function bytesOf({ payload, contentType }: WebhookToSend): Buffer {
  if (payload instanceof Uint8Array) return Buffer.from(payload);
  const json = JSON.stringify(payload);
  return Buffer.from(contentType === 'form' ? new URLSearchParams({ payload: json }).toString() : json);
}

function headersOf({ event, contentType }: WebhookToSend, guid: string): Record<string, string> {
  return {
    accept: '*/*',
    'content-type': contentType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': '292430182',
    'x-github-hook-installation-target-id': '79929171',
    'x-github-hook-installation-target-type': 'repository',
  };
}

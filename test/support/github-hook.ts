import { randomUUID } from 'node:crypto';
import { sendWebhook, type WebhookToSend } from '../github/webhook-sender.js';
import { type PushFacts, WebhookExamples } from '../github/webhook-examples.js';
import type { ApiClient, ReplyBody } from './api-client.js';

/** An answer to a delivery. */
export interface HookReply {
  readonly status: number;
  readonly guid: string;
  readonly text: string;
  /** What came of it; empty where it is a refusal. */
  readonly data: {
    readonly id?: string;
    readonly accepted?: boolean;
    readonly why?: string;
    readonly build?: string | null;
    readonly deploys?: readonly { environment: string; deploy: string | null; why: string | null }[];
  };
}

/** The hook of one app, as GitHub has it. */
export class GithubHook {
  constructor(
    private readonly url: string,
    readonly app: string,
    readonly secret: string,
  ) {}

  /** Gives an app a hook with a secret that is pasted by hand. */
  static async of(client: ApiClient, app: string): Promise<GithubHook> {
    const made = await client.post(`/apps/${app}/webhook`, { install: false });
    if (made.status !== 201) throw new Error(made.text);
    return new GithubHook(client.url, app, String(made.body.data['secret']));
  }

  /** A push as GitHub describes it. */
  push(facts: Partial<PushFacts> = {}, change: Partial<WebhookToSend> = {}): Promise<HookReply> {
    return this.send('push', pushOf(facts), change);
  }

  /** Any event, signed. */
  async send(event: string, payload: unknown, change: Partial<WebhookToSend> = {}): Promise<HookReply> {
    const url = `${this.url}/github_webhooks/${this.app}`;
    const sent = await sendWebhook({ url, secret: this.secret, event, payload, guid: randomUUID(), ...change });
    const body = JSON.parse(sent.text) as Partial<ReplyBody>;
    return { ...sent, data: (body.data ?? {}) as HookReply['data'] };
  }
}

/** A push to the `main` branch of the sample, where nothing else is said. */
export const pushOf = (facts: Partial<PushFacts> = {}): Record<string, unknown> =>
  WebhookExamples.load().push({ repo: 'jockey/sample', ref: 'refs/heads/main', after: 'a'.repeat(40), ...facts });

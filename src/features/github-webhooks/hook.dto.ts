import { Flag } from '../../http/input/fields.js';
import { WEBHOOK_DELIVERY_EXAMPLE, WebhookDeliveryDto } from './webhook-delivery.dto.js';

/** The hook through which GitHub tells of pushes to an app. */
export class WebhookDto {
  /** Name of the app. */
  app!: string;

  /** The repository on GitHub that it belongs in. */
  repo!: string;

  /** Where GitHub sends deliveries, `Payload URL`; null while `JOCKEY_URL` is not set, then it is the address of Jockey with this path: `/github_webhooks/` and the app's id. */
  url!: string | null;

  /** `Content type` of the hook; a form is understood, too. */
  content_type!: string;

  /** The events that it is to send. */
  events!: string[];

  /** Whether there is a secret, without which all deliveries are refused. */
  has_secret!: boolean;

  /** Whether Jockey installed it on GitHub, and GitHub has the present secret. */
  installed!: boolean;

  /** GitHub's id of it; null where Jockey did not install it. */
  hook_id!: string | null;

  /** When Jockey installed it: ISO 8601, UTC; null where it did not. */
  installed_at!: string | null;

  /** Why it is not installed, in one sentence; null where it is, or where that was not asked for. */
  why_not!: string | null;

  /** What GitHub sent last; null where nothing came yet. */
  last_delivery!: WebhookDeliveryDto | null;

  /** Only in the answer that made it, and only where it has to be pasted into GitHub by hand: the secret. It is never shown again. */
  secret?: string;
}

/** A hook as an answer shows it. */
export const WEBHOOK_EXAMPLE: WebhookDto = {
  app: 'sample',
  repo: 'jockey/sample',
  url: 'https://jockey.example.com/github_webhooks/7',
  content_type: 'application/json',
  events: ['push'],
  has_secret: true,
  installed: true,
  hook_id: '109948940',
  installed_at: '2026-11-21T03:36:00.000Z',
  why_not: null,
  last_delivery: WEBHOOK_DELIVERY_EXAMPLE,
};

/** How a hook is made. */
export class CreateWebhookDto {
  /** Whether Jockey is to install it on GitHub: true where nothing is said. With false, the answer says what to paste there. */
  @Flag({ optional: true, example: true })
  install?: boolean;
}

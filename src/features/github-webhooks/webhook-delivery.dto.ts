import { Reference } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';

/** What became of one push rule. */
export class WebhookDeployDto {
  /** Name of the environment. */
  environment!: string;

  /** Id of the deploy; null where none was written. */
  deploy!: string | null;

  /** Why none was, in one sentence: a hold, or a later push; null where one was. */
  why!: string | null;
}

/** What a delivery led to. */
export class WebhookAnswerDto {
  /** Whether Jockey did what it asks for. */
  accepted!: boolean;

  /** What was done, or why nothing was: one sentence. */
  why!: string;

  /** Id of the build of its commit; null where nothing is built. */
  build!: string | null;

  /** What became of each environment that its branch is deployed to. */
  deploys!: WebhookDeployDto[];
}

/** What GitHub is answered. */
export class ReceivedWebhookDto extends WebhookAnswerDto {
  /** Id of the delivery, as `GET /webhook_deliveries/:id` takes it. */
  id!: string;
}

/** An answer to a push as GitHub shows it. */
export const WEBHOOK_ANSWER_EXAMPLE: WebhookAnswerDto = {
  accepted: true,
  why: 'Commit 678d49f786ba is built and deployed to staging.',
  build: '12',
  deploys: [{ environment: 'staging', deploy: '42', why: null }],
};

/** The same with its id. */
export const RECEIVED_WEBHOOK_EXAMPLE: ReceivedWebhookDto = { id: '5', ...WEBHOOK_ANSWER_EXAMPLE };

/** A delivery by GitHub, signed as it should be. */
export class WebhookDeliveryDto {
  /** Its id. */
  id!: string;

  /** The app that it was sent to. */
  app!: AppDto;

  /** GitHub's own id of it, `X-GitHub-Delivery`. */
  guid!: string;

  /** `push`, `ping`, … */
  event!: string;

  /** Of a push: the branch or tag, `refs/heads/main`; else null. */
  ref!: string | null;

  /** How many bytes its payload has. */
  bytes!: number;

  /** What it led to, as GitHub was answered. */
  answer!: WebhookAnswerDto;

  /** Id of the delivery whose payload was run anew; null for one that GitHub sent. */
  replay_of!: string | null;

  /** When it came: ISO 8601, UTC. */
  created_at!: string;

  /** In the answer to one delivery: the headers that were kept. */
  headers?: Readonly<Record<string, string>>;

  /** In the answer to one delivery: its payload as it came, at most 100,000 characters; null once it was pruned, 30 days later. */
  payload?: string | null;
}

/** A delivery as a list shows it. */
export const WEBHOOK_DELIVERY_EXAMPLE: WebhookDeliveryDto = {
  id: '5',
  app: { ...APP_EXAMPLE, subscribe_to_github_webhook: true },
  guid: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  event: 'push',
  ref: 'refs/heads/main',
  bytes: 7324,
  answer: WEBHOOK_ANSWER_EXAMPLE,
  replay_of: null,
  created_at: '2026-11-21T03:36:00.000Z',
};

/** A delivery as it is shown alone. */
export const FULL_WEBHOOK_DELIVERY_EXAMPLE: WebhookDeliveryDto = {
  ...WEBHOOK_DELIVERY_EXAMPLE,
  headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
  payload: '{"ref":"refs/heads/main","after":"678d49f786ba777441ee9106c1be390048c539ac"}',
};

/** Which deliveries are wanted. */
export class ListWebhookDeliveriesDto extends PageQueryDto {
  /** Only those to this app, by name or id. */
  @Reference('app', { optional: true })
  app?: string;
}

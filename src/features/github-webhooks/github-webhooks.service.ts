import { Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import { ALL } from '../../domain/access/grant.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { HttpRequest } from '../../http/http-request.js';
import type { AppRow, WebhookDeliveryRow } from '../../store/entities/index.js';
import { onBehalfOf } from '../../store/present-caller.js';
import { WebhookDeliveries } from '../../store/repositories/webhook-deliveries.js';
import { type Delivery, readDelivery } from './read-delivery.js';
import type { ReceivedWebhookDto } from './webhook-delivery.dto.js';
import { WebhookEffects } from './webhook-effects.js';
import { refused, WebhookGate } from './webhook-gate.js';

/** Deliveries of GitHub, from the door to the answer. */
@Injectable()
export class GithubWebhooksService {
  constructor(
    private readonly gate: WebhookGate,
    private readonly effects: WebhookEffects,
    private readonly deliveries: WebhookDeliveries,
  ) {}

  /** Nothing of the body is looked at before its signature. */
  async receive(key: string, request: HttpRequest): Promise<ReceivedWebhookDto> {
    const { headers, rawBody: body = Buffer.alloc(0) } = request;
    const app = await this.gate.appOf(key, body, {
      sha256: textOf(headers['x-hub-signature-256']),
      sha1: textOf(headers['x-hub-signature']),
    });
    const caller = callerOf(app);
    await request.provenAs?.(caller);
    const delivery = readDelivery(headers, body);
    const row = await onBehalfOf(caller, () => this.run(app, delivery));
    await this.deliveries.prune();
    return { id: row.id, ...row.answer, deploys: [...row.answer.deploys] };
  }

  /** An app that was deleted a moment ago is like one that never was. */
  private async run(app: AppRow, delivery: Delivery): Promise<WebhookDeliveryRow> {
    try {
      return await this.effects.run({ appId: app.id, delivery, replayOf: null });
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not_found') throw refused();
      throw error;
    }
  }
}

/** The hook of an app may build it, and deploy it where its push rules say. */
const callerOf = ({ id, name }: AppRow): Caller => ({
  kind: 'webhook',
  name: `github:${name}`,
  login: null,
  grants: [{ verbs: ['read', 'build', 'deploy'], apps: [id], environments: ALL }],
});

const textOf = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;

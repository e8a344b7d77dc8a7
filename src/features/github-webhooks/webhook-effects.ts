import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { judgePush } from '../../domain/push/judge-push.js';
import type { Push } from '../../domain/push/push.js';
import { readPush } from '../../domain/push/read-push.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import type { AppRow, WebhookDeliveryRow } from '../../store/entities/index.js';
import { tellOfPush } from '../../store/repositories/tell-of-push.js';
import { lockApp } from '../../store/repositories/lock-app.js';
import {
  deliveredBefore,
  lockWebhooks,
  type NewDelivery,
  sameBytesBefore,
  writeDelivery,
} from '../../store/repositories/webhook-deliveries.js';
import { DeployOrders } from '../deploys/deploy-orders.js';
import { nothing, type Outcome } from './outcome.js';
import { runPush, WHEN_BUSY } from './run-push.js';
import type { Delivery } from './read-delivery.js';

/** A delivery to an app. A replay is one that somebody has run anew: nothing that was done before stands in its way. */
export interface Received {
  readonly appId: string;
  readonly delivery: Delivery;
  /** Id of the delivery that is run anew; null for what GitHub sent. */
  readonly replayOf: string | null;
}

/**
 * Does what a delivery asks for. Its row, the build and the deploys are written in one transaction: what dies in between
 * has done nothing, and GitHub's next try does all of it. The engine is told afterwards, and looks by itself where that
 * is lost.
 */
@Injectable()
export class WebhookEffects {
  constructor(
    private readonly dataSource: DataSource,
    private readonly orders: DeployOrders,
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
  ) {}

  /** The delivery as it was written; a GUID that was here before is not run again. */
  async run(received: Received): Promise<WebhookDeliveryRow> {
    const { row, outcome } = await this.dataSource.transaction((manager) => write(manager, received));
    if (outcome !== null) await this.tell(outcome);
    return row;
  }

  private async tell({ build, written }: Outcome): Promise<void> {
    for (const each of written) await this.orders.announce(each, WHEN_BUSY);
    if (written.length === 0 && build?.state === 'in_progress')
      await this.queue.send({ kind: 'build', buildId: build.id });
  }
}

interface Written {
  readonly row: WebhookDeliveryRow;
  /** Null where it was here before. */
  readonly outcome: Outcome | null;
}

async function write(manager: EntityManager, received: Received): Promise<Written> {
  const { appId, delivery, replayOf } = received;
  await lockWebhooks(manager, appId);
  const before = replayOf === null ? await deliveredBefore(manager, { appId, guid: delivery.guid }) : null;
  if (before !== null) return { row: before, outcome: null };
  const app = await lockApp(manager, appId, 'share');
  const push = delivery.event === 'push' ? readPush(delivery.payload) : null;
  const fresh = newDelivery(received, push);
  if (push !== null) await tellOfPush(manager, fresh, push);
  const outcome = await outcomeOf(manager, { app, delivery: fresh, push });
  return { row: await writeDelivery(manager, fresh, outcome.answer), outcome };
}

function newDelivery({ appId, delivery, replayOf }: Received, push: Push | null): NewDelivery {
  const { guid, event, digest, headers, body } = delivery;
  const pushedAt = push?.pushedAt == null ? null : String(push.pushedAt);
  return { appId, guid, event, digest, headers, body, bytes: body.length, replayOf, ref: push?.ref ?? null, pushedAt };
}

/** What is asked for by one delivery. */
export interface Asked {
  readonly app: AppRow;
  readonly delivery: NewDelivery;
  readonly push: Push | null;
}

async function outcomeOf(manager: EntityManager, { app, delivery, push }: Asked): Promise<Outcome> {
  if (delivery.event === 'ping') return nothing('The hook of Jockey is heard.', true);
  if (delivery.event !== 'push') return nothing(`Jockey does nothing on the event "${delivery.event}".`);
  if (push === null) return nothing('The payload is that of no push: it names no repository or no ref.');
  const judgement = judgePush(push, { name: app.name, repo: app.repo, subscribed: app.subscribeToGithubWebhook });
  if (!judgement.build) return nothing(judgement.why);
  const same = delivery.replayOf === null ? await sameBytesBefore(manager, delivery) : null;
  if (same !== null) return nothing(`The same push came as delivery ${same.guid}, so nothing is done again.`);
  return runPush(manager, { app, delivery, judgement });
}

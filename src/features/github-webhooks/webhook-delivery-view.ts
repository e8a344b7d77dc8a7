import type { AppRow, WebhookDeliveryRow } from '../../store/entities/index.js';
import type { AppsSeen } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import type { WebhookDeliveryDto } from './webhook-delivery.dto.js';

/** A delivery as it stands on the wire. */
export function viewOf(delivery: WebhookDeliveryRow, { apps, stacks }: AppsSeen): WebhookDeliveryDto {
  const { id, appId, guid, event, ref, bytes, answer, replayOf, createdAt } = delivery;
  return {
    ...{ id, app: appViewOf(apps.get(appId) as AppRow, stacks), guid, event, ref, bytes },
    answer: { ...answer, deploys: [...answer.deploys] },
    replay_of: replayOf,
    created_at: createdAt.toISOString(),
  };
}

import { Injectable } from '@nestjs/common';
import { type CarryResult, never } from '../../domain/delivery/carry-result.js';
import { EventStories } from '../../notification/event-stories.js';
import { TargetSender } from '../../notification/target-sender.js';
import { NotificationTargets } from '../../store/repositories/notification-targets.js';
import type { Carrier, Parcel } from './carrier.js';

/** Tells notification targets. The target is as it is now: an address that was mended is used at once. */
@Injectable()
export class WebhookCarrier implements Carrier {
  readonly channel = 'webhook';

  constructor(
    private readonly targets: NotificationTargets,
    private readonly stories: EventStories,
    private readonly sender: TargetSender,
  ) {}

  async carry({ delivery, event }: Parcel, signal: AbortSignal): Promise<CarryResult> {
    const target = delivery.targetId === null ? null : await this.targets.find(delivery.targetId);
    if (target === null) return never('The notification target was removed.');
    if (!target.enabled) return never('The notification target is switched off; redeliver when it is on again.');
    const story = await this.stories.of(event);
    return this.sender.send({ target, story, event: event.kind, deliveryId: delivery.id }, signal);
  }
}

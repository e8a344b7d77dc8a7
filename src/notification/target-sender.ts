import { Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import type { CarryResult } from '../domain/delivery/carry-result.js';
import type { EventStory } from '../domain/event/event-story.js';
import { slackMessageOf } from '../domain/event/slack-message.js';
import type { NotificationTargetRow } from '../store/entities/index.js';
import { NotificationTargets } from '../store/repositories/notification-targets.js';
import { Poster } from './poster.js';

/** What is told to a target. */
export interface Telling {
  readonly target: NotificationTargetRow;
  readonly story: EventStory;
  /** Stands in `X-Jockey-Event`: the kind, or `test`. */
  readonly event: string;
  readonly deliveryId: string;
}

/** Tells targets of events, each as it understands it. */
@Injectable()
export class TargetSender {
  constructor(
    private readonly targets: NotificationTargets,
    private readonly poster: Poster,
    private readonly environment: Environment,
  ) {}

  /** What comes back. Throws where the address cannot be opened. */
  async send({ target, story, event, deliveryId }: Telling, signal: AbortSignal): Promise<CarryResult> {
    const { url, secret } = this.targets.open(target);
    const message =
      target.kind === 'slack' ? slackMessageOf(story, this.environment.JOCKEY_URL ?? null) : genericOf(story, event);
    return this.poster.post({ url, secret, event, deliveryId, body: JSON.stringify(message) }, signal);
  }
}

/** The body of a generic webhook. */
function genericOf({ id, at, app, environment, subject, subjectId, data }: EventStory, event: string): object {
  return { id, event, at: at.toISOString(), app, environment, subject, subject_id: subjectId, data };
}

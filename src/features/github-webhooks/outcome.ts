import type { WebhookAnswer } from '../../domain/push/webhook-answer.js';
import type { BuildRow } from '../../store/entities/index.js';
import type { WrittenDeploy } from '../../store/repositories/write-deploy.js';

/** What came of a delivery, and what the engine is to be told of. */
export interface Outcome {
  readonly answer: WebhookAnswer;
  readonly build: BuildRow | null;
  readonly written: readonly WrittenDeploy[];
}

/** Nothing was written: declined, or accepted where there is nothing to do. */
export const nothing = (why: string, accepted = false): Outcome => ({
  answer: { accepted, why, build: null, deploys: [] },
  build: null,
  written: [],
});

import { Reference, Text } from '../../http/input/fields.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** Longest reason that is taken, in characters: it is shown to everybody whose deploy it keeps out. */
const LONGEST_REASON = 500;

/** Why somebody holds; only what can be read: no line breaks, so that it fits into a sentence. */
export const REASON = {
  max: LONGEST_REASON,
  pattern: /^[^\p{Cc}]*\S[^\p{Cc}]*$/u,
  shape: 'a reason in one line',
  example: 'checkout fails for some customers',
};

/** A hold: it keeps automatic deploys of an app out of an environment until it is released. */
export class HoldDto {
  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** Why. */
  reason!: string;

  /** The release that is held, `v41`, where a rollback set it; else null. */
  release!: string | null;

  /** Since when: ISO 8601, UTC. */
  created_at!: string;
}

/** A hold as an answer shows it. */
export const HOLD_EXAMPLE: HoldDto = {
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  reason: 'rolled back to v41: checkout fails for some customers',
  release: 'v41',
  created_at: '2026-11-21T03:36:00.000Z',
};

/** Where a hold is. */
export class HoldPlaceDto {
  /** The environment, by name or id. */
  @Reference('environment', { example: 'production' })
  environment!: string;
}

/** What is to be held, and why. */
export class CreateHoldDto extends HoldPlaceDto {
  /** Why: it is told to whom the hold keeps out. */
  @Text(REASON)
  reason!: string;
}

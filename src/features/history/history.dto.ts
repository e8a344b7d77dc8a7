import { Reference, WholeNumber } from '../../http/input/fields.js';

/** How far a history may reach back, in days. */
export const MOST_DAYS = 365;

/** How far it does where nothing is said, in days. */
export const DEFAULT_DAYS = 30;

/** How deploys went. */
export class DeployFiguresDto {
  /** Deploys that settled; those that were canceled or superseded are left out, as nobody wanted them any more. */
  settled!: number;

  /** How many of them succeeded. */
  succeeded!: number;

  /** How many failed. What was there before served on. */
  failed!: number;

  /** How many succeeded and were then taken back: the next deploy there that succeeded was a rollback. */
  undone!: number;

  /** The part of the settled ones that failed or were undone, 0 to 1; null where none settled. */
  failure_rate!: number | null;

  /** Seconds from being asked for to being proven, building included: half of those that succeeded took less. */
  seconds_to_deploy_p50!: number | null;

  /** 95 of 100 that succeeded took less. */
  seconds_to_deploy_p95!: number | null;

  /** How often a trouble was ended: by the first success after failures, or by a rollback. */
  restored!: number;

  /** Seconds that a trouble lasted: from the first failure, or from the deploy that was undone, to the success that ended it. Half of them lasted less. */
  seconds_to_restore_p50!: number | null;
}

/** How deploys went on one day. */
export class DayOfDeploysDto extends DeployFiguresDto {
  /** The day, of UTC. */
  day!: string;
}

/** How deploys went over some days. */
export class DeployHistoryDto {
  /** The first day, of UTC. */
  from!: string;

  /** The last day: today. */
  to!: string;

  /** Succeeded deploys a day, on average. */
  deploys_a_day!: number;

  /** All of the days together. */
  total!: DeployFiguresDto;

  /** Each day, oldest first; those without deploys too. */
  days!: DayOfDeploysDto[];
}

const FIGURES_EXAMPLE: DeployFiguresDto = {
  settled: 14,
  succeeded: 13,
  failed: 1,
  undone: 1,
  failure_rate: 0.1429,
  seconds_to_deploy_p50: 31.2,
  seconds_to_deploy_p95: 78.4,
  restored: 2,
  seconds_to_restore_p50: 412,
};

/** A history as an answer shows it. */
export const DEPLOY_HISTORY_EXAMPLE: DeployHistoryDto = {
  from: '2026-11-21',
  to: '2026-11-21',
  deploys_a_day: 13,
  total: FIGURES_EXAMPLE,
  days: [{ day: '2026-11-21', ...FIGURES_EXAMPLE }],
};

/** Which history is wanted. */
export class DeployHistoryQueryDto {
  /** How many days, today included; 30 where nothing is said. */
  @WholeNumber({ min: 1, max: MOST_DAYS, unit: 'days', optional: true, example: DEFAULT_DAYS })
  days?: number;

  /** Only of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only of this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

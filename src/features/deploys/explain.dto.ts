import type { ExplainedState, ExplainedStep } from '../../domain/deploy/explanation.js';

/** A new instance that does not serve yet. */
export class ExplainedInstanceDto {
  /** Name of its container. */
  instance!: string;

  /** Its number among the worker's instances, 1 and up. */
  slot!: number;

  /** Its host. */
  host!: string;

  /** `planned`, `started`, `healthy` (it stands by), `draining`, `failed` or `stopped`. */
  state!: string;

  /** The batch of the rollout that it comes with, 0 and up. */
  wave!: number;

  /** What it waits for, or why it failed. */
  waits_for!: string;
}

/** One station on the way of a deploy. */
export class ExplainedStepDto {
  /**
   * `asked`, `queue`, `build`, `engine`, `placement`, `release_command`, `worker`, `pause`, `revert` or `end`. Stations
   * that do not concern the deploy are left out.
   */
  step!: ExplainedStep;

  /** `done`, `current`, `blocked` (something or somebody else is in the way), `failed` or `waiting` for its turn. */
  state!: ExplainedState;

  /** What is known of it, and where it stands still: the way out. */
  sentence!: string;

  /** Since when: ISO 8601, UTC; null where nothing has begun. */
  since!: string | null;

  /** When it ends by itself: of an engine's lease, or of a pause; null where that is not known. */
  until!: string | null;

  /** Of a worker: its name; else null. */
  worker!: string | null;

  /** Of a worker: its new instances that do not serve yet. */
  instances!: ExplainedInstanceDto[];
}

/** Why a deploy is not where it was asked for. */
export class DeployExplanationDto {
  /** The deploy's id. */
  id!: string;

  /** Its state. */
  state!: string;

  /** Its outcome; null in progress. */
  outcome!: string | null;

  /** What stands in the way, or what it is at, in one sentence. */
  answer!: string;

  /** All stations, in their order. */
  steps!: ExplainedStepDto[];
}

const part = { until: null, worker: null, instances: [] };

/** An explanation as an answer shows it. */
export const EXPLANATION_EXAMPLE: DeployExplanationDto = {
  id: '42',
  state: 'deploying',
  outcome: null,
  answer:
    'Deploy 42 of sample to production is not there yet: web: 0 of 1 new instances are healthy. Of web 1 on h1: it runs ' +
    'since 2026-11-21T03:36:02.000Z and is not healthy: its check says: HTTP GET http://10.0.0.11:27316/: 503; it has ' +
    'until 2026-11-21T03:38:02.000Z.',
  steps: [
    {
      ...part,
      step: 'asked',
      state: 'done',
      sentence: 'A deploy of sample (6e1f0c0a4d5b) to production was asked for at 2026-11-21T03:36:00.000Z.',
      since: '2026-11-21T03:36:00.000Z',
    },
    {
      ...part,
      step: 'worker',
      state: 'current',
      sentence: 'web: 0 of 1 new instances are healthy.',
      since: '2026-11-21T03:36:01.000Z',
      worker: 'web',
      instances: [
        {
          instance: 'sample-production-web-1-d42',
          slot: 1,
          host: 'h1',
          state: 'started',
          wave: 0,
          waits_for:
            'it runs since 2026-11-21T03:36:02.000Z and is not healthy: its check says: HTTP GET ' +
            'http://10.0.0.11:27316/: 503; it has until 2026-11-21T03:38:02.000Z',
        },
      ],
    },
  ],
};

import { getSchemaPath } from '@nestjs/swagger';
import { type Answer, problemAnswer } from '../../http/openapi/describe.decorator.js';
import { ReconcileStepDto } from '../reconciles/reconcile.dto.js';

/** How an environment is. */
export class EnvironmentSanityDto {
  /** What a reconcile would do now; empty when all is as it should be. */
  reconcile_plan!: ReconcileStepDto[];

  /** Ids of deploys that have been in progress for more than an hour. */
  stuck_deploys!: string[];

  /** Ids of reconciles that have been in progress for more than an hour. */
  stuck_reconciles!: string[];

  /**
   * Of each stack that has hosts here, or that an app needs here: whether it has hosts, all of them healthy, and their
   * Docker answers.
   */
  stack_status!: Record<string, boolean>;

  /** `OK` or `NOT OK`. */
  status!: string;

  /** All that is the matter, each in one sentence. */
  problems!: string[];
}

/** An engine that is at work. */
export class WorkingEngineDto {
  /** Its name. */
  holder!: string;

  /** What it works on: `app_environment:APP:ENVIRONMENT` or `build:BUILD`, by id. */
  works_on!: string;

  /** Since when: ISO 8601, UTC. */
  since!: string;

  /** When its lease runs out, if it is not renewed. */
  until!: string;
}

/** How Jockey itself is, whatever the environment. */
export class SanityRestDto {
  /** Ids of builds that have been in progress for more than an hour. */
  stuck_builds!: string[];

  /** Engines that hold a lease now. */
  working_engines!: WorkingEngineDto[];

  /** When an engine was last at work; one that runs looks at everything every minute. Null for never. */
  engine_last_seen!: string | null;
}

/** What is answered: each environment by its name, and the rest. No environment's name has a `_` in it. */
export type SanityDto = SanityRestDto & Record<string, EnvironmentSanityDto | SanityRestDto[keyof SanityRestDto]>;

const EXAMPLE: SanityDto = {
  production: {
    reconcile_plan: [],
    stuck_deploys: [],
    stuck_reconciles: [],
    stack_status: { api: true },
    status: 'OK',
    problems: [],
  },
  stuck_builds: [],
  working_engines: [],
  engine_last_seen: '2026-11-21T03:36:00.000Z',
};

const INSANE: SanityDto = {
  ...EXAMPLE,
  production: {
    reconcile_plan: [],
    stuck_deploys: ['42'],
    stuck_reconciles: [],
    stack_status: { api: true },
    status: 'NOT OK',
    problems: ['Deploy 42 has been in progress for more than an hour.'],
  },
};

const REST = getSchemaPath(SanityRestDto);

/** The document's words for an answer whose keys are the names of environments, beside three that are not. */
const SANITY_SCHEMA = {
  type: 'object',
  required: ['data'],
  properties: {
    data: {
      type: 'object',
      required: ['stuck_builds', 'working_engines', 'engine_last_seen'],
      properties: {
        stuck_builds: { $ref: `${REST}/properties/stuck_builds` },
        working_engines: { $ref: `${REST}/properties/working_engines` },
        engine_last_seen: { $ref: `${REST}/properties/engine_last_seen` },
      },
      additionalProperties: { $ref: getSchemaPath(EnvironmentSanityDto) },
    },
  },
};

/** All is as it should be. */
export const SANITY_ANSWER: Answer = { type: EnvironmentSanityDto, schema: SANITY_SCHEMA, example: { data: EXAMPLE } };

/** Something is not; a fault of Jockey itself is a Problem, as everywhere. */
export const INSANITY_ANSWER = {
  status: 500,
  description: 'Something is not as it should be: the same body. internal_error: A fault of Jockey.',
  content: {
    'application/json': { schema: SANITY_SCHEMA, example: { data: INSANE } },
    ...problemAnswer(['internal_error']).content,
  },
};

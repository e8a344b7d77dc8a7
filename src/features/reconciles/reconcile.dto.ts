import { Flag, OneOf, Reference } from '../../http/input/fields.js';
import { CallbackUrl } from '../../http/input/callback-url.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';

/** One thing that a reconcile does. */
export class ReconcileStepDto {
  /** `start`, `stop` or `restart`. */
  action!: string;

  /** Name of the app. */
  app!: string;

  /** Name of the worker. */
  worker!: string;

  /** Number of the instance among the worker's, 1 and up. */
  slot!: number;

  /** The host; null for one that has no place yet. */
  host!: string | null;

  /** Name of the container; null for one that is not there yet. */
  instance!: string | null;

  /** Why, in one sentence. */
  because!: string;
}

/** A restart that a reconcile carries out: its instances are exchanged for new ones, never all at once. */
export class RestartDto {
  /** Name of the worker; null for all workers of the app. */
  worker!: string | null;

  /** Whether only instances whose check does not pass are restarted. */
  only_unhealthy!: boolean;
}

/** A reconcile: one pass that compares what should run with what does, and mends. */
export class ReconcileDto {
  /** Its id; null of a preview, which is not kept. */
  id!: string | null;

  /** Where. */
  environment!: EnvironmentDto;

  /** What of; null for all apps that have something there. */
  app!: AppDto | null;

  /** `preview`, `in_progress`, `completed` or `failed`. */
  state!: string;

  /** What is done; empty when all is as it should be. */
  plan!: ReconcileStepDto[];

  /** The restart that it carries out; null where it only mends. */
  restart!: RestartDto | null;

  /** Why it failed, in one sentence. */
  failure_reason!: string | null;

  /** Where it is sent when it settles. */
  callback_url!: string | null;

  /** When it was asked for: ISO 8601, UTC. */
  created_at!: string;

  /** When it changed last. */
  updated_at!: string;

  /** When it settled. */
  completed_at!: string | null;
}

/** A reconcile as an answer shows it. */
export const RECONCILE_EXAMPLE: ReconcileDto = {
  id: '5',
  environment: ENVIRONMENT_EXAMPLE,
  app: APP_EXAMPLE,
  state: 'completed',
  plan: [
    {
      action: 'start',
      app: 'sample',
      worker: 'web',
      slot: 3,
      host: null,
      instance: null,
      because: 'web is scaled to 3, and slot 3 is empty',
    },
  ],
  restart: null,
  failure_reason: null,
  callback_url: null,
  created_at: '2026-11-21T03:36:00.000Z',
  updated_at: '2026-11-21T03:36:04.000Z',
  completed_at: '2026-11-21T03:36:04.000Z',
};

/** What a reconcile is asked for with. */
export class CreateReconcileDto {
  /** The environment, by name or id. */
  @Reference('environment')
  environment!: string;

  /** The app, by name or id; all apps where none is named. */
  @Reference('app', { optional: true, nullable: true })
  app?: string | null;

  /** Whether it is begun although a deploy or another reconcile is in progress; it then waits for its turn. */
  @Flag({ optional: true, example: false })
  force?: boolean;

  /** Where the reconcile is sent when it settles. */
  @CallbackUrl()
  callback_url?: string | null;
}

/** What a preview is asked for with. */
export class PreviewReconcileDto {
  /** The environment, by name or id. */
  @Reference('environment')
  environment!: string;

  /** The app, by name or id; all apps where none is named. */
  @Reference('app', { optional: true, nullable: true })
  app?: string | null;
}

/** Which reconciles are wanted. */
export class ListReconcilesDto extends PageQueryDto {
  /** Only those of this environment, by name or id. */
  @Reference('environment', { optional: true })
  environment?: string;

  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true })
  app?: string;

  /** Only those in this state. */
  @OneOf(['in_progress', 'completed', 'failed'], { optional: true, example: 'completed' })
  state?: string;
}

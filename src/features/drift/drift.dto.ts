import { Reference } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { APP_EXAMPLE, AppDto } from '../apps/app.dto.js';
import { ENVIRONMENT_EXAMPLE, EnvironmentDto } from '../environments/environment.dto.js';
import { RECONCILE_EXAMPLE, ReconcileStepDto } from '../reconciles/reconcile.dto.js';

/** An instance that is not as it should be. */
export class DriftedInstanceDto {
  /** Name of its container. */
  instance!: string;

  /** Its host. */
  host!: string;

  /** `planned`, `started`, `healthy`, `draining` or `failed`. */
  state!: string;

  /** What is the matter with it. */
  because!: string;
}

/** Something with the labels of this app and environment that Jockey has not written down. */
export class StrayDto {
  /** The host that it is on. */
  host!: string;

  /** Name of the container, or id of the service in Consul. */
  name!: string;
}

/** A worker whose settings are others than those that were rolled out. */
export class ChangedWorkerDto {
  /** Its name. */
  worker!: string;

  /** `changed`, `added` (the release that runs did not have it), or `removed` since. */
  change!: string;

  /** Names of the settings that differ. */
  fields!: string[];
}

/** Variables that are others than those that the containers have. */
export class ChangedConfigDto {
  /** The version of the Config Set that is deployed, 1 and up; null for none. */
  deployed_version!: number | null;

  /** The newest version. */
  newest_version!: number;

  /** Names of the variables that differ; never their values. */
  variables!: string[];
}

/** What the next deploy brings besides its commit. */
export class NextDeployDto {
  /** Workers with other settings. */
  workers!: ChangedWorkerDto[];

  /** Other variables; null where they are the same. */
  config!: ChangedConfigDto | null;
}

/** How far what is differs from what should be, of an app in an environment. */
export class DriftDto {
  /** The app. */
  app!: AppDto;

  /** The environment. */
  environment!: EnvironmentDto;

  /** Whether all that should run runs, is healthy, and nothing else is there. Changes for the next deploy do not count. */
  in_sync!: boolean;

  /** The deploy that is current; null where there is none. */
  deploy_id!: string | null;

  /** The deploy in progress, which decides while it is; null for none. */
  deploy_in_progress!: string | null;

  /** What a reconcile would do now. */
  steps!: ReconcileStepDto[];

  /** Instances that come or go just now, whose check fails, or whose host is lost. */
  instances!: DriftedInstanceDto[];

  /** What is there and not written down; a reconcile takes it away. */
  strays!: StrayDto[];

  /** Hosts whose Docker does not answer: nothing is known of what is on them. */
  silent_hosts!: string[];

  /** What waits for the next deploy; null where nothing was deployed yet. */
  next_deploy!: NextDeployDto | null;
}

/** A drift as an answer shows it. */
export const DRIFT_EXAMPLE: DriftDto = {
  app: APP_EXAMPLE,
  environment: ENVIRONMENT_EXAMPLE,
  in_sync: false,
  deploy_id: '42',
  deploy_in_progress: null,
  steps: RECONCILE_EXAMPLE.plan,
  instances: [],
  strays: [{ host: 'h2', name: 'sample-production-web-1-d41' }],
  silent_hosts: [],
  next_deploy: {
    workers: [{ worker: 'web', change: 'changed', fields: ['memory_mb'] }],
    config: { deployed_version: 2, newest_version: 3, variables: ['DATABASE_URL'] },
  },
};

/** Of what drift is wanted. */
export class ListDriftDto extends PageQueryDto {
  /** Only of this app, by name or id. */
  @Reference('app', { optional: true })
  app?: string;

  /** Only in this environment, by name or id. */
  @Reference('environment', { optional: true })
  environment?: string;
}

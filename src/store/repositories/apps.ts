import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { buildContradictions } from '../../domain/build/build-setting-faults.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { AppRow, EnvironmentRow } from '../entities/index.js';
import { uniquely } from '../uniquely.js';
import { AppDefaults } from './app-defaults.js';
import { deploysInProgress } from './deploys-in-progress.js';
import { lockApp } from './lock-app.js';
import { namesOf } from './names.js';

/** How deploys of an app go; what is left out keeps its value, or begins with the default of the column. */
export type AppDeploySettings = Partial<Pick<AppRow, 'releaseCommand' | 'releaseTimeoutSeconds' | 'deployQueue'>>;

/** How its images are made; what is left out keeps its value, or begins with the default of the column. */
export type AppBuildSettings = Partial<
  Pick<
    AppRow,
    | 'buildMethod'
    | 'dockerfile'
    | 'buildContext'
    | 'buildTarget'
    | 'buildArgs'
    | 'builderImage'
    | 'buildQueue'
    | 'buildTimeoutMinutes'
  >
>;

/** What an app is made of. */
export type NewApp = Pick<AppRow, 'name' | 'repo' | 'gitUrl' | 'stackId' | 'subscribeToGithubWebhook'> &
  Partial<Pick<AppRow, 'reportToGithub'>> &
  AppDeploySettings &
  AppBuildSettings;

/** A change of one. */
export interface AppChange {
  readonly id: string;
  readonly fields: Partial<NewApp>;
  /** Throws when the version is not the one that the caller has read. */
  readonly require: (version: number) => void;
}

/** A deleted app, and the environments where containers of it still run. */
export interface DeletedApp {
  readonly app: AppRow;
  readonly environmentIds: readonly string[];
}

/** Writes of apps. */
@Injectable()
export class Apps {
  constructor(
    private readonly dataSource: DataSource,
    private readonly defaults: AppDefaults,
  ) {}

  /** Writes an app and what every app begins with, or nothing. */
  async create(app: NewApp): Promise<AppRow> {
    return uniquely(`an app "${app.name}"`, () =>
      this.dataSource.transaction(async (manager) => {
        const { id } = await manager.save(AppRow, app as AppRow);
        const row = await manager.findOneByOrFail(AppRow, { id });
        requireSense(row);
        await this.defaults.create(row, manager);
        return row;
      }),
    );
  }

  /** Changes the fields that are given. A new name waits until nothing runs under the old one. */
  async change({ id, fields, require }: AppChange): Promise<AppRow> {
    return uniquely(`an app "${fields.name}"`, () =>
      this.dataSource.transaction(async (manager) => {
        const app = await lockApp(manager, id, 'update');
        require(app.version);
        if (Object.keys(fields).length === 0) return app;
        if (fields.name !== undefined && fields.name !== app.name) await refuseWhileAlive(manager, app);
        Object.assign(app, fields, { updatedAt: new Date() });
        requireSense(app);
        return manager.save(AppRow, app);
      }),
    );
  }

  /** Deletes an app; its history stays. While a deploy of it is in progress: `resource_locked`. */
  async delete({ id, require }: Omit<AppChange, 'fields'>): Promise<DeletedApp> {
    return this.dataSource.transaction(async (manager) => {
      const app = await lockApp(manager, id, 'update');
      require(app.version);
      await refuseWhileDeploying(manager, app, 'delete');
      await manager.save(AppRow, Object.assign(app, { deletedAt: new Date(), updatedAt: new Date() }));
      return { app, environmentIds: await aliveIn(manager, app.id) };
    });
  }
}

/** Throws `record_invalid`, with every fault, for an app whose settings contradict one another. */
function requireSense(app: AppRow): void {
  const faults = buildContradictions(app);
  if (faults.length === 0) return;
  throw new DomainError('record_invalid', faults.map(({ field, message }) => `${field} ${message}`).join(' '), faults);
}

async function refuseWhileDeploying(manager: EntityManager, app: AppRow, what: string): Promise<void> {
  const [deploy] = await deploysInProgress(manager, { appId: app.id });
  if (deploy === undefined) return;
  const names = await namesOf(manager, EnvironmentRow, [deploy.environmentId]);
  throw new DomainError(
    'resource_locked',
    `Deploy ${deploy.id} of ${app.name} to ${names.get(deploy.environmentId)} is in progress (${deploy.state}) since ${deploy.createdAt.toISOString()}; wait until GET /deploys/${deploy.id} says deployed or failed, then ${what} again.`,
  );
}

/** Containers and services in Consul are named by the app: under a new name the old ones would be lost from sight. */
async function refuseWhileAlive(manager: EntityManager, app: AppRow): Promise<void> {
  await refuseWhileDeploying(manager, app, 'rename');
  const environmentIds = await aliveIn(manager, app.id);
  if (environmentIds.length === 0) return;
  const names = [...(await namesOf(manager, EnvironmentRow, environmentIds)).values()].sort().join(', ');
  throw new DomainError(
    'conflict',
    `${app.name} runs in ${names} under its name; set the scale of its workers to 0 there, then rename it.`,
  );
}

async function aliveIn(manager: EntityManager, appId: string): Promise<string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `SELECT DISTINCT environment_id AS id FROM instances WHERE app_id = $1 AND state <> 'stopped' ORDER BY 1`,
    [appId],
  );
  return rows.map(({ id }) => id);
}

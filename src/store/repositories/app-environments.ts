import { Injectable } from '@nestjs/common';
import type { BuildMethod } from '../../domain/build/build-settings.js';
import { DataSource, type EntityManager, In, IsNull, Not } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import type { Instance } from '../../domain/instance/instance.js';
import type { LastAttempt, WantedWorker } from '../../domain/reconcile/reconcile-snapshot.js';
import {
  AppRow,
  BuildRow,
  ConfigSetRow,
  ConfigVersionRow,
  DeployRow,
  EnvironmentRow,
  InstanceRow,
  ReconcileRow,
  StackRow,
  WorkerRow,
} from '../entities/index.js';
import { specOf } from '../worker-spec.js';
import { instanceOf } from './instances.js';

/** An app in an environment: the unit of work of the engine, and of its leases. */
export interface AppEnvironmentKey {
  readonly appId: string;
  readonly environmentId: string;
}

/** What Postgres says of an app in an environment. */
export interface AppEnvironment {
  readonly key: AppEnvironmentKey;
  readonly app: AppRow;
  readonly stack: string;
  readonly environment: string;
  /** The deploy in progress. */
  readonly rollout: DeployRow | null;
  /** The deploy that is current: the last that succeeded. */
  readonly current: DeployRow | null;
  readonly workers: readonly WantedWorker[];
  /** Those that are not stopped. */
  readonly instances: readonly Instance[];
  readonly lastAttempts: readonly LastAttempt[];
  /** Instances of the deploy in progress that were proven not to work, ended ones too, oldest first. */
  readonly failures: readonly Instance[];
  /** Whether deploys wait for their turn. */
  readonly hasQueued: boolean;
  /** Reconciles asked for through the API, oldest first. */
  readonly reconciles: readonly ReconcileRow[];
}

/** Reads of all that the engine decides from. */
@Injectable()
export class AppEnvironments {
  constructor(private readonly dataSource: DataSource) {}

  /** Everything about one app in one environment; null when either is not there. */
  async read(key: AppEnvironmentKey): Promise<AppEnvironment | null> {
    const manager = this.dataSource.manager;
    const [app, environment] = await Promise.all([
      manager.findOneBy(AppRow, { id: key.appId }),
      manager.findOneBy(EnvironmentRow, { id: key.environmentId }),
    ]);
    if (app === null || environment === null) return null;
    const where = { appId: key.appId, environmentId: key.environmentId };
    const [stack, deploys, workers, rows, reconciles] = await Promise.all([
      manager.findOneByOrFail(StackRow, { id: app.stackId }),
      manager.find(DeployRow, {
        where: { ...where, state: In([...IN_PROGRESS_DEPLOY_STATES, 'deployed']) },
        order: { id: 'ASC' },
      }),
      manager.find(WorkerRow, { where, order: { id: 'ASC' } }),
      manager.find(InstanceRow, { where: { ...where, state: Not('stopped') }, order: { id: 'ASC' } }),
      reconcilesOf(manager, key),
    ]);
    const current = deploys.findLast(({ state }) => state === 'deployed') ?? null;
    const rollout = deploys.find(({ state, queued }) => state !== 'deployed' && !queued) ?? null;
    return {
      key,
      app,
      stack: stack.name,
      environment: environment.name,
      rollout,
      current,
      workers: workers.flatMap((worker) => wantedOf(worker, current)),
      instances: rows.map(instanceOf),
      lastAttempts: current === null ? [] : await this.lastAttempts(current.id),
      failures: rollout?.state === 'deploying' ? await this.failuresOf(rollout.id) : [],
      hasQueued: deploys.some(({ queued }) => queued),
      reconciles,
    };
  }

  /** The image of a deploy, and how it was made. The variables of its containers are not opened for everybody who asks for that. */
  async contentsOf(deployId: string): Promise<{ image: string; sha: string; method: BuildMethod | null }> {
    const manager = this.dataSource.manager;
    const deploy = await manager.findOneByOrFail(DeployRow, { id: deployId });
    const build = await manager.findOneByOrFail(BuildRow, { id: deploy.buildId ?? '0' });
    return { image: build.image ?? '', sha: build.rref, method: build.method };
  }

  /** The newest version of the Config Set; null when there is none. */
  async newestConfigVersionId(key: AppEnvironmentKey): Promise<string | null> {
    const row = await this.dataSource.manager
      .createQueryBuilder(ConfigVersionRow, 'version')
      .innerJoin(
        ConfigSetRow,
        'config_set',
        'config_set.id = version.configSetId AND config_set.version = version.version',
      )
      .where('config_set.appId = :appId AND config_set.environmentId = :environmentId', key)
      .getOne();
    return row?.id ?? null;
  }

  /** Every app in every environment where something runs, should run or is asked for: what a sweep looks at. */
  async all(): Promise<readonly AppEnvironmentKey[]> {
    return this.dataSource.query<AppEnvironmentKey[]>(
      `SELECT app_id AS "appId", environment_id AS "environmentId" FROM instances WHERE state <> 'stopped'
       UNION SELECT app_id, environment_id FROM deploys WHERE state = ANY($1)
       UNION SELECT app_id, environment_id FROM reconciles WHERE state = 'in_progress' AND app_id IS NOT NULL
       UNION SELECT app::bigint, environment_id FROM reconciles, jsonb_array_elements_text(pending) AS app
         WHERE state = 'in_progress' AND app_id IS NULL
       UNION SELECT d.app_id, d.environment_id FROM deploys d JOIN apps ON apps.id = d.app_id
         WHERE d.state = 'deployed' AND apps.deleted_at IS NULL`,
      [IN_PROGRESS_DEPLOY_STATES],
    );
  }

  private async lastAttempts(deployId: string): Promise<LastAttempt[]> {
    const rows = await this.dataSource.query<(Omit<LastAttempt, 'endedAt'> & { endedAt: Date | null })[]>(
      `SELECT DISTINCT ON (worker_id, slot) worker_id AS "workerId", slot, attempt, ended_at AS "endedAt",
         count(*) FILTER (WHERE failure IS NOT NULL AND healthy_at IS NULL AND attempt > last_healthy)
           OVER (PARTITION BY worker_id, slot)::int AS failures
       FROM (SELECT *, max(CASE WHEN healthy_at IS NULL THEN 0 ELSE attempt END)
               OVER (PARTITION BY worker_id, slot) AS last_healthy
             FROM instances WHERE deploy_id = $1) tries
       ORDER BY worker_id, slot, attempt DESC`,
      [deployId],
    );
    return rows.map((row) => ({ ...row, endedAt: row.endedAt?.getTime() ?? null }));
  }

  private async failuresOf(deployId: string): Promise<Instance[]> {
    const where = { deployId, failure: Not(IsNull()) };
    const rows = await this.dataSource.manager.find(InstanceRow, { where, order: { endedAt: 'ASC', id: 'ASC' } });
    return rows.map(instanceOf);
  }
}

/** Those of the app, and those of all apps that wait for it. */
function reconcilesOf(manager: EntityManager, { appId, environmentId }: AppEnvironmentKey): Promise<ReconcileRow[]> {
  return manager
    .createQueryBuilder(ReconcileRow, 'reconcile')
    .where(`reconcile.environment_id = :environmentId AND reconcile.state = 'in_progress'`, { environmentId })
    .andWhere(
      '(reconcile.app_id = :appId OR (reconcile.app_id IS NULL AND jsonb_exists(reconcile.pending, CAST(:appId AS text))))',
      {
        appId,
      },
    )
    .orderBy('reconcile.id')
    .getMany();
}

/**
 * A worker runs as the current deploy froze it, so that scaling never brings in something that was not rolled out. One
 * that was there and was not rolled out (an earlier release did not have it) does not run; one that came later does.
 */
function wantedOf(worker: WorkerRow, current: DeployRow | null): WantedWorker[] {
  const wanted = { workerId: worker.id, scale: worker.scale };
  if (current?.workers == null) return [{ ...wanted, spec: specOf(worker) }];
  const frozen = current.workers.find(({ name }) => name === worker.name);
  if (frozen !== undefined) return [{ ...wanted, spec: frozen }];
  return worker.createdAt > current.createdAt ? [{ ...wanted, spec: specOf(worker) }] : [];
}

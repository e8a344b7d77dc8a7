import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, Not } from 'typeorm';
import { type DeployState, IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import type { WantedRestart } from '../../domain/reconcile/wanted-restart.js';
import { DeployRow, ReconcileRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';
import { lockApp } from './lock-app.js';
import { tellOfReconcile } from './tell.js';

/** Of what a reconcile is. */
export interface ReconcilePlace {
  readonly environmentId: string;
  /** Null for all apps. */
  readonly appId: string | null;
}

/** What a reconcile is asked for with. */
export interface WantedReconcile extends ReconcilePlace {
  readonly callbackUrl: string | null;
  /** Whether it is begun although a deploy or another reconcile is in progress. */
  readonly force: boolean;
  /** What is to be exchanged for new; null where nothing is that works. */
  readonly restart: WantedRestart | null;
}

/** Reconciles that were asked for. */
@Injectable()
export class Reconciles {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<ReconcileRow> {
    const reconcile = await this.dataSource.manager.findOneBy(ReconcileRow, { id: idOrNotFound('reconcile', id) });
    if (reconcile === null) throw notFound('reconcile', id);
    return reconcile;
  }

  /**
   * Writes one. Throws `resource_locked` while a deploy or another reconcile of the same is in progress. A restart that
   * is in progress already is answered instead of a second one: a request may be sent twice.
   */
  async create({ force, ...wanted }: WantedReconcile): Promise<ReconcileRow> {
    const { environmentId, appId } = wanted;
    return this.dataSource.transaction(async (manager) => {
      if (appId !== null) await lockApp(manager, appId, 'share');
      await lockEnvironment(manager, environmentId);
      const same = await sameRestart(manager, wanted);
      if (same !== null) return same;
      if (!force) await refuseWhileBusy(manager, wanted);
      const pending = appId === null ? await this.appsIn(environmentId, manager) : [appId];
      const { id } = await manager.save(ReconcileRow, {
        ...wanted,
        pending,
        ...endOf(pending),
      } as object as ReconcileRow);
      await tellOfReconcile(manager, 'reconcile.started', id);
      if (pending.length === 0) await tellOfReconcile(manager, 'reconcile.completed', id);
      return manager.findOneByOrFail(ReconcileRow, { id });
    });
  }

  /** Ids of the apps that have something in an environment: a current deploy, or instances. */
  async appsIn(environmentId: string, manager: EntityManager = this.dataSource.manager): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT app_id AS id FROM deploys WHERE environment_id = $1 AND state = 'deployed'
         AND EXISTS (SELECT 1 FROM apps WHERE apps.id = app_id AND deleted_at IS NULL)
       UNION SELECT app_id FROM instances WHERE environment_id = $1 AND state <> 'stopped' ORDER BY id`,
      [environmentId],
    );
    return rows.map(({ id }) => id);
  }
}

/** Where no app has anything, there is nothing to wait for. */
function endOf(pending: readonly string[]): Partial<ReconcileRow> {
  return pending.length > 0 ? {} : { state: 'completed', completedAt: new Date() };
}

/** Reconciles of an environment are written one after the other; rows that only refer to it are not held up. */
async function lockEnvironment(manager: EntityManager, id: string): Promise<void> {
  await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR NO KEY UPDATE', [id]);
}

/** The restart in progress that does just what is wanted. */
async function sameRestart(
  manager: EntityManager,
  { environmentId, appId, restart }: Omit<WantedReconcile, 'force'>,
): Promise<ReconcileRow | null> {
  if (restart === null || appId === null) return null;
  const where = { environmentId, appId, state: 'in_progress' as const, restart: Not(IsNull()) };
  const restarts = await manager.find(ReconcileRow, { where, order: { id: 'ASC' } });
  const { workerId, onlyUnhealthy } = restart;
  const isSame = ({ restart: other }: ReconcileRow): boolean =>
    other?.workerId === workerId && other.onlyUnhealthy === onlyUnhealthy;
  return restarts.find(isSame) ?? null;
}

async function refuseWhileBusy(manager: EntityManager, place: ReconcilePlace): Promise<void> {
  const deploy = await deployInTheWay(manager, place);
  const holder = deploy ?? (await reconcileInTheWay(manager, place));
  if (holder === null) return;
  const [noun, path] = deploy === null ? ['Reconcile', 'reconciles'] : ['Deploy', 'deploys'];
  throw new DomainError(
    'resource_locked',
    `${noun} ${holder.id} is in progress here (${holder.state}) since ${holder.createdAt.toISOString()}. ` +
      `Wait until GET /${path}/${holder.id}?wait=60 says that it has settled, or call again with force.`,
  );
}

/** Of the app; of any app, where all are to be reconciled. */
function deployInTheWay(manager: EntityManager, { environmentId, appId }: ReconcilePlace): Promise<DeployRow | null> {
  const state = In<DeployState>([...IN_PROGRESS_DEPLOY_STATES]);
  const app = appId === null ? {} : { appId };
  return manager.findOne(DeployRow, { where: { environmentId, ...app, state }, order: { id: 'ASC' } });
}

/** Of the app or of all apps; of any, where all are to be reconciled. */
function reconcileInTheWay(
  manager: EntityManager,
  { environmentId, appId }: ReconcilePlace,
): Promise<ReconcileRow | null> {
  const running = { environmentId, state: 'in_progress' as const };
  const where =
    appId === null
      ? running
      : [
          { ...running, appId },
          { ...running, appId: IsNull() },
        ];
  return manager.findOne(ReconcileRow, { where, order: { id: 'ASC' } });
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { ReconcileRow } from '../entities/index.js';
import { deploysInProgress } from './deploys-in-progress.js';
import { idOrNotFound } from './directory.js';

/** What a reconcile is asked for with. */
export interface WantedReconcile {
  readonly environmentId: string;
  /** Null for all apps. */
  readonly appId: string | null;
  readonly callbackUrl: string | null;
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

  /** Writes one. Throws `resource_locked` while a deploy or another reconcile of the same is in progress. */
  async create({ environmentId, appId, callbackUrl }: WantedReconcile): Promise<ReconcileRow> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [environmentId]);
      await refuseWhileBusy(manager, { environmentId, appId });
      const pending = appId === null ? await this.appsIn(environmentId, manager) : [appId];
      const { id } = await manager.save(manager.create(ReconcileRow, { environmentId, appId, callbackUrl, pending }));
      return manager.findOneByOrFail(ReconcileRow, { id });
    });
  }

  /** Ids of the apps that have something in an environment: a current deploy, or instances. */
  async appsIn(environmentId: string, manager: EntityManager = this.dataSource.manager): Promise<string[]> {
    const rows = await manager.query<{ id: string }[]>(
      `SELECT app_id AS id FROM deploys WHERE environment_id = $1 AND state = 'deployed'
       UNION SELECT app_id FROM instances WHERE environment_id = $1 AND state <> 'stopped' ORDER BY id`,
      [environmentId],
    );
    return rows.map(({ id }) => id);
  }
}

async function refuseWhileBusy(
  manager: EntityManager,
  { environmentId, appId }: Omit<WantedReconcile, 'callbackUrl'>,
): Promise<void> {
  const app = appId === null ? {} : { appId };
  const [reconcile] = await manager.find(ReconcileRow, {
    where: { environmentId, ...app, state: 'in_progress' },
    order: { id: 'ASC' },
  });
  const [deploy] = appId === null ? [] : await deploysInProgress(manager, { appId, environmentId });
  const holder = deploy === undefined ? reconcile : deploy;
  if (holder === undefined) return;
  const [noun, path] = deploy === undefined ? ['Reconcile', 'reconciles'] : ['Deploy', 'deploys'];
  throw new DomainError(
    'resource_locked',
    `${noun} ${holder.id} is in progress here since ${holder.createdAt.toISOString()}. ` +
      `Wait for it (GET /${path}/${holder.id}?wait=60) and ask again.`,
  );
}

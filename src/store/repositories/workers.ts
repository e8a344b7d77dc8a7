import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import type { InstanceDesire } from '../../domain/instance/instance-lifecycle.js';
import { notFound } from '../../domain/kernel/errors.js';
import { AppRow, DeployRow, InstanceRow, ReconcileRow, WorkerRow } from '../entities/index.js';
import { uniquely } from '../uniquely.js';
import { deploysInProgress } from './deploys-in-progress.js';
import { idOrNotFound } from './directory.js';
import { lockApp } from './lock-app.js';
import { tellOfReconcile } from './tell.js';

/** What may be said of a worker, new or changed. */
export type WorkerFields = Partial<Omit<WorkerRow, 'id' | 'appId' | 'environmentId' | 'createdAt' | 'version'>>;

/** A change of one. */
export interface WorkerChange {
  readonly id: string;
  readonly fields: WorkerFields;
  /** Throws when the worker, as it is stored, is not the one that the caller has read. */
  readonly require: (stored: WorkerRow) => void;
  /** Throws when the worker, as it would be stored, makes no sense. */
  readonly judge: (changed: WorkerRow) => void;
}

/** What a new one is made of. */
export interface NewWorker extends Pick<WorkerChange, 'fields' | 'judge'> {
  readonly place: Place;
}

/** A worker as it was written. */
export interface WrittenWorker {
  readonly worker: WorkerRow;
  /** Whether its scale is another than before, so that the engine has to be told. */
  readonly scaled: boolean;
}

/** An app in an environment. */
export interface Place {
  readonly appId: string;
  readonly environmentId: string;
}

/** Writes of workers. A change of scale writes its reconcile in the same transaction. */
@Injectable()
export class Workers {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id; a worker of a deleted app is gone. */
  async get(id: string): Promise<WorkerRow> {
    const worker = await this.dataSource
      .getRepository(WorkerRow)
      .createQueryBuilder('worker')
      .innerJoin(AppRow, 'app', 'app.id = worker.app_id AND app.deleted_at IS NULL')
      .where('worker.id = :id', { id: idOrNotFound('worker', id) })
      .getOne();
    if (worker === null) throw notFound('worker', id);
    return worker;
  }

  /** All in a place, or those of a name there, oldest first. */
  async in(place: Place, name?: string): Promise<WorkerRow[]> {
    const where = name === undefined ? place : { ...place, name };
    return this.dataSource.manager.find(WorkerRow, { where, order: { id: 'ASC' } });
  }

  /** What should be with each of its living instances, by the name of the container. */
  async desiresOf(workerId: string): Promise<ReadonlyMap<string, InstanceDesire>> {
    const rows = await this.dataSource.manager.findBy(InstanceRow, { workerId, state: Not('stopped') });
    return new Map(rows.map(({ containerName, desired }) => [containerName, desired]));
  }

  /** Whether a deploy of the app stands there. */
  async isDeployed({ appId, environmentId }: Place): Promise<boolean> {
    return this.dataSource.manager.existsBy(DeployRow, { appId, environmentId, state: 'deployed' });
  }

  /** One by its name in its place; null where there is none. */
  async find(place: Place, name: string): Promise<WorkerRow | null> {
    return this.dataSource.manager.findOneBy(WorkerRow, { ...place, name });
  }

  /** Writes a new worker. It is judged with the defaults that the database gives it. */
  async create({ place, fields, judge }: NewWorker): Promise<WrittenWorker> {
    return uniquely(`a worker "${fields.name}" of this app in this environment`, () =>
      this.dataSource.transaction(async (manager) => {
        await lockApp(manager, place.appId, 'share');
        const { id } = await manager.save(WorkerRow, { ...place, ...fields } as WorkerRow);
        const worker = await manager.findOneByOrFail(WorkerRow, { id });
        judge(worker);
        return afterWriting(manager, worker, 0);
      }),
    );
  }

  /** Changes the fields that are given; none given changes nothing. */
  async change({ id, fields, require, judge }: WorkerChange): Promise<WrittenWorker> {
    const { appId } = await this.get(id);
    return this.dataSource.transaction(async (manager) => {
      await lockApp(manager, appId, 'share');
      const worker = await lock(manager, id);
      require(worker);
      const { scale } = worker;
      if (Object.keys(fields).length === 0) return { worker, scaled: false };
      judge(Object.assign(worker, fields, { updatedAt: new Date() }));
      return afterWriting(manager, await manager.save(WorkerRow, worker), scale);
    });
  }

  /** Locks one as part of a transaction; null where its app is gone. */
  async lockedIn(manager: EntityManager, id: string): Promise<WorkerRow | null> {
    const found = await manager.findOneBy(WorkerRow, { id });
    if (found === null || !(await manager.existsBy(AppRow, { id: found.appId, deletedAt: IsNull() }))) return null;
    await lockApp(manager, found.appId, 'share');
    return lock(manager, id);
  }

  /** Sets the scale of one that is locked in a transaction, as a change by anybody does. */
  async scaleIn(manager: EntityManager, worker: WorkerRow, scale: number): Promise<WrittenWorker> {
    const before = worker.scale;
    Object.assign(worker, { scale, updatedAt: new Date() });
    return afterWriting(manager, await manager.save(WorkerRow, worker), before);
  }
}

async function lock(manager: EntityManager, id: string): Promise<WorkerRow> {
  const worker = await manager.findOne(WorkerRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (worker === null) throw notFound('worker', id);
  return worker;
}

async function afterWriting(manager: EntityManager, worker: WorkerRow, scale: number): Promise<WrittenWorker> {
  const scaled = worker.scale !== scale;
  if (scaled) await reconcile(manager, worker);
  return { worker, scaled };
}

/**
 * Asks for a pass over the app in this environment. A deploy in progress brings the new scale by itself, and where
 * nothing was ever deployed there is nothing to start.
 */
async function reconcile(manager: EntityManager, { appId, environmentId }: Place): Promise<void> {
  const place = { appId, environmentId };
  const inProgress = await deploysInProgress(manager, place);
  const current = await manager.existsBy(DeployRow, { ...place, state: 'deployed' });
  if (inProgress.length > 0 || !current) return;
  const { id } = await manager.save(manager.create(ReconcileRow, { ...place, pending: [appId] }));
  await tellOfReconcile(manager, 'reconcile.started', id);
}

import { Injectable } from '@nestjs/common';
import { DataSource, In, IsNull, type EntityManager } from 'typeorm';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { cleanUpLifecycle } from '../../domain/retention/clean-up-lifecycle.js';
import type { Removal } from '../../domain/retention/removal.js';
import { BuildRow, CleanUpRow } from '../entities/index.js';
import { presentCaller } from '../present-caller.js';
import { idOrNotFound } from './directory.js';

/** So many of the removed things are kept by name in the history; all of them are counted. */
export const MOST_NAMED = 1_000;

/** How a clean-up ended. */
export interface CleanUpEnd {
  readonly removed: readonly Removal[];
  readonly logsRemoved: number;
  readonly troubles: readonly string[];
}

/** Clean-ups: asked for, run, remembered. */
@Injectable()
export class CleanUps {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<CleanUpRow> {
    const row = await this.dataSource.manager.findOneBy(CleanUpRow, { id: idOrNotFound('clean-up', id) });
    if (row === null) throw notFound('clean-up', id);
    return row;
  }

  /** Writes that one is wanted. While one is in progress: `conflict`. */
  async ask(): Promise<CleanUpRow> {
    const written = await this.write(() => true, presentCaller()?.name ?? null);
    if (written !== null) return written;
    const [running] = await this.open();
    throw new DomainError('conflict', `Clean-up ${running ?? ''} is in progress; ask again when it has ended.`);
  }

  /**
   * Writes one when the last is so many hours ago and none is in progress; where there was none, when the first build is.
   * Answers its id; null where it is not due.
   */
  async askIfDue(hours: number): Promise<string | null> {
    const written = await this.write(async (manager) => {
      const [due] = await manager.query<{ due: boolean }[]>(
        `SELECT coalesce((SELECT max(created_at) FROM clean_ups), (SELECT min(created_at) FROM builds), now())
           <= now() - $1 * interval '1 hour' AS due`,
        [hours],
      );
      return due?.due === true;
    }, null);
    return written?.id ?? null;
  }

  /** Ids of those in progress, oldest first. */
  async open(): Promise<readonly string[]> {
    const where = { state: In([...cleanUpLifecycle.open]) };
    return (await this.dataSource.manager.find(CleanUpRow, { where, order: { id: 'ASC' } })).map(({ id }) => id);
  }

  /** That an engine began with it; one that a killed engine left is begun again. False where it has ended. */
  async begin(id: string): Promise<boolean> {
    const begun = { state: 'running' as const, startedAt: new Date() };
    const { affected } = await this.dataSource.manager.update(
      CleanUpRow,
      { id, state: In([...cleanUpLifecycle.open]) },
      begun,
    );
    return affected === 1;
  }

  /** Its end. */
  async complete(id: string, { removed, logsRemoved, troubles }: CleanUpEnd): Promise<void> {
    const bytes = removed.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
    const named = { removed: removed.slice(0, MOST_NAMED), removedCount: removed.length, bytes };
    const end = { ...named, logsRemoved, troubles: troubles.slice(0, MOST_NAMED), completedAt: new Date() };
    await this.dataSource.manager.update(CleanUpRow, { id, state: 'running' }, { ...end, state: 'completed' });
  }

  /** That it came to nothing. */
  async fail(id: string, failureReason: string): Promise<void> {
    const end = { state: 'failed' as const, failureReason, completedAt: new Date() };
    await this.dataSource.manager.update(CleanUpRow, { id, state: In([...cleanUpLifecycle.open]) }, end);
  }

  /** That an image is not in the registry any more: its builds count as not there. */
  static async markRemoved(manager: EntityManager, image: string): Promise<void> {
    await manager.update(BuildRow, { image, imageRemovedAt: IsNull() }, { imageRemovedAt: new Date() });
  }

  /** That it is there after all; a build that took the place of one meanwhile keeps it. */
  async unmarkRemoved(image: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE builds it SET image_removed_at = NULL WHERE image = $1 AND state = 'completed' AND NOT EXISTS (
         SELECT 1 FROM builds other WHERE other.app_id = it.app_id AND other.rref = it.rref AND other.id <> it.id
           AND other.state <> 'failed' AND other.image_removed_at IS NULL)`,
      [image],
    );
  }

  private async write(
    isDue: (manager: EntityManager) => Promise<boolean> | boolean,
    requestedBy: string | null,
  ): Promise<CleanUpRow | null> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['clean-ups']);
      if (await manager.existsBy(CleanUpRow, { state: In([...cleanUpLifecycle.open]) })) return null;
      if (!(await isDue(manager))) return null;
      return manager.save(manager.create(CleanUpRow, { requestedBy }));
    });
  }
}

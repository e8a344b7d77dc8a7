import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type FindOptionsWhere, IsNull, Not } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { BuildRow } from '../entities/index.js';
import { presentCaller } from '../present-caller.js';
import { presentTrace } from '../present-trace.js';
import { noteCreated } from '../present-claim.js';
import { idOrNotFound } from './directory.js';
import { tellOfBuild } from './tell.js';

/** What a build is asked for with. */
export type WantedBuild = Pick<BuildRow, 'appId' | 'ref' | 'rref' | 'branch'> & { readonly callbackUrl: string | null };

/** Builds: one of (app, commit) however many ask, but for those that failed. */
@Injectable()
export class Builds {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<BuildRow> {
    const build = await this.dataSource.manager.findOneBy(BuildRow, { id: idOrNotFound('build', id) });
    if (build === null) throw notFound('build', id);
    return build;
  }

  /** Whether the image of this commit is in the registry. */
  async isBuilt(appId: string, rref: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(BuildRow, { appId, rref, state: 'completed', imageRemovedAt: IsNull() });
  }

  /** The one of this commit that is in progress, or completed with its image still there; null for none. */
  async standing(appId: string, rref: string): Promise<BuildRow | null> {
    return this.dataSource.manager.findOneBy(BuildRow, livingOf(appId, rref));
  }

  /** The one of this commit that did not fail, written if there is none. The index decides between many who ask at once. */
  static async findOrCreate(manager: EntityManager, wanted: WantedBuild): Promise<BuildRow> {
    for (;;) {
      const rows = await manager.query<{ id: string }[]>(
        `INSERT INTO builds (app_id, ref, rref, callback_url, branch, requested_by, traceparent)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (app_id, rref) WHERE state <> 'failed' AND image_removed_at IS NULL DO NOTHING RETURNING id`,
        [
          ...[wanted.appId, wanted.ref, wanted.rref, wanted.callbackUrl, wanted.branch],
          ...[presentCaller()?.name ?? null, presentTrace()],
        ],
      );
      const [written] = rows;
      if (written !== undefined) noteCreated(manager.queryRunner, 'builds', written.id);
      if (written !== undefined) await tellOfBuild(manager, 'build.started', written.id);
      const where = written === undefined ? livingOf(wanted.appId, wanted.rref) : { id: written.id };
      const build = await manager.findOne(BuildRow, { where });
      // The one that stood in the way failed between the two questions: then there is room for a new one.
      if (build !== null) return build;
    }
  }
}

const livingOf = (appId: string, rref: string): FindOptionsWhere<BuildRow> => ({
  ...{ appId, rref },
  state: Not<'failed'>('failed'),
  imageRemovedAt: IsNull(),
});

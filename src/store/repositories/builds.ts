import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, Not } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { BuildRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';

/** What a build is asked for with. */
export type WantedBuild = Pick<BuildRow, 'appId' | 'ref' | 'rref'> & { readonly callbackUrl: string | null };

/** A build as it was found or written. */
export interface FoundBuild {
  readonly build: BuildRow;
  /** Whether nobody had asked for it before, so that the engine has to be told. */
  readonly isNew: boolean;
}

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

  /** The one of this commit that did not fail, written if there is none. The index decides between many who ask at once. */
  static async findOrCreate(manager: EntityManager, wanted: WantedBuild): Promise<FoundBuild> {
    for (;;) {
      const rows = await manager.query<{ id: string }[]>(
        `INSERT INTO builds (app_id, ref, rref, callback_url) VALUES ($1, $2, $3, $4)
         ON CONFLICT (app_id, rref) WHERE state <> 'failed' DO NOTHING RETURNING id`,
        [wanted.appId, wanted.ref, wanted.rref, wanted.callbackUrl],
      );
      const isNew = rows.length === 1;
      const where = isNew
        ? { id: rows[0]?.id }
        : { appId: wanted.appId, rref: wanted.rref, state: Not<'failed'>('failed') };
      const build = await manager.findOne(BuildRow, { where });
      // The one that stood in the way failed between the two questions: then there is room for a new one.
      if (build !== null) return { build, isNew };
    }
  }
}

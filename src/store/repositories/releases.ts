import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import type { ReleaseFacts } from '../../domain/release/release-facts.js';
import { ReleaseRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';
import type { DeployPlace } from './lock-deploys.js';

/** Releases: written by the engine when a deploy succeeds, and never changed. */
@Injectable()
export class Releases {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<ReleaseRow> {
    const release = await this.dataSource.manager.findOneBy(ReleaseRow, { id: idOrNotFound('release', id) });
    if (release === null) throw notFound('release', id);
    return release;
  }

  /** One by its number. */
  async numbered({ appId, environmentId }: DeployPlace, number: number): Promise<ReleaseRow | null> {
    return this.dataSource.manager.findOneBy(ReleaseRow, { appId, environmentId, number });
  }
}

/**
 * Every release of an app in an environment, newest first. Two have the same content when the same would run: how it is
 * rolled out and probed makes no difference.
 */
export async function releaseHistory(
  manager: EntityManager,
  { appId, environmentId }: DeployPlace,
): Promise<readonly ReleaseFacts[]> {
  return manager.query<ReleaseFacts[]>(
    `SELECT id, number, kind, from_release_id AS "fromReleaseId", sha, concat_ws(' ', build_id,
       COALESCE(config_version_id, 0), md5((SELECT jsonb_agg(spec - 'policy' - 'probe' ORDER BY spec ->> 'name')
         FROM jsonb_array_elements(workers) spec)::text)) AS content
     FROM releases WHERE app_id = $1 AND environment_id = $2 ORDER BY number DESC`,
    [appId, environmentId],
  );
}

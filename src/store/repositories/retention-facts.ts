import type { EntityManager } from 'typeorm';
import { imageRepository } from '../../domain/build/image-names.js';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import type { ImageNeed, RetainedBuild, RetainedRelease } from '../../domain/retention/retention-snapshot.js';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import type { BuildRow } from '../entities/index.js';

/** What Postgres knows of images and of who needs them. */
export interface RetentionFacts {
  readonly builds: readonly RetainedBuild[];
  readonly releases: readonly RetainedRelease[];
  readonly needs: readonly ImageNeed[];
}

/** Which images: of the registry, and where said of one repository there alone. */
export interface RetentionScope {
  readonly registry: string;
  readonly repository?: string;
}

const PLACE = `JOIN apps app ON app.id = it.app_id JOIN environments environment ON environment.id = it.environment_id`;
const NAMES = `app.name || ' in ' || environment.name`;

/** An app's name as it stands in the names of its images; $1 is null for all apps. */
const OF_APP = `($1::text IS NULL OR lower(app.name) = $1)`;

const BUILDS = `SELECT it.id, app.name AS app, it.rref AS sha, it.state, it.image, it.image_removed_at IS NOT NULL AS removed,
    coalesce(it.completed_at, it.created_at) AS at
  FROM builds it JOIN apps app ON app.id = it.app_id WHERE ${OF_APP}`;

const RELEASES = `SELECT ${NAMES} AS place, it.number, it.image FROM releases it ${PLACE} WHERE ${OF_APP}`;

/** A deploy in progress needs its image, and the one that is current, to which it may be taken back. */
const NEEDS = `
  SELECT build.image, 'deploy ' || it.id || ' of ' || ${NAMES} ||
      CASE it.state WHEN 'deployed' THEN ' is current' ELSE ' is in progress' END AS why
    FROM deploys it ${PLACE} JOIN builds build ON build.id = it.build_id
    WHERE it.state = ANY($2 || ARRAY['deployed']) AND build.image IS NOT NULL AND ${OF_APP}
  UNION SELECT release.image, 'deploy ' || it.id || ' of ' || ${NAMES} || ' is of release v' || release.number
    FROM deploys it ${PLACE} JOIN releases release ON release.id = it.from_release_id
    WHERE it.state = ANY($2) AND ${OF_APP}
  UNION SELECT build.image, 'an instance of ' || ${NAMES} || ' is made of it'
    FROM instances it ${PLACE} JOIN deploys deploy ON deploy.id = it.deploy_id JOIN builds build ON build.id = deploy.build_id
    WHERE it.state <> 'stopped' AND build.image IS NOT NULL AND ${OF_APP}
  UNION SELECT build.image, 'run ' || it.id || ' in ' || ${NAMES} || ' is not over'
    FROM runs it ${PLACE} JOIN deploys deploy ON deploy.id = it.deploy_id JOIN builds build ON build.id = deploy.build_id
    WHERE it.state = ANY($3) AND build.image IS NOT NULL AND ${OF_APP}
  UNION SELECT release.image, ${NAMES} || ' is held at release v' || release.number
    FROM holds it ${PLACE} JOIN releases release ON release.app_id = it.app_id
      AND release.environment_id = it.environment_id AND release.number = it.release_number
    WHERE ${OF_APP}`;

/** Reads what is known of images and of who needs them, of all apps or of those of one repository. */
export async function retentionFacts(manager: EntityManager, scope: RetentionScope): Promise<RetentionFacts> {
  const app = appNameOf(scope);
  const builds = await manager.query<BuildFacts[]>(BUILDS, [app]);
  return {
    builds: builds.map((build) => retained(build, scope.registry)),
    releases: await manager.query<RetainedRelease[]>(RELEASES, [app]),
    needs: await manager.query<ImageNeed[]>(NEEDS, [app, IN_PROGRESS_DEPLOY_STATES, runLifecycle.open]),
  };
}

/**
 * Locks the apps of a repository, deleted ones too, until the transaction ends: no deploy of them is written meanwhile, so
 * that what is read after it stays true.
 */
export async function lockRepository(manager: EntityManager, scope: Required<RetentionScope>): Promise<void> {
  await manager.query('SELECT 1 FROM apps WHERE lower(name) = $1 ORDER BY id FOR UPDATE', [appNameOf(scope)]);
}

interface BuildFacts extends Pick<BuildRow, 'id' | 'state' | 'image'> {
  readonly app: string;
  readonly sha: string;
  readonly removed: boolean;
  readonly at: Date;
}

function retained({ id, app, sha, state, image, removed, at }: BuildFacts, registry: string): RetainedBuild {
  const now = state === 'in_progress' ? 'progress' : state === 'completed' && !removed ? 'completed' : 'gone';
  return { id, repository: imageRepository(registry, app), sha, state: now, image, at: at.getTime() };
}

function appNameOf({ registry, repository }: RetentionScope): string | null {
  return repository === undefined ? null : repository.slice(registry.length + 1);
}

import { type EntityManager, In } from 'typeorm';
import { type BuildRow, ConfigVersionRow, DeployRow, ReleaseRow } from '../entities/index.js';
import type { PlacesSeen } from './places.js';
import { appsOf, buildsOf, environmentsOf } from './views.js';

/** What stands around releases. */
export interface ReleasesSeen extends PlacesSeen {
  readonly builds: ReadonlyMap<string, BuildRow>;
  /** Those that they are from, by id. */
  readonly sources: ReadonlyMap<string, ReleaseRow>;
  /** Numbers of the versions of their Config Sets, by id. */
  readonly configVersions: ReadonlyMap<string, number>;
  /** Ids of the deploys that are current. */
  readonly current: ReadonlySet<string>;
}

/** Reads what stands around releases, in a few queries for all of them. */
export async function aroundReleases(manager: EntityManager, releases: readonly ReleaseRow[]): Promise<ReleasesSeen> {
  const sources = await manager.findBy(ReleaseRow, { id: In(idsOf(releases, ({ fromReleaseId }) => fromReleaseId)) });
  const [apps, environments, builds, versions, current] = await Promise.all([
    appsOf(
      manager,
      idsOf(releases, ({ appId }) => appId),
    ),
    environmentsOf(
      manager,
      idsOf([...releases, ...sources], ({ environmentId }) => environmentId),
    ),
    buildsOf(
      manager,
      idsOf(releases, ({ buildId }) => buildId),
    ),
    manager.find(ConfigVersionRow, {
      select: { id: true, version: true },
      where: { id: In(idsOf(releases, ({ configVersionId }) => configVersionId)) },
    }),
    manager.find(DeployRow, {
      select: { id: true },
      where: { id: In(idsOf(releases, ({ deployId }) => deployId)), state: 'deployed' },
    }),
  ]);
  return {
    ...apps,
    environments,
    builds,
    sources: new Map(sources.map((source) => [source.id, source])),
    configVersions: new Map(versions.map(({ id, version }) => [id, version])),
    current: new Set(current.map(({ id }) => id)),
  };
}

function idsOf(releases: readonly ReleaseRow[], read: (release: ReleaseRow) => string | null): string[] {
  return releases.map(read).filter((id) => id !== null);
}

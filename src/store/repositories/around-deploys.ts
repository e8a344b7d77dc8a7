import { type EntityManager, In } from 'typeorm';
import { type DeployRow, EnvironmentRow, ReleaseRow } from '../entities/index.js';
import { type PlacesSeen } from './places.js';
import { appsOf, buildsOf, environmentsOf } from './views.js';
import type { BuildRow } from '../entities/index.js';

/** What stands around deploys. */
export interface DeploysSeen extends PlacesSeen {
  readonly environments: ReadonlyMap<string, EnvironmentRow>;
  readonly builds: ReadonlyMap<string, BuildRow>;
  /** Numbers of the releases that they made, by the id of the deploy. */
  readonly made: ReadonlyMap<string, number>;
  /** Numbers of the releases that they bring back or promote, by the id of the release. */
  readonly sources: ReadonlyMap<string, number>;
  /** Places of those that wait, 1 and up, by the id of the deploy. */
  readonly positions: ReadonlyMap<string, number>;
}

/** Reads what stands around deploys, in a few queries for all of them. */
export async function aroundDeploys(manager: EntityManager, deploys: readonly DeployRow[]): Promise<DeploysSeen> {
  const of = <T>(read: (deploy: DeployRow) => T): T[] => deploys.map(read);
  const ids = of(({ id }) => id);
  const sourceIds = of(({ fromReleaseId }) => fromReleaseId).filter((id): id is string => id !== null);
  const [apps, environments, builds, made, sources, positions] = await Promise.all([
    appsOf(
      manager,
      of(({ appId }) => appId),
    ),
    environmentsOf(
      manager,
      of(({ environmentId }) => environmentId),
    ),
    buildsOf(
      manager,
      of(({ buildId }) => buildId),
    ),
    manager.find(ReleaseRow, { select: { deployId: true, number: true }, where: { deployId: In(ids) } }),
    manager.find(ReleaseRow, { select: { id: true, number: true }, where: { id: In(sourceIds) } }),
    positionsOf(manager, deploys),
  ]);
  return {
    ...apps,
    environments,
    builds,
    made: new Map(made.map(({ deployId, number }) => [deployId, number])),
    sources: new Map(sources.map(({ id, number }) => [id, number])),
    positions,
  };
}

/** Whether it waits for its turn; what has ended does not. */
export function isWaiting({ queued, state }: Pick<DeployRow, 'queued' | 'state'>): boolean {
  return queued && state === 'created';
}

async function positionsOf(
  manager: EntityManager,
  deploys: readonly DeployRow[],
): Promise<ReadonlyMap<string, number>> {
  const waiting = deploys.filter(isWaiting).map(({ id }) => id);
  if (waiting.length === 0) return new Map();
  const rows = await manager.query<{ id: string; position: number }[]>(
    `SELECT d.id, (SELECT count(*)::int FROM deploys e WHERE e.app_id = d.app_id AND e.environment_id = d.environment_id
       AND e.queued AND e.state = 'created' AND e.id <= d.id) AS position
     FROM deploys d WHERE d.id = ANY($1)`,
    [waiting],
  );
  return new Map(rows.map(({ id, position }) => [id, position]));
}

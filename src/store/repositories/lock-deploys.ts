import type { EntityManager } from 'typeorm';

/** Where deploys, holds and releases are: an app in an environment. */
export interface DeployPlace {
  readonly appId: string;
  readonly environmentId: string;
}

/**
 * Until the transaction ends nobody else writes, takes from the queue or holds back deploys of the place: each who comes
 * sees all that those before have written. Taken before any row is locked.
 */
export async function lockDeploys(manager: EntityManager, { appId, environmentId }: DeployPlace): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`deploys ${appId} ${environmentId}`]);
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { nextInQueue } from '../../domain/deploy/next-in-queue.js';
import { DeployRow, HoldRow } from '../entities/index.js';
import type { AppEnvironmentKey } from './app-environments.js';
import { deploysInProgress } from './deploys-in-progress.js';
import { lockDeploys } from './lock-deploys.js';
import { tellOfDeploys } from './tell.js';

/** A deploy whose turn it is, and those that it made needless. */
export interface Turn {
  readonly taken: string | null;
  /** With why each ended. */
  readonly passedOver: readonly { readonly id: string; readonly reason: string }[];
}

/** Deploys that wait for the one in progress, oldest first. */
@Injectable()
export class DeployQueue {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Takes the next: the oldest, or the newest where the latest wins. What a hold keeps out ends, and says so. One that was
   * forced in meanwhile goes first.
   */
  async takeNext({ appId, environmentId }: AppEnvironmentKey, latestWins: boolean): Promise<Turn> {
    return this.dataSource.transaction(async (manager) => {
      const where = { appId, environmentId };
      await lockDeploys(manager, where);
      const open = await deploysInProgress(manager, where);
      if (open.some(({ queued }) => !queued)) return { taken: null, passedOver: [] };
      const waiting = await manager.find(DeployRow, {
        where: { ...where, queued: true, state: 'created' },
        order: { id: 'ASC' },
        lock: { mode: 'pessimistic_write' },
      });
      const hold = await manager.findOneBy(HoldRow, where);
      const held = hold === null ? [] : waiting.filter(({ automatic }) => automatic);
      const free = waiting.filter((each) => !held.includes(each));
      const { next, superseded } = nextInQueue(free, latestWins);
      const passedOver = [
        ...(await end(manager, held, ['canceled', `kept out by the hold: ${hold?.reason ?? ''}`])),
        ...(await end(manager, superseded, [
          'superseded',
          `superseded by deploy ${next?.id ?? ''}, which was asked for later`,
        ])),
      ];
      const needless = next?.kind === 'config' ? await aimAtWhatRuns(manager, next) : null;
      if (next === null) return { taken: null, passedOver };
      if (needless !== null) {
        return { taken: null, passedOver: [...passedOver, ...(await end(manager, [next], needless))] };
      }
      await manager.update(DeployRow, { id: next.id }, { queued: false, updatedAt: new Date() });
      return { taken: next.id, passedOver };
    });
  }
}

/**
 * A deploy of other variables rolls out what is current when its turn comes. Answers outcome and reason where there is
 * nothing to do: nothing is deployed, or what is deployed has the variables.
 */
async function aimAtWhatRuns(manager: EntityManager, deploy: DeployRow): Promise<[string, string] | null> {
  const { appId, environmentId } = deploy;
  const where = { appId, environmentId, state: 'deployed' as const };
  const current = await manager.findOne(DeployRow, { where, order: { id: 'DESC' } });
  if (current === null) return ['canceled', 'nothing is deployed there, so there is nothing to roll'];
  const [newest] = await manager.query<{ id: string }[]>(
    `SELECT version.id FROM config_versions version
     JOIN config_sets config_set ON config_set.id = version.config_set_id AND config_set.version = version.version
     WHERE config_set.app_id = $1 AND config_set.environment_id = $2`,
    [appId, environmentId],
  );
  if (newest?.id === current.configVersionId)
    return ['superseded', `superseded by deploy ${current.id}, which brought the variables`];
  await manager.update(DeployRow, { id: deploy.id }, { buildId: current.buildId, rref: current.rref });
  return null;
}

async function end(
  manager: EntityManager,
  deploys: readonly DeployRow[],
  [outcome, reason]: [string, string],
): Promise<{ id: string; reason: string }[]> {
  await manager.query(
    `UPDATE deploys SET state = 'failed', outcome = $2, failure_reason = $3, queued = false, completed_at = now(),
       updated_at = now()
     WHERE id = ANY($1)`,
    [deploys.map(({ id }) => id), outcome, reason],
  );
  await tellOfDeploys(
    manager,
    'deploy.failed',
    deploys.map(({ id }) => id),
  );
  return deploys.map(({ id }) => ({ id, reason }));
}

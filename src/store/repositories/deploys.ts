import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { DeployRow, InstanceRow, WorkerRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';
import { tellOfDeploys } from './tell.js';
import { type WantedDeploy, writeDeploy, type WrittenDeploy } from './write-deploy.js';

/** Deploys: at most one in progress of an app in an environment, which a unique index keeps. */
@Injectable()
export class Deploys {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<DeployRow> {
    const deploy = await this.dataSource.manager.findOneBy(DeployRow, { id: idOrNotFound('deploy', id) });
    if (deploy === null) throw notFound('deploy', id);
    return deploy;
  }

  /** The last instance of each slot of a deploy, ended ones too: a slot may have had many. */
  async instancesOf(id: string): Promise<readonly InstanceRow[]> {
    return this.dataSource.manager
      .createQueryBuilder(InstanceRow, 'instance')
      .distinctOn(['instance.worker_id', 'instance.slot'])
      .where('instance.deploy_id = :id', { id })
      .orderBy('instance.worker_id')
      .addOrderBy('instance.slot')
      .addOrderBy('instance.attempt', 'DESC')
      .getMany();
  }

  /** How many instances the workers of an app in an environment should have together. */
  async scaleOf({ appId, environmentId }: Pick<DeployRow, 'appId' | 'environmentId'>): Promise<number> {
    return (await this.dataSource.manager.sum(WorkerRow, 'scale', { appId, environmentId })) ?? 0;
  }

  /** Writes a deploy, so that of many who ask at the same time each sees what those before have written. */
  async create(wanted: WantedDeploy): Promise<WrittenDeploy> {
    return this.dataSource.transaction((manager) => writeDeploy(manager, wanted));
  }

  /**
   * Ends one that has moved nothing yet; asks the engine to take back one that has, which it does once. Answers which of
   * the two. Throws `conflict` for one that has settled.
   */
  async cancel(id: string): Promise<'ended' | 'asked' | 'is_taken_back'> {
    return this.dataSource.transaction(async (manager) => {
      const deploy = await locked(manager, id);
      if (isSettled(deploy)) throw settledConflict(deploy, 'cancel');
      if (deploy.state !== 'deploying') {
        await manager.update(DeployRow, { id }, endedBy('canceled'));
        await tellOfDeploys(manager, 'deploy.failed', [id]);
        return 'ended';
      }
      if (deploy.failingAt !== null || deploy.cancelRequestedAt !== null) return 'is_taken_back';
      await manager.update(DeployRow, { id }, { cancelRequestedAt: new Date(), updatedAt: new Date() });
      return 'asked';
    });
  }

  /** Lets a paused one, or one whose canaries are watched, go on. Throws `conflict` for one that waits for nobody. */
  async continue(id: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const deploy = await locked(manager, id);
      if (isSettled(deploy)) throw settledConflict(deploy, 'continue');
      if (!waitsForWord(deploy)) throw new DomainError('conflict', nothingToContinue(deploy));
      const now = new Date();
      const goOn = { continuedAt: now, pausedAt: null, pausedBecause: null, updatedAt: now };
      await manager.update(DeployRow, { id }, goOn);
    });
  }
}

/** Whether nothing more happens to it. */
export function isSettled({ state }: Pick<DeployRow, 'state'>): boolean {
  return !(IN_PROGRESS_DEPLOY_STATES as readonly string[]).includes(state);
}

/** The row, which nobody else changes until the transaction ends. */
async function locked(manager: EntityManager, id: string): Promise<DeployRow> {
  const where = { id: idOrNotFound('deploy', id) };
  const deploy = await manager.findOne(DeployRow, { where, lock: { mode: 'pessimistic_write' } });
  if (deploy === null) throw notFound('deploy', id);
  return deploy;
}

function endedBy(outcome: 'canceled'): Partial<DeployRow> {
  const now = new Date();
  return { state: 'failed', outcome, failureReason: outcome, completedAt: now, updatedAt: now };
}

/** A rollback skips the canaries, and so their pause. */
function waitsForWord({ state, failingAt, cancelRequestedAt, pausedAt, kind, workers }: DeployRow): boolean {
  if (state !== 'deploying' || failingAt !== null || cancelRequestedAt !== null) return false;
  const hasCanaries = kind !== 'rollback' && (workers ?? []).some(({ policy }) => policy.strategy === 'canary');
  return pausedAt !== null || hasCanaries;
}

function nothingToContinue({ id, state, failingAt, cancelRequestedAt, queued }: DeployRow): string {
  if (failingAt !== null || cancelRequestedAt !== null)
    return `Deploy ${id} is being taken back (${state}), which cannot be undone; ask for it again when it has settled.`;
  const waits = queued ? 'waits for its turn' : 'goes on by itself';
  return `Deploy ${id} is not paused: it ${waits} (${state}), so there is nothing to continue.`;
}

function settledConflict({ id, state, outcome }: DeployRow, what: string): DomainError {
  const end = outcome === null || state === 'deployed' ? state : `${state}, ${outcome}`;
  const back = state === 'deployed' ? ' POST /apps/:id/rollback goes back to an earlier release.' : '';
  return new DomainError('conflict', `Deploy ${id} has settled (${end}): there is nothing to ${what}.${back}`);
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { deployLifecycle, type DeployOutcome, type DeployState } from '../../domain/deploy/deploy-lifecycle.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import type { ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import { DeployRow } from '../entities/index.js';

/** Why a deploy failed. */
export interface DeployFailure {
  readonly outcome: DeployOutcome;
  /** One sentence. */
  readonly reason: string;
}

/** The engine's writes of deploys and reconciles. Each is a compare-and-set on the state; false means that it was late. */
@Injectable()
export class DeployProgress {
  constructor(private readonly dataSource: DataSource) {}

  /** The deploy waits for its build. */
  async waitForBuild(deploy: DeployRow): Promise<boolean> {
    return move(this.dataSource.manager, deploy, { to: 'building' });
  }

  /** The deploy has its places, and what it rolls out is frozen. Part of the transaction that reserves them. */
  static async begin(
    manager: EntityManager,
    deploy: DeployRow,
    frozen: { workers: readonly WorkerSpec[]; configVersionId: string | null },
  ): Promise<boolean> {
    return move(manager, deploy, {
      to: 'deploying',
      workers: frozen.workers as WorkerSpec[],
      configVersionId: frozen.configVersionId,
    });
  }

  /** Keeps the first proof that the rollout failed; its new instances are then taken back. */
  async keepFailure(deploy: DeployRow, failure: NonNullable<DeployRow['failure']>, reason: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE deploys SET failure = $2::jsonb, failure_reason = $3, updated_at = now() WHERE id = $1 AND failure IS NULL`,
      [deploy.id, JSON.stringify(failure), reason],
    );
  }

  /** The end of a deploy that failed. */
  async fail(deploy: DeployRow, { outcome, reason }: DeployFailure): Promise<boolean> {
    return move(this.dataSource.manager, deploy, {
      to: 'failed',
      outcome,
      failureReason: reason,
      completedAt: new Date(),
    });
  }

  /** The end of a deploy that succeeded: it is current, and those before it are stopped. */
  async succeed(deploy: DeployRow): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const done = await move(manager, deploy, { to: 'deployed', outcome: 'succeeded', completedAt: new Date() });
      if (!done) return false;
      await manager.query(
        `UPDATE deploys SET state = 'stopped', updated_at = now()
         WHERE app_id = $1 AND environment_id = $2 AND state = 'deployed' AND id <> $3`,
        [deploy.appId, deploy.environmentId, deploy.id],
      );
      await manager.query(
        `UPDATE deploys d SET container_host = i.host, container_id = i.container_id
         FROM (SELECT host, container_id FROM instances WHERE deploy_id = $1 AND state = 'healthy' ORDER BY id LIMIT 1) i
         WHERE d.id = $1`,
        [deploy.id],
      );
      return true;
    });
  }

  /** Adds to the plan of a reconcile what is being done for it. */
  async addToReconcile(id: string, steps: readonly ReconcileStep[]): Promise<void> {
    await this.dataSource.query(
      `UPDATE reconciles SET plan = plan || $2::jsonb WHERE id = $1 AND state = 'in_progress'`,
      [id, JSON.stringify(steps)],
    );
  }

  /** An app is reconciled; when it was the last that a reconcile waits for, that ends too. With a reason it failed. */
  async endReconcile(id: string, appId: string, failureReason: string | null): Promise<void> {
    await this.dataSource.query(
      `UPDATE reconciles SET pending = pending - $2::text, failure_reason = COALESCE(failure_reason, $3),
         state = CASE WHEN pending - $2::text <> '[]' THEN 'in_progress'
                      WHEN COALESCE(failure_reason, $3) IS NULL THEN 'completed' ELSE 'failed' END,
         completed_at = CASE WHEN pending - $2::text <> '[]' THEN NULL ELSE now() END
       WHERE id = $1 AND state = 'in_progress'`,
      [id, appId, failureReason],
    );
  }
}

type Patch = Partial<Pick<DeployRow, 'outcome' | 'failureReason' | 'completedAt' | 'workers' | 'configVersionId'>>;

async function move(
  manager: EntityManager,
  deploy: DeployRow,
  { to, ...patch }: Patch & { readonly to: DeployState },
): Promise<boolean> {
  const from = deployLifecycle.states.filter((state) => deployLifecycle.canMove(state, to));
  const result = await manager
    .createQueryBuilder()
    .update(DeployRow)
    .set({ ...patch, state: to, updatedAt: new Date() } as object)
    .where('id = :id AND state IN (:...from)', { id: deploy.id, from })
    .execute();
  return result.affected === 1;
}

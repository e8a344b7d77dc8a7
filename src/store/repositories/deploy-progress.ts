import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { deployLifecycle, type DeployOutcome, type DeployState } from '../../domain/deploy/deploy-lifecycle.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import type { ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import { DeployRow } from '../entities/index.js';
import { tellOfDeploys, tellOfReconcile, tellOfRelease } from './tell.js';

/** Why a deploy failed. */
export interface DeployFailure {
  readonly outcome: DeployOutcome;
  /** One sentence. */
  readonly reason: string;
}

/** What a deploy rolls out, whatever is changed meanwhile. */
export interface FrozenDeploy {
  readonly workers: WorkerSpec[];
  readonly configVersionId: string | null;
}

/** Why a rollout is taken back. */
export interface Failing extends DeployFailure {
  /** The proof, where an instance gave one. */
  readonly failure: DeployRow['failure'];
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
  static async begin(manager: EntityManager, deploy: DeployRow, frozen: FrozenDeploy): Promise<boolean> {
    const begun = await move(manager, deploy, { to: 'deploying', ...frozen, deployingAt: new Date() });
    if (begun) await tellOfDeploys(manager, 'deploy.deploying', [deploy.id]);
    return begun;
  }

  /** Keeps the first reason why the rollout ends badly; from then on what was there is put back. */
  async beginRevert(deploy: DeployRow, failing: Failing): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH moved AS (
         UPDATE deploys SET failing_at = now(), outcome = $2, failure_reason = $3, failure = $4::jsonb, paused_at = NULL,
           paused_because = NULL, updated_at = now()
         WHERE id = $1 AND state = 'deploying' AND failing_at IS NULL RETURNING 1)
       SELECT * FROM moved`,
      [deploy.id, failing.outcome, failing.reason, failing.failure === null ? null : JSON.stringify(failing.failure)],
    );
    return rows.length === 1;
  }

  /** Nothing more is moved until somebody says so. */
  async pause(deploy: DeployRow, because: string): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<unknown[]>(
        `WITH moved AS (
           UPDATE deploys SET paused_at = now(), paused_because = $2, updated_at = now()
           WHERE id = $1 AND state = 'deploying' AND paused_at IS NULL AND failing_at IS NULL RETURNING 1)
         SELECT * FROM moved`,
        [deploy.id, because],
      );
      if (rows.length !== 1) return false;
      await tellOfDeploys(manager, 'deploy.paused', [deploy.id]);
      return true;
    });
  }

  /** The end of a deploy that failed. */
  async fail(deploy: DeployRow, { outcome, reason }: DeployFailure): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const end = { outcome, failureReason: reason, completedAt: new Date() };
      const done = await move(manager, deploy, { to: 'failed', ...end });
      if (done) await tellOfDeploys(manager, 'deploy.failed', [deploy.id]);
      return done;
    });
  }

  /** The end of a deploy that succeeded: it is current, and those before it are stopped. */
  async succeed(deploy: DeployRow): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const done = await move(manager, deploy, { to: 'deployed', outcome: 'succeeded', completedAt: new Date() });
      if (!done) return false;
      await writeRelease(manager, deploy);
      const replaced = await stopThoseBefore(manager, deploy);
      await manager.query(
        `UPDATE deploys d SET container_host = i.host, container_id = i.container_id
         FROM (SELECT host, container_id FROM instances WHERE deploy_id = $1 AND state = 'healthy' ORDER BY id LIMIT 1) i
         WHERE d.id = $1`,
        [deploy.id],
      );
      await tellOfDeploys(manager, 'deploy.deployed', [deploy.id]);
      await tellOfRelease(manager, deploy.id);
      await tellOfDeploys(manager, 'deploy.stopped', replaced);
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
    await this.dataSource.transaction(async (manager) => {
      const [ended] = await manager.query<{ state: 'completed' | 'failed' | 'in_progress' }[]>(
        `WITH ended AS (
           UPDATE reconciles SET pending = pending - $2::text, failure_reason = COALESCE(failure_reason, $3),
             state = CASE WHEN pending - $2::text <> '[]' THEN 'in_progress'
                          WHEN COALESCE(failure_reason, $3) IS NULL THEN 'completed' ELSE 'failed' END,
             completed_at = CASE WHEN pending - $2::text <> '[]' THEN NULL ELSE now() END
           WHERE id = $1 AND state = 'in_progress' RETURNING state)
         SELECT state FROM ended`,
        [id, appId, failureReason],
      );
      if (ended === undefined || ended.state === 'in_progress') return;
      await tellOfReconcile(manager, `reconcile.${ended.state}`, id);
    });
  }
}

/** Ends what this deploy replaces; their ids. */
async function stopThoseBefore(
  manager: EntityManager,
  { id, appId, environmentId }: DeployRow,
): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH ended AS (
       UPDATE deploys SET state = 'stopped', updated_at = now()
       WHERE app_id = $1 AND environment_id = $2 AND state = 'deployed' AND id <> $3 RETURNING id)
     SELECT id FROM ended`,
    [appId, environmentId, id],
  );
  return rows.map((row) => row.id);
}

/** What succeeded is numbered, so that it can be brought back exactly. The lease makes the number unique, the index proves it. */
async function writeRelease(manager: EntityManager, { id }: DeployRow): Promise<void> {
  await manager.query(
    `INSERT INTO releases (app_id, environment_id, number, deploy_id, build_id, image, sha, config_version_id, workers, kind,
       from_release_id)
     SELECT d.app_id, d.environment_id,
       1 + COALESCE((SELECT max(number) FROM releases r WHERE r.app_id = d.app_id AND r.environment_id = d.environment_id), 0),
       d.id, b.id, b.image, b.rref, d.config_version_id, COALESCE(d.workers, '[]'), d.kind, d.from_release_id
     FROM deploys d JOIN builds b ON b.id = d.build_id WHERE d.id = $1`,
    [id],
  );
}

type Patch = Partial<
  Pick<DeployRow, 'outcome' | 'failureReason' | 'completedAt' | 'workers' | 'configVersionId' | 'deployingAt'>
>;

async function move(
  manager: EntityManager,
  deploy: DeployRow,
  { to, ...patch }: Patch & { readonly to: DeployState },
): Promise<boolean> {
  const room = to === 'building' ? {} : { roomWantedSince: null, roomWanted: null };
  const from = deployLifecycle.states.filter((state) => deployLifecycle.canMove(state, to));
  const result = await manager
    .createQueryBuilder()
    .update(DeployRow)
    .set({ ...patch, ...room, state: to, updatedAt: new Date() } as object)
    .where('id = :id AND state IN (:...from)', { id: deploy.id, from })
    .execute();
  return result.affected === 1;
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { BuildRow, DeployRow, EnvironmentRow, InstanceRow, WorkerRow } from '../entities/index.js';
import { Builds, type WantedBuild } from './builds.js';
import { deploysInProgress } from './deploys-in-progress.js';
import { idOrNotFound } from './directory.js';
import { lockApp } from './lock-app.js';

/** What a deploy is asked for with. */
export interface WantedDeploy {
  readonly appId: string;
  readonly environmentId: string;
  readonly build: WantedBuild;
  readonly callbackUrl: string | null;
  /** Takes the place of one in progress. */
  readonly force: boolean;
}

/** A deploy as it was written. */
export interface WrittenDeploy {
  readonly deploy: DeployRow;
  /** The build that it rolls out, new or not. */
  readonly build: BuildRow;
  /** Ids of the deploys whose place it took. */
  readonly superseded: readonly string[];
}

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

  /** Writes a deploy and, where there is none, its build. Throws `resource_locked` while another is in progress. */
  async create(wanted: WantedDeploy): Promise<WrittenDeploy> {
    return this.dataSource.transaction((manager) => write(manager, wanted));
  }
}

/** Who asks at the same time waits here for the others, so that each sees what those before have written. */
async function write(manager: EntityManager, wanted: WantedDeploy): Promise<WrittenDeploy> {
  const { appId, environmentId, callbackUrl } = wanted;
  const app = await lockApp(manager, appId, 'share');
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`deploys ${appId} ${environmentId}`]);
  const superseded = wanted.force ? await supersede(manager, wanted) : [];
  const [running] = await deploysInProgress(manager, { appId, environmentId });
  if (running !== undefined) throw await lockedBy(manager, running, app.name);
  const build = await Builds.findOrCreate(manager, wanted.build);
  const row = { appId, environmentId, buildId: build.id, rref: build.rref, callbackUrl };
  const { id } = await manager.save(DeployRow, row as DeployRow);
  await explain(manager, superseded, id);
  return { deploy: await manager.findOneByOrFail(DeployRow, { id }), build, superseded };
}

/** Ends what is in progress; the engine takes away what it has started. One that has just succeeded stays. */
async function supersede(manager: EntityManager, { appId, environmentId }: WantedDeploy): Promise<readonly string[]> {
  const rows = await manager.query<{ id: string }[]>(
    `WITH ended AS (
       UPDATE deploys SET state = 'failed', outcome = 'superseded', completed_at = now(), updated_at = now()
       WHERE app_id = $1 AND environment_id = $2 AND state = ANY($3) RETURNING id)
     SELECT id FROM ended`,
    [appId, environmentId, IN_PROGRESS_DEPLOY_STATES],
  );
  const ids = rows.map(({ id }) => id);
  await manager.query(`UPDATE instances SET desired = 'stopped' WHERE deploy_id = ANY($1)`, [ids]);
  return ids;
}

async function explain(manager: EntityManager, superseded: readonly string[], by: string): Promise<void> {
  await manager.query('UPDATE deploys SET failure_reason = $2 WHERE id = ANY($1)', [superseded, supersededBy(by)]);
}

/** Why a deploy ended whose place another took. */
export function supersededBy(id: string): string {
  return `superseded by deploy ${id} (forced)`;
}

/** Says what is in the way, since when, and how to go on. */
async function lockedBy(manager: EntityManager, deploy: DeployRow, app: string): Promise<DomainError> {
  const { id, state, rref, createdAt, environmentId } = deploy;
  const environment = await manager.findOneByOrFail(EnvironmentRow, { id: environmentId });
  return new DomainError(
    'resource_locked',
    `Deploy ${id} of ${app} (${rref.slice(0, 12)}) to ${environment.name} is in progress (${state}) since ${createdAt.toISOString()}. ` +
      `Wait until GET /deploys/${id}?wait=60 says deployed or failed, or call again with force to take its place.`,
  );
}

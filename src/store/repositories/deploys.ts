import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { type DeployState, IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { DeployRow, InstanceRow } from '../entities/index.js';
import { isUniqueViolation } from '../uniquely.js';
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
  /** The build that it needs, where nobody had asked for it before. */
  readonly newBuildId: string | null;
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

  /** The instances of a deploy, ended ones too. */
  async instancesOf(id: string): Promise<readonly InstanceRow[]> {
    return this.dataSource.manager.find(InstanceRow, { where: { deployId: id }, order: { id: 'ASC' } });
  }

  /** Writes a deploy and, where there is none, its build. Throws `resource_locked` while another is in progress. */
  async create(wanted: WantedDeploy): Promise<WrittenDeploy> {
    try {
      return await this.dataSource.transaction((manager) => write(manager, wanted));
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw lockedBy(await deploysInProgress(this.dataSource.manager, wanted));
    }
  }
}

async function write(manager: EntityManager, wanted: WantedDeploy): Promise<WrittenDeploy> {
  const { appId, environmentId, callbackUrl } = wanted;
  await lockApp(manager, appId, 'share');
  const { build, isNew } = await Builds.findOrCreate(manager, wanted.build);
  const id = await insert(
    manager,
    { appId, environmentId, buildId: build.id, rref: build.rref, callbackUrl },
    wanted.force,
  );
  const deploy = await manager.findOneByOrFail(DeployRow, { id });
  return { deploy, newBuildId: isNew ? build.id : null };
}

type NewDeploy = Pick<DeployRow, 'appId' | 'environmentId' | 'buildId' | 'rref' | 'callbackUrl'>;

/** The id comes first, so that the one that is superseded can say by what. */
async function insert(manager: EntityManager, deploy: NewDeploy, force: boolean): Promise<string> {
  const [next] = await manager.query<{ id: string }[]>(`SELECT nextval(pg_get_serial_sequence('deploys', 'id')) AS id`);
  const id = next?.id ?? '';
  if (force) await supersede(manager, deploy, id);
  await manager.query(
    `INSERT INTO deploys (id, app_id, environment_id, build_id, rref, callback_url) OVERRIDING SYSTEM VALUE
     VALUES ($1, $2, $3, $4, $5, $6)`,
    [id, deploy.appId, deploy.environmentId, deploy.buildId, deploy.rref, deploy.callbackUrl],
  );
  return id;
}

/** Ends what is in progress; the engine takes away what it has started. */
async function supersede(manager: EntityManager, { appId, environmentId }: NewDeploy, by: string): Promise<void> {
  const running = (await deploysInProgress(manager, { appId, environmentId })).map(({ id }) => id);
  if (running.length === 0) return;
  const state = In<DeployState>([...IN_PROGRESS_DEPLOY_STATES]);
  await manager.update(
    DeployRow,
    { id: In(running), state },
    {
      state: 'failed',
      outcome: 'superseded',
      failureReason: `deploy ${by} took its place by force`,
      completedAt: new Date(),
      updatedAt: new Date(),
    },
  );
  await manager.update(InstanceRow, { deployId: In(running) }, { desired: 'stopped' });
}

/** Says what is in the way, since when, and how to go on. */
function lockedBy([running]: readonly DeployRow[]): DomainError {
  if (running === undefined)
    return new DomainError('resource_locked', 'Another deploy was in progress and just ended: ask again.');
  const { id, state, rref, createdAt } = running;
  return new DomainError(
    'resource_locked',
    `Deploy ${id} of ${rref.slice(0, 12)} is ${state} here since ${createdAt.toISOString()}. ` +
      `Wait for it (GET /deploys/${id}?wait=60), or call again with force to take its place.`,
  );
}

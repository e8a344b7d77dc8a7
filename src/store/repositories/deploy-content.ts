import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { WantedWorker } from '../../domain/reconcile/reconcile-snapshot.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import { type DeployRow, ReleaseRow, WorkerRow } from '../entities/index.js';
import { specOf } from '../worker-spec.js';
import { AppEnvironments } from './app-environments.js';
import type { FrozenDeploy } from './deploy-progress.js';

/** What a deploy rolls out. */
export interface RolledOut {
  /** What is rolled out, for people. */
  readonly name: string;
  readonly workers: readonly WantedWorker[];
  readonly frozen: FrozenDeploy;
}

/** Reads what a deploy is to roll out, at the moment when it begins. */
@Injectable()
export class DeployContent {
  constructor(
    private readonly dataSource: DataSource,
    private readonly appEnvironments: AppEnvironments,
  ) {}

  /** Workers and variables as they are now; of a rollback, as its release had them. The scale is always that of now. */
  async of(deploy: DeployRow): Promise<RolledOut> {
    const { appId, environmentId } = deploy;
    const rows = await this.dataSource.manager.find(WorkerRow, {
      where: { appId, environmentId },
      order: { id: 'ASC' },
    });
    const release = await this.releaseOf(deploy);
    if (release === null || deploy.kind !== 'rollback') {
      const configVersionId = await this.appEnvironments.newestConfigVersionId({ appId, environmentId });
      const name = release === null ? `deploy ${deploy.id}` : `promoted v${release.number}`;
      return { name, ...contentOf(rows, rows.map(specOf), configVersionId) };
    }
    const specs = release.workers.map(withoutCanary);
    return { name: `release v${release.number}`, ...contentOf(rows, specs, release.configVersionId) };
  }

  private async releaseOf({ fromReleaseId }: DeployRow): Promise<ReleaseRow | null> {
    if (fromReleaseId === null) return null;
    return this.dataSource.manager.findOneByOrFail(ReleaseRow, { id: fromReleaseId });
  }
}

function contentOf(
  rows: readonly WorkerRow[],
  specs: readonly WorkerSpec[],
  configVersionId: string | null,
): Omit<RolledOut, 'name'> {
  const workers = rows.flatMap(({ id, name, scale }) => {
    const spec = specs.find((each) => each.name === name);
    return spec === undefined ? [] : [{ workerId: id, scale, spec }];
  });
  return { workers, frozen: { workers: [...specs], configVersionId } };
}

/** What ran before needs no trial: a rollback is in a hurry. */
function withoutCanary(spec: WorkerSpec): WorkerSpec {
  if (spec.policy.strategy !== 'canary') return spec;
  return { ...spec, policy: { ...spec.policy, strategy: 'rolling' } };
}

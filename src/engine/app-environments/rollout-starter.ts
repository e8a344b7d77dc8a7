import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import type { MissingInstance } from '../../domain/reconcile/plan-reconcile.js';
import { BuildRow, WorkerRow, type DeployRow } from '../../store/entities/index.js';
import { AppEnvironments, type AppEnvironment } from '../../store/repositories/app-environments.js';
import { DeployProgress, type DeployFailure } from '../../store/repositories/deploy-progress.js';
import { specOf } from '../../store/worker-spec.js';
import { HostSurvey } from '../../observation/host-survey.js';
import { Placer } from './placer.js';
import type { Story } from './story.js';

/** Brings a deploy from `created` to `deploying`: its build is there, its places are reserved, its content is frozen. */
@Injectable()
export class RolloutStarter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly progress: DeployProgress,
    private readonly appEnvironments: AppEnvironments,
    private readonly survey: HostSurvey,
    private readonly placer: Placer,
  ) {}

  /** One step; answers whether to look again at once (else the build will trigger). */
  async begin(state: AppEnvironment, deploy: DeployRow, story: Story): Promise<boolean> {
    const build = await this.dataSource.manager.findOneBy(BuildRow, { id: deploy.buildId ?? '0' });
    if (build === null) return this.fail(deploy, { outcome: 'build_failed', reason: 'its build is gone' }, story);
    if (build.state === 'failed') {
      const reason = `build ${build.id} failed: ${build.failureReason ?? 'no reason is known'}`;
      return this.fail(deploy, { outcome: 'build_failed', reason }, story);
    }
    if (build.state === 'completed') return this.place(state, { deploy, image: build.image ?? '' }, story);
    if (deploy.state === 'created' && (await this.progress.waitForBuild(deploy)))
      await story.tell(`waiting for build ${build.id} of ${deploy.rref.slice(0, 12)}`);
    return false;
  }

  private async place(
    state: AppEnvironment,
    { deploy, image }: { deploy: DeployRow; image: string },
    story: Story,
  ): Promise<boolean> {
    const [workers, configVersionId, hosts] = await Promise.all([
      this.dataSource.manager.find(WorkerRow, { where: { ...state.key }, order: { id: 'ASC' } }),
      this.appEnvironments.newestConfigVersionId(state.key),
      this.survey.of(state, image),
    ]);
    const frozen = { workers: workers.map(specOf), configVersionId };
    const missing = workers.flatMap((worker) => slotsOf(worker, deploy.id));
    const { reserved, unplaced } = await this.placer.reserve(
      { state, missing, image, hosts, allOrNothing: true },
      (manager) => DeployProgress.begin(manager, deploy, frozen),
    );
    if (unplaced.length > 0)
      return this.fail(deploy, { outcome: 'not_placed', reason: explainUnplaced(unplaced) }, story);
    const places = reserved.map(({ spec, slot, host }) => `${spec.name} ${slot} on ${host}`).join(', ');
    await story.tell(missing.length === 0 ? 'every worker is at scale 0: nothing to start' : `placed ${places}`);
    return true;
  }

  private async fail(deploy: DeployRow, failure: DeployFailure, story: Story): Promise<boolean> {
    if (await this.progress.fail(deploy, failure)) await story.tell(`failed: ${failure.reason}`, 'error');
    return true;
  }
}

function slotsOf(worker: WorkerRow, deployId: string): MissingInstance[] {
  const wanted = { workerId: worker.id, scale: worker.scale, spec: specOf(worker) };
  return Array.from({ length: worker.scale }, (_, index) => ({
    worker: wanted,
    slot: index + 1,
    deployId,
    attempt: 1,
  }));
}

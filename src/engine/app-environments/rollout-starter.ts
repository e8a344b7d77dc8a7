import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { badEndOf } from '../../domain/build/failure-sentence.js';
import { rolloutNeeds } from '../../domain/rollout/rollout-needs.js';
import { HostSurvey } from '../../observation/host-survey.js';
import { BuildRow, type DeployRow } from '../../store/entities/index.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import { ConfigValues } from '../../store/repositories/config-values.js';
import { DeployContent } from '../../store/repositories/deploy-content.js';
import { DeployProgress, type DeployFailure } from '../../store/repositories/deploy-progress.js';
import { ImageFinder } from './image-finder.js';
import type { Outlook } from './pass.js';
import { Placer } from './placer.js';
import { type Roomless, RoomSeeker } from './room-seeker.js';
import type { Story } from './story.js';

/** Brings a deploy from `created` to `deploying`: its build is there, its places are reserved, its content is frozen. */
@Injectable()
export class RolloutStarter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly progress: DeployProgress,
    private readonly content: DeployContent,
    private readonly values: ConfigValues,
    private readonly survey: HostSurvey,
    private readonly images: ImageFinder,
    private readonly placer: Placer,
    private readonly rooms: RoomSeeker,
  ) {}

  /** One step. What waits for a build is triggered by it, what waits for room by a host that comes. */
  async begin(state: AppEnvironment, deploy: DeployRow, story: Story): Promise<Outlook> {
    const build = await this.dataSource.manager.findOneBy(BuildRow, { id: deploy.buildId ?? '0' });
    if (build === null) return this.fail(deploy, { outcome: 'build_failed', reason: 'its build is gone' }, story);
    if (build.state === 'failed') {
      const reason = badEndOf(build, build.failureReason ?? 'no reason is known');
      const outcome = build.outcome === 'superseded' ? 'superseded' : 'build_failed';
      return this.fail(deploy, { outcome, reason }, story);
    }
    if (build.state === 'completed') return this.place(state, { deploy, image: build.image ?? '' }, story);
    if (deploy.state === 'created' && (await this.progress.waitForBuild(deploy)))
      await story.tell(`waiting for build ${build.id} of ${deploy.rref.slice(0, 12)}`);
    return { kind: 'settled', lookAgainAt: null };
  }

  private async place(state: AppEnvironment, { deploy, image }: Wanted, story: Story): Promise<Outlook> {
    const [content, hosts] = await Promise.all([this.content.of(deploy), this.survey.of(state, image)]);
    const unreadable = await this.values.whyNot(content.frozen.configVersionId);
    if (unreadable !== null) return this.fail(deploy, { outcome: 'config_unreadable', reason: unreadable }, story);
    const gone = deploy.kind === 'deploy' ? null : await this.images.whyGone(hosts, image);
    if (gone !== null) return this.fail(deploy, { outcome: 'image_gone', reason: `${content.name}: ${gone}` }, story);
    const needs = rolloutNeeds({
      deployId: deploy.id,
      workers: content.workers,
      instances: state.instances,
      currentDeployId: state.current?.id ?? null,
    });
    const request = { state, ...needs, image, hosts, allOrNothing: true };
    const { reserved, unplaced } = await this.placer.reserve(request, (manager) =>
      DeployProgress.begin(manager, deploy, content.frozen),
    );
    if (unplaced.length > 0) return this.seekRoom({ deploy, request, unplaced }, story);
    const places = reserved.map(({ spec, slot, host }) => `${spec.name} ${slot} on ${host}`).join(', ');
    await story.tell(
      request.missing.length === 0 ? 'every worker is at scale 0: nothing to start' : `placed ${places}`,
    );
    return { kind: 'again' };
  }

  private async seekRoom(roomless: Roomless, story: Story): Promise<Outlook> {
    const answer = await this.rooms.seek(roomless, story);
    if (answer.kind === 'wait') return { kind: 'settled', lookAgainAt: answer.lookAgainAt };
    return this.fail(roomless.deploy, { outcome: 'not_placed', reason: answer.reason }, story);
  }

  private async fail(deploy: DeployRow, failure: DeployFailure, story: Story): Promise<Outlook> {
    if (await this.progress.fail(deploy, failure)) await story.tell(`failed: ${failure.reason}`, 'error');
    return { kind: 'again' };
  }
}

interface Wanted {
  readonly deploy: DeployRow;
  /** By digest. */
  readonly image: string;
}

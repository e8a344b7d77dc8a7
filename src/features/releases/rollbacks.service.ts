import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, invalid } from '../../domain/kernel/errors.js';
import { findRelease } from '../../domain/release/find-release.js';
import { type ReleaseFacts, releaseName } from '../../domain/release/release-facts.js';
import { rollbackTarget } from '../../domain/release/rollback-target.js';
import { type AppRow, BuildRow, type EnvironmentRow, ReleaseRow } from '../../store/entities/index.js';
import { Directory } from '../../store/repositories/directory.js';
import { Holds, holdSentence } from '../../store/repositories/holds.js';
import { releaseHistory } from '../../store/repositories/releases.js';
import type { Chosen } from '../../store/repositories/write-deploy.js';
import type { DeployDto } from '../deploys/deploy.dto.js';
import { joined } from '../deploys/deploy-notice.js';
import { DeployOrders } from '../deploys/deploy-orders.js';
import { DeploysService } from '../deploys/deploys.service.js';
import { whenBusyOf } from '../deploys/when-busy.js';
import type { CreatePromotionDto, CreateRollbackDto } from './release.dto.js';

/** Deploys of what was a release already: here before, or in another environment. Nothing is built for them. */
@Injectable()
export class RollbacksService {
  constructor(
    private readonly directory: Directory,
    private readonly orders: DeployOrders,
    private readonly deploys: DeploysService,
  ) {}

  /** Brings a release back, and holds it; both are written, or neither. */
  async rollBack(appKey: string, body: CreateRollbackDto, seconds?: number): Promise<DeployDto> {
    const whenBusy = whenBusyOf(body);
    const app = await this.directory.app(appKey);
    const environment = await this.directory.environment(body.environment);
    let held: string | null = null;
    const deploy = await this.orders.begin({
      ...{ appId: app.id, environmentId: environment.id, callbackUrl: body.callback_url ?? null },
      ...{ automatic: false, whenBusy },
      choose: async (manager, waitsFor) => {
        const history = await releaseHistory(manager, { appId: app.id, environmentId: environment.id });
        const place = placeName(app, environment);
        const waits = waitsFor?.id ?? null;
        const release = rollbackTarget({ field: 'to', key: body.to, history, place, waitsFor: waits });
        if (body.hold !== false) held = await hold(manager, { app, environment, release, reason: body.reason });
        return chosen(manager, release, 'rollback');
      },
    });
    const view = await this.deploys.get(deploy.id, seconds);
    return { ...view, notice: joined([view.notice ?? null, held]) };
  }

  /** Brings the image of a release to another environment, with the variables and workers of that one. */
  async promote(appKey: string, body: CreatePromotionDto, seconds?: number): Promise<DeployDto> {
    const whenBusy = whenBusyOf(body);
    const app = await this.directory.app(appKey);
    const from = await this.directory.environment(body.from);
    const to = await this.directory.environment(body.to);
    if (from.id === to.id)
      throw invalid('to', `is ${to.name}, where it comes from; POST /apps/:id/rollback brings back a release there.`);
    const deploy = await this.orders.begin({
      ...{ appId: app.id, environmentId: to.id, callbackUrl: body.callback_url ?? null },
      ...{ automatic: body.automatic === true, whenBusy },
      choose: async (manager) => {
        const history = await releaseHistory(manager, { appId: app.id, environmentId: from.id });
        const key = body.release ?? history.slice(0, 1).map(releaseName).join('');
        const release = findRelease({ field: 'release', key, history, place: placeName(app, from) });
        return chosen(manager, release, 'promotion');
      },
    });
    return this.deploys.get(deploy.id, seconds);
  }
}

function placeName(app: AppRow, environment: EnvironmentRow): string {
  return `${app.name} in ${environment.name}`;
}

async function chosen(manager: EntityManager, release: ReleaseFacts, kind: 'rollback' | 'promotion'): Promise<Chosen> {
  const { id } = release;
  const { buildId, sha } = await manager.findOneByOrFail(ReleaseRow, { id });
  await refuseRemoved(manager, { buildId, release });
  return { buildId, rref: sha, kind, fromReleaseId: id };
}

/** An image that a clean-up removed can be built again, but then it is a new deploy, and no longer the release. */
async function refuseRemoved(
  manager: EntityManager,
  { buildId, release }: { readonly buildId: string; readonly release: ReleaseFacts },
): Promise<void> {
  const { imageRemovedAt } = await manager.findOneByOrFail(BuildRow, { id: buildId });
  if (imageRemovedAt === null) return;
  const when = imageRemovedAt.toISOString().slice(0, 10);
  throw new DomainError(
    'unprocessable_entity',
    `The image of ${releaseName(release)} was removed by the clean-up on ${when}; POST /deploys with the ref ${release.sha} builds it again.`,
  );
}

/** Holds what is rolled back to; where somebody else holds already, that stays. Answers what is to be noticed of it. */
async function hold(
  manager: EntityManager,
  of: { app: AppRow; environment: EnvironmentRow; release: ReleaseFacts; reason: string | undefined },
): Promise<string> {
  const { app, environment, release } = of;
  const back = `rolled back to ${releaseName(release)}`;
  const reason = of.reason === undefined ? back : `${back}: ${of.reason}`;
  const place = { appId: app.id, environmentId: environment.id };
  const kept = await Holds.keep(manager, { ...place, reason, releaseNumber: release.number });
  const names = { app: app.name, environment: environment.name };
  return kept.isNew
    ? holdSentence(kept.hold, names)
    : `The hold that was there stays: ${holdSentence(kept.hold, names)}`;
}

import { Injectable } from '@nestjs/common';
import type { Instance } from '../../domain/instance/instance.js';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import type { MissingInstance } from '../../domain/reconcile/reconcile-snapshot.js';
import { HostSurvey } from '../../observation/host-survey.js';
import type { DeployRow } from '../../store/entities/index.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import type { Look } from './pass.js';
import { Placer, type PlacementAnswer, type PlacementRequest } from './placer.js';

/** Finds new places for instances of a rollout that failed and may be tried again. */
@Injectable()
export class RetryPlacer {
  constructor(
    private readonly appEnvironments: AppEnvironments,
    private readonly survey: HostSurvey,
    private readonly placer: Placer,
  ) {}

  /** Reserves the next try of each; answers why not, where there is no place. */
  async place({ state, story }: Look, deploy: DeployRow, failed: readonly Instance[]): Promise<string | null> {
    const { image } = await this.appEnvironments.contentsOf(deploy.id);
    const hosts = await this.survey.of(state, image);
    const anywhere = { state, image, hosts, missing: failed.map((each) => nextOf(each, null)), leaving: [] };
    const first = await this.placer.reserve({ ...anywhere, allOrNothing: true });
    const again = first.unplaced.length === 0 ? first : await this.inTheirOwnPlaces(anywhere, failed);
    for (const { spec, slot, host } of again.reserved) await story.tell(`${spec.name} ${slot}: tries again on ${host}`);
    return again.reserved.length === failed.length ? null : explainUnplaced(first.unplaced);
  }

  /** Later waves reserve room that is not free yet, so full hosts look fuller than they are; the place of the failed is free. */
  private inTheirOwnPlaces(
    { state, image, hosts }: Omit<PlacementRequest, 'allOrNothing'>,
    failed: readonly Instance[],
  ): Promise<PlacementAnswer> {
    const missing = failed.map((each) => nextOf(each, each.host));
    const deploys = new Set(failed.map(({ deployId }) => deployId));
    const later = state.instances.filter((each) => each.state === 'planned' && deploys.has(each.deployId));
    const leaving = later.map(({ host, spec }) => ({ host, resources: spec.resources, afterWave: -1 }));
    return this.placer.reserve({ state, image, hosts, missing, leaving, allOrNothing: true });
  }
}

function nextOf(failed: Instance, onlyHost: string | null): MissingInstance {
  const { workerId, slot, spec, deployId, wave, standby } = failed;
  const attempt = failed.attempt + 1;
  return {
    worker: { workerId, scale: slot, spec },
    ...{ slot, deployId, attempt, wave, standby, onlyHost, predecessor: null, because: `try ${attempt}` },
  };
}

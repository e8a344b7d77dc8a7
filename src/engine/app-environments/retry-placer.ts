import { Injectable } from '@nestjs/common';
import type { Instance } from '../../domain/instance/instance.js';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import { HostSurvey } from '../../observation/host-survey.js';
import type { DeployRow } from '../../store/entities/index.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import type { Look } from './pass.js';
import { Placer } from './placer.js';

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
    const missing = failed.map((each) => ({
      worker: { workerId: each.workerId, scale: each.slot, spec: each.spec },
      ...{
        slot: each.slot,
        deployId: each.deployId,
        attempt: each.attempt + 1,
        wave: each.wave,
        standby: each.standby,
      },
      ...{ onlyHost: null, predecessor: null, because: `try ${each.attempt + 1}` },
    }));
    const request = { state, missing, image, hosts, leaving: [], allOrNothing: true };
    const { reserved, unplaced } = await this.placer.reserve(request);
    for (const { spec, slot, host } of reserved) await story.tell(`${spec.name} ${slot}: tries again on ${host}`);
    return unplaced.length === 0 ? null : explainUnplaced(unplaced);
  }
}

import { Injectable } from '@nestjs/common';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import type { Need } from '../../domain/placement/placement.js';
import { placeInstances } from '../../domain/placement/place-instances.js';
import { runContainerName, RUN_SLOT, RUN_WORKER } from '../../domain/run/run-container-name.js';
import { candidatesOf } from '../../observation/candidates.js';
import { HostSurvey } from '../../observation/host-survey.js';
import type { RunRow } from '../../store/entities/index.js';
import type { Lease } from '../../store/leases.js';
import { HostLoads } from '../../store/repositories/host-loads.js';
import { RunProgress } from '../../store/repositories/run-progress.js';
import type { RunPlace } from './run-container.js';

/** Finds hosts for runs: by the rules and under the lock by which instances get theirs, so that no room is given twice. */
@Injectable()
export class RunPlaces {
  constructor(
    private readonly survey: HostSurvey,
    private readonly loads: HostLoads,
    private readonly progress: RunProgress,
  ) {}

  /** Writes down where a run begins, or what it waits for. False when the run is not ours any more. */
  async give(held: { readonly lease: Lease; readonly run: RunRow }, place: RunPlace, image: string): Promise<boolean> {
    const { run } = held;
    const hosts = await this.survey.of(place, image);
    return this.loads.alone(run.appId, async (manager, loads) => {
      const candidates = candidatesOf(hosts, loads, { appId: run.appId, image, missing: [], instances: [] });
      const { placed, unplaced } = placeInstances([needOf(run, place, image)], candidates);
      const host = placed[0]?.host;
      if (host === undefined) return this.progress.change(held, { waitingFor: explainUnplaced(unplaced) }, manager);
      const containerName = runContainerName(place.app, place.environment, run.id);
      return this.progress.change(held, { state: 'starting', host, containerName, waitingFor: null }, manager);
    });
  }
}

function needOf(run: RunRow, { app, environment }: RunPlace, image: string): Need {
  return {
    key: runContainerName(app, environment, run.id),
    app: run.appId,
    group: `run ${run.id}`,
    worker: RUN_WORKER,
    slot: RUN_SLOT,
    resources: { memoryMb: run.memoryMb ?? 0, cpus: run.cpus ?? 0 },
    image,
    needsTcpDocker: false,
  };
}

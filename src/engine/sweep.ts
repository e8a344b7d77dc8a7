import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { sentenceOf } from '../domain/kernel/errors.js';
import type { Trigger } from '../ports/work-queue.js';
import { BuildRow } from '../store/entities/index.js';
import { AppEnvironments } from '../store/repositories/app-environments.js';
import { RunProgress } from '../store/repositories/run-progress.js';
import { OldEvents } from '../store/repositories/old-events.js';
import { EngineIdentity } from './engine-identity.js';
import { LaunchRenewal } from './joining/launch-renewal.js';
import { ForgottenContainers } from './lookout/forgotten-containers.js';

/** How often everything is looked at, whatever was triggered, in milliseconds. */
export const SWEEP_EVERY = 60_000;

/** Finds everything that may need a look: what a lost trigger, a flushed queue or a killed engine left behind. */
@Injectable()
export class Sweep {
  constructor(
    private readonly dataSource: DataSource,
    private readonly appEnvironments: AppEnvironments,
    private readonly forgotten: ForgottenContainers,
    private readonly oldEvents: OldEvents,
    private readonly runs: RunProgress,
    private readonly launches: LaunchRenewal,
    private readonly engine: EngineIdentity,
  ) {}

  /** Hands a trigger for each to `receive`. What is away is logged; the next sweep finds the same. */
  async run(receive: (trigger: Trigger) => void): Promise<void> {
    await this.logged(this.sweepRows(receive));
    await this.logged(this.sweepHosts(receive));
    await this.logged(this.oldEvents.prune());
    await this.logged(this.launches.renew());
  }

  private async sweepRows(receive: (trigger: Trigger) => void): Promise<void> {
    const builds = await this.dataSource.manager.find(BuildRow, {
      where: { state: 'in_progress' },
      order: { id: 'ASC' },
    });
    for (const { id } of builds) receive({ kind: 'build', buildId: id });
    for (const runId of await this.runs.unfinished()) receive({ kind: 'run', runId });
    for (const key of await this.appEnvironments.all()) receive({ kind: 'app_environment', ...key });
  }

  private async sweepHosts(receive: (trigger: Trigger) => void): Promise<void> {
    for (const { appId, environmentId } of await this.forgotten.find())
      receive({ kind: 'app_environment', appId, environmentId });
  }

  private async logged(part: Promise<void>): Promise<void> {
    await part.catch((error: unknown) =>
      this.engine.log.warn({ error: sentenceOf(error) }, 'the sweep did not come through'),
    );
  }
}

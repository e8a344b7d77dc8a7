import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';
import type { BuildOutcome } from '../../domain/build/build-lifecycle.js';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { AppRow, BuildRow } from '../entities/index.js';
import type { AppEnvironmentKey } from './app-environments.js';
import { tellOfBuild } from './tell.js';

/** A build and the app that it is of. */
export interface BuildWithApp {
  readonly build: BuildRow;
  readonly app: AppRow;
}

/** The engine's reads and writes of builds. Ends are compare-and-set: a build ends once. */
@Injectable()
export class BuildProgress {
  constructor(private readonly dataSource: DataSource) {}

  /** The build and its app; null when there is none. */
  async read(id: string): Promise<BuildWithApp | null> {
    const build = await this.dataSource.manager.findOneBy(BuildRow, { id });
    const app = build === null ? null : await this.dataSource.manager.findOneBy(AppRow, { id: build.appId });
    return build === null || app === null ? null : { build, app };
  }

  /** Counts that an engine begins, and answers the how-manieth time it is. */
  async begin(id: string): Promise<number> {
    const rows = await this.dataSource.query<{ attempts: number }[]>(
      `WITH begun AS (UPDATE builds SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts) SELECT * FROM begun`,
      [id],
    );
    return rows[0]?.attempts ?? 0;
  }

  /** Puts it back into the queue: its engine was stopped, which is no fault of it, or its host was lost under it. */
  async putBack(id: string, hostWasLost = false): Promise<void> {
    await this.dataSource.query(
      `UPDATE builds SET phase = 'queued', attempts = greatest(attempts - 1, 0), host_losses = host_losses + $2
       WHERE id = $1 AND state = 'in_progress'`,
      [id, hostWasLost ? 1 : 0],
    );
  }

  /** Writes down where it has come to. */
  async enter(id: string, phase: 'building' | 'pushing'): Promise<void> {
    await this.dataSource.manager.update(BuildRow, { id, state: 'in_progress' }, { phase });
  }

  /** Whether somebody said that it should end. */
  async isCanceled(id: string): Promise<boolean> {
    return this.dataSource.manager.existsBy(BuildRow, { id, cancelRequestedAt: Not(IsNull()) });
  }

  /** The end of a build whose image is in the registry. */
  async complete(id: string, image: string): Promise<boolean> {
    return this.end(id, { state: 'completed', outcome: 'succeeded', image });
  }

  /** The end of a build that brought no image. */
  async fail(
    id: string,
    failureReason: string,
    outcome: Exclude<BuildOutcome, 'succeeded'> = 'failed',
  ): Promise<boolean> {
    return this.end(id, { state: 'failed', outcome, failureReason });
  }

  /** The apps in environments whose deploys wait for this build. */
  async waitingFor(id: string): Promise<readonly AppEnvironmentKey[]> {
    return this.dataSource.query<AppEnvironmentKey[]>(
      `SELECT app_id AS "appId", environment_id AS "environmentId" FROM deploys WHERE build_id = $1 AND state = ANY($2)`,
      [id, IN_PROGRESS_DEPLOY_STATES],
    );
  }

  private async end(id: string, patch: Partial<BuildRow>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const end = { ...patch, phase: 'settled' as const, completedAt: new Date() };
      const result = await manager.update(BuildRow, { id, state: 'in_progress' }, end);
      if (result.affected !== 1) return false;
      await tellOfBuild(manager, patch.state === 'completed' ? 'build.completed' : 'build.failed', id);
      return true;
    });
  }
}

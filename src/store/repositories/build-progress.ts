import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import { AppRow, BuildRow, HostRow } from '../entities/index.js';
import type { AppEnvironmentKey } from './app-environments.js';
import { tellOfBuild } from './tell.js';

/** A build and the app that it is of. */
export interface BuildWithApp {
  readonly build: BuildRow;
  readonly app: AppRow;
}

/** What a host that builds is chosen by. */
export interface BuildLoads {
  /** Other builds in progress, by the name of their host. */
  readonly running: ReadonlyMap<string, number>;
  /** Names of the hosts that get no new work. */
  readonly cordoned: ReadonlySet<string>;
}

/** At least the name of the host that was chosen. */
interface ChosenHost {
  readonly host: { readonly name: string };
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

  /** Takes back that it was begun: the engine was stopped, which is no fault of the build. */
  async giveBack(id: string): Promise<void> {
    await this.dataSource.query(`UPDATE builds SET attempts = attempts - 1 WHERE id = $1 AND attempts > 0`, [id]);
  }

  /**
   * Has a host chosen, and keeps it. Choices are made one after the other, in all engines, so that builds that begin
   * together do not all see the same host idle.
   */
  async chooseHost<T extends ChosenHost>(id: string, choose: (loads: BuildLoads) => T): Promise<T> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', ['choice of build hosts']);
      const running = await manager.query<{ host: string; running: number }[]>(
        `SELECT container_host AS host, count(*)::int AS running FROM builds
         WHERE state = 'in_progress' AND container_host IS NOT NULL AND id <> $1 GROUP BY container_host`,
        [id],
      );
      const cordoned = await manager.find(HostRow, { where: { cordoned: true } });
      const chosen = choose({
        running: new Map(running.map((each) => [each.host, each.running])),
        cordoned: new Set(cordoned.map(({ name }) => name)),
      });
      await manager.update(BuildRow, { id }, { containerHost: chosen.host.name });
      return chosen;
    });
  }

  /** The end of a build whose image is in the registry. */
  async complete(id: string, image: string): Promise<boolean> {
    return this.end(id, { state: 'completed', image });
  }

  /** The end of a build that failed. */
  async fail(id: string, failureReason: string): Promise<boolean> {
    return this.end(id, { state: 'failed', failureReason });
  }

  /** The apps in environments whose deploys wait for this build. */
  async waitingFor(id: string): Promise<readonly AppEnvironmentKey[]> {
    return this.dataSource.query<AppEnvironmentKey[]>(
      `SELECT app_id AS "appId", environment_id AS "environmentId" FROM deploys WHERE build_id = $1 AND state = ANY($2)`,
      [id, IN_PROGRESS_DEPLOY_STATES],
    );
  }

  private async end(id: string, patch: Partial<Pick<BuildRow, 'state' | 'image' | 'failureReason'>>): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const end = { ...patch, completedAt: new Date() };
      const result = await manager.update(BuildRow, { id, state: 'in_progress' }, end);
      if (result.affected !== 1) return false;
      await tellOfBuild(manager, patch.state === 'completed' ? 'build.completed' : 'build.failed', id);
      return true;
    });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import { ReleaseRow, RunRow } from '../entities/index.js';
import { idOrNotFound } from './directory.js';
import { lockApp } from './lock-app.js';
import { tellOfRun } from './tell-of-run.js';

/** What a run is asked for with. */
export type NewRun = Omit<
  RunRow,
  | 'id'
  | 'state'
  | 'outcome'
  | 'exitCode'
  | 'signal'
  | 'failureReason'
  | 'waitingFor'
  | 'execId'
  | 'cancelRequestedAt'
  | 'stopReason'
  | 'stopAt'
  | 'removedAt'
  | 'consoleSeenAt'
  | 'outputAt'
  | 'createdAt'
  | 'startedAt'
  | 'completedAt'
>;

/** Runs as they are asked for and read. */
@Injectable()
export class Runs {
  constructor(private readonly dataSource: DataSource) {}

  /** One by id. */
  async get(id: string): Promise<RunRow> {
    const run = await this.dataSource.manager.findOneBy(RunRow, { id: idOrNotFound('run', id) });
    if (run === null) throw notFound('run', id);
    return run;
  }

  /** Writes a run of an app, unless so many of it are not over yet. Those who ask at once take turns. */
  async create(run: NewRun, most: number): Promise<RunRow> {
    return this.dataSource.transaction(async (manager) => {
      const app = await lockApp(manager, run.appId, 'share');
      await manager.query(`SELECT pg_advisory_xact_lock(hashtextextended('jockey:runs of ' || $1, 0))`, [app.id]);
      const open = await openOf(manager, app.id);
      if (open >= most)
        throw new DomainError(
          'conflict',
          `${open} commands of ${app.name} run or wait already, which is the most at once (RUNS_PER_APP): let one end, or cancel it with POST /runs/ID/cancel.`,
        );
      const row = await manager.save(RunRow, run as RunRow);
      await tellOfRun(manager, 'run.created', row.id);
      return row;
    });
  }

  /** Asks for a run's end; what has ended already stays as it is. A transaction, to which the claim of its request is bound. */
  async cancel(id: string): Promise<void> {
    await this.dataSource.transaction((manager) =>
      manager.query(
        `UPDATE runs SET cancel_requested_at = now()
         WHERE id = $1 AND state = ANY($2) AND cancel_requested_at IS NULL`,
        [id, runLifecycle.open],
      ),
    );
  }

  /** Takes it upon oneself to begin what is run in an instance; false where another did, or where it is over. */
  async claimExec(id: string, execId: string): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `WITH claimed AS (UPDATE runs SET state = 'starting', exec_id = $2
         WHERE id = $1 AND state = 'waiting' AND exec_id IS NULL AND cancel_requested_at IS NULL RETURNING 1)
       SELECT * FROM claimed`,
      [id, execId],
    );
    return rows.length === 1;
  }

  /** Notes that somebody is at its console now. */
  async noteConsole(id: string): Promise<void> {
    await this.dataSource.query(`UPDATE runs SET console_seen_at = now() WHERE id = $1`, [id]);
  }

  /** The release that runs in a place now: the newest one; null where there is none. */
  async currentRelease(place: { readonly appId: string; readonly environmentId: string }): Promise<ReleaseRow | null> {
    return this.dataSource.manager.findOne(ReleaseRow, { where: { ...place }, order: { number: 'DESC' } });
  }
}

/** In SQL: the runs whose containers are on hosts, or will be in a moment. */
export const RUNS_ON_HOSTS = `runs WHERE kind = 'one_off' AND state IN ('starting', 'running')`;

async function openOf(manager: EntityManager, appId: string): Promise<number> {
  const [row] = await manager.query<{ open: number }[]>(
    `SELECT count(*)::int AS open FROM runs WHERE app_id = $1 AND state = ANY($2)`,
    [appId, runLifecycle.open],
  );
  return row?.open ?? 0;
}

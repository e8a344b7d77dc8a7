import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import { RunRow } from '../entities/index.js';
import type { Lease } from '../leases.js';
import { runKindOf, tellOfRun } from './tell-of-run.js';

/** What changes of a run when it goes one step on. */
export type RunChange = Partial<
  Pick<
    RunRow,
    | 'state'
    | 'outcome'
    | 'exitCode'
    | 'signal'
    | 'failureReason'
    | 'waitingFor'
    | 'host'
    | 'containerName'
    | 'execId'
    | 'stopReason'
    | 'stopAt'
    | 'startedAt'
    | 'completedAt'
    | 'removedAt'
  >
>;

/** A run, and under what it is changed. */
interface HeldRunRow {
  readonly lease: Lease;
  readonly run: RunRow;
}

/** After so long nobody looks for the container of a run that was lost with its host. */
const REMEMBERED = '1 day';

/** The engine's reads and writes of runs: compare-and-set under a lease, so that a run goes each step once. */
@Injectable()
export class RunProgress {
  constructor(private readonly dataSource: DataSource) {}

  /** Null where there is none. */
  async read(id: string): Promise<RunRow | null> {
    return this.dataSource.manager.findOneBy(RunRow, { id });
  }

  /** Ids of those that are not over, and of those whose container may still be there. */
  async unfinished(): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM runs WHERE state = ANY($1) OR (kind = 'one_off' AND host IS NOT NULL AND removed_at IS NULL
         AND completed_at > now() - $2::interval) ORDER BY id`,
      [runLifecycle.open, REMEMBERED],
    );
    return rows.map(({ id }) => id);
  }

  /** Writes a step and tells of it; false when the run is in another state by now, or the lease is lost. */
  async change(held: HeldRunRow, change: RunChange, manager?: EntityManager): Promise<boolean> {
    const kind = runKindOf(change.state);
    if (kind === null) return this.write(held, change, manager ?? this.dataSource.manager);
    const tell = async (within: EntityManager): Promise<boolean> => {
      const isDone = await this.write(held, change, within);
      if (isDone) await tellOfRun(within, kind, held.run.id);
      return isDone;
    };
    return manager === undefined ? this.dataSource.transaction(tell) : tell(manager);
  }

  private async write({ lease, run }: HeldRunRow, change: RunChange, manager: EntityManager): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .update(RunRow)
      .set(change)
      .where('id = :id AND state = :state', { id: run.id, state: run.state })
      .andWhere(HELD_LEASE, { key: lease.key, holder: lease.holder, token: lease.token })
      .execute();
    return result.affected === 1;
  }

  /** Whether it is in the same state still, and the lease held: asked right before something that is done once. */
  async stillMine(lease: Lease, { id, state }: RunRow): Promise<boolean> {
    return this.dataSource.manager
      .createQueryBuilder(RunRow, 'run')
      .where('run.id = :id AND run.state = :state', { id, state })
      .andWhere(HELD_LEASE, { key: lease.key, holder: lease.holder, token: lease.token })
      .getExists();
  }

  /** Keeps up to when the output is in the log. */
  async keepOutputAt(id: string, at: bigint): Promise<void> {
    await this.dataSource.query(
      'UPDATE runs SET output_at = greatest(COALESCE(output_at, 0), $2::bigint) WHERE id = $1',
      [id, String(at)],
    );
  }
}

/** True in SQL while the lease is held. */
const HELD_LEASE = `EXISTS (SELECT 1 FROM leases WHERE leases.key = :key AND leases.holder = :holder
  AND leases.token = :token AND leases.expires_at > now())`;

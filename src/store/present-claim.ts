import { AsyncLocalStorage } from 'node:async_hooks';
import { type EntitySubscriberInterface, EventSubscriber, type InsertEvent, type QueryRunner } from 'typeorm';
import { DomainError } from '../domain/kernel/errors.js';

/** Id of the first row that a request wrote in each table: what it created. */
export type Effect = Readonly<Record<string, string>>;

/** A request that claimed its `Idempotency-Key`, while it runs. */
export class PresentClaim {
  private readonly open = new WeakMap<QueryRunner, Record<string, string>>();
  private committed: Effect = {};

  constructor(
    readonly key: string,
    /** Names this run of the request: one that took the claim over has another. */
    readonly run: string,
  ) {}

  /** Notes a new row; it counts when its transaction is committed. */
  note(runner: QueryRunner, table: string, id: string): void {
    this.open.set(runner, { [table]: id, ...this.open.get(runner) });
  }

  /** Forgets what a transaction noted that is undone. */
  forget(runner: QueryRunner): void {
    this.open.delete(runner);
  }

  /** Binds what a transaction wrote to the claim, in the same transaction: both are there, or neither. */
  async bind(runner: QueryRunner): Promise<void> {
    if (!(await hasWritten(runner))) return;
    const effect = { ...this.open.get(runner), ...this.committed };
    const bound = (await runner.query(
      'UPDATE idempotency_keys SET effect = $3::jsonb WHERE key = $1 AND run = $2 AND status IS NULL',
      [this.key, this.run, JSON.stringify(effect)],
      true,
    )) as { affected?: number };
    if (bound.affected !== 1) throw overtaken();
    this.committed = effect;
  }
}

const storage = new AsyncLocalStorage<PresentClaim>();

/** Runs a request whose transactions are bound to a claim. */
export const underClaim = <T>(claim: PresentClaim, run: () => T): T => storage.run(claim, run);

/** Notes a row that was written by SQL of our own, which TypeORM does not tell of. */
export function noteCreated(runner: QueryRunner | undefined, table: string, id: string): void {
  if (runner !== undefined) storage.getStore()?.note(runner, table, id);
}

/** Tells the present claim of every row and every transaction. Where nothing is claimed, as in the engine, it does nothing. */
@EventSubscriber()
export class ClaimSubscriber implements EntitySubscriberInterface {
  afterInsert({ queryRunner, metadata, entity, entityId }: InsertEvent<{ id?: unknown }>): void {
    const id = (entityId as { id?: unknown } | undefined)?.id ?? entity?.id;
    if (typeof id === 'string') noteCreated(queryRunner, metadata.tableName, id);
  }

  async beforeTransactionCommit({ queryRunner }: { queryRunner: QueryRunner }): Promise<void> {
    await storage.getStore()?.bind(queryRunner);
  }

  afterTransactionRollback({ queryRunner }: { queryRunner: QueryRunner }): void {
    storage.getStore()?.forget(queryRunner);
  }
}

/** A transaction that only read has no number, and may even be forbidden to write. */
async function hasWritten(runner: QueryRunner): Promise<boolean> {
  const [row] = (await runner.query('SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS wrote')) as {
    wrote: boolean;
  }[];
  return row?.wrote === true;
}

const overtaken = (): DomainError =>
  new DomainError(
    'conflict',
    'This request was silent for so long that a repetition with the same Idempotency-Key took its place; nothing was done here. Repeat it to get that answer.',
  );

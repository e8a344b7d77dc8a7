import type { DataSource, EntityManager } from 'typeorm';
import { sentenceOf } from '../domain/kernel/errors.js';
import type { SealedColumn, SealedRow } from './sealed-columns.js';
import type { SecretBox } from './secret-box.js';

/** Rows of one transaction: few enough that nobody waits long for a lock. */
const BATCH = 100;

/** What became of a column. */
export interface Rotated {
  readonly table: string;
  readonly column: string;
  /** Rows that were sealed anew. */
  readonly rows: number;
  /** Rows that could not be, each with why. */
  readonly faults: readonly { readonly row: string; readonly why: string }[];
}

/** Secrets that an old key sealed. */
export interface OldSeals {
  readonly table: string;
  readonly column: string;
  /** Name of the key. */
  readonly key: string;
  /** Secrets that it sealed. */
  readonly count: number;
}

/**
 * Seals with the present key what older keys sealed, a batch a transaction: broken off, it goes on where it was, because
 * what is done is not found again. It runs beside the API and the engine; what they copied meanwhile is found by one more
 * look.
 */
export class SecretRotation {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
    private readonly columns: readonly SealedColumn[],
  ) {}

  /** Seals all anew that can be. */
  async run(): Promise<readonly Rotated[]> {
    const done: Rotated[] = [];
    for (const column of this.columns) done.push(await this.column(column));
    return done;
  }

  /** What older keys still sealed; empty where the present one is enough. */
  async oldSeals(): Promise<readonly OldSeals[]> {
    const lists = await Promise.all(this.columns.map((column) => this.oldSealsOf(column)));
    return lists.flat();
  }

  private async column(column: SealedColumn): Promise<Rotated> {
    const faults = new Map<string, string>();
    let rows = 0;
    for (let found = true; found;) {
      found = false;
      for (let last = '0'; ;) {
        const batch = await this.batch(column, { last, faults });
        if (batch.last === null) break;
        rows += batch.rows;
        found ||= batch.rows > 0;
        last = batch.last;
      }
    }
    const { table, column: name } = column;
    return { table, column: name, rows, faults: [...faults].map(([row, why]) => ({ row, why })) };
  }

  /** Answers how many rows it sealed anew, and the last that it saw; null where there are no more. */
  private batch(column: SealedColumn, at: At): Promise<{ rows: number; last: string | null }> {
    return this.dataSource.transaction(async (manager) => {
      const rows = await manager.query<(SealedRow & { jockey_value: unknown })[]>(selectOf(column), [
        JSON.stringify({ now: this.box.keyName }),
        at.last,
      ]);
      let done = 0;
      for (const row of rows) if (await this.row(manager, { column, row, faults: at.faults })) done += 1;
      return { rows: done, last: rows.at(-1)?.[column.key] ?? null };
    });
  }

  private async row(manager: EntityManager, { column, row, faults }: One): Promise<boolean> {
    const id = row[column.key] ?? '';
    try {
      const value = column.reseal(row.jockey_value, row, this.box);
      await manager.query(`UPDATE "${column.table}" SET "${column.column}" = $2::jsonb WHERE "${column.key}" = $1`, [
        id,
        JSON.stringify(value),
      ]);
      return true;
    } catch (error) {
      faults.set(id, sentenceOf(error));
      return false;
    }
  }

  private async oldSealsOf({ table, column, keys }: SealedColumn): Promise<OldSeals[]> {
    return this.dataSource.query<OldSeals[]>(
      `SELECT $2::text AS table, $3::text AS column, seal.key #>> '{}' AS key, count(*)::int AS count
       FROM "${table}" sealed_row, jsonb_path_query(sealed_row."${column}", '${keys}') AS seal (key)
       WHERE seal.key #>> '{}' <> $1 GROUP BY 3 ORDER BY 3`,
      [this.box.keyName, table, column],
    );
  }
}

interface At {
  readonly last: string;
  readonly faults: Map<string, string>;
}

interface One extends Pick<At, 'faults'> {
  readonly column: SealedColumn;
  readonly row: SealedRow & { readonly jockey_value: unknown };
}

/** Locked, so that nobody writes a row between its reading and its writing. */
function selectOf({ table, column, key, reads, keys }: SealedColumn): string {
  const texts = [key, ...reads].map((name) => `"${name}"::text AS "${name}"`).join(', ');
  return `SELECT ${texts}, "${column}" AS jockey_value FROM "${table}" sealed_row
    WHERE jsonb_path_exists("${column}", '${keys} ? (@ != $now)', $1::jsonb) AND sealed_row."${key}" > $2::bigint
    ORDER BY sealed_row."${key}" LIMIT ${BATCH} FOR UPDATE`;
}

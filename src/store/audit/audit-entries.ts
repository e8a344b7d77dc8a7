import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { canonicalOf, type ChainedEntry, type NewAuditEntry, SAID } from './chain.js';
import type { ChainHead } from './verify-chain.js';

/** So many entries are read at once. */
const BATCH = 500;

/** The chain in Postgres: it is only ever added to. */
@Injectable()
export class AuditEntries {
  constructor(private readonly dataSource: DataSource) {}

  /** Adds an entry and answers its number. Of many at once each waits for the one before: there is one chain. */
  async append(entry: NewAuditEntry): Promise<string> {
    const said = columnsOf(entry);
    const [added] = await this.dataSource.query<{ id: string }[]>(
      'SELECT append_audit_entry($1::jsonb, $2, $3) AS id',
      [JSON.stringify(said), entry.writeId, canonicalOf(said)],
    );
    return added?.id ?? '';
  }

  /** Every entry from a number on, oldest first; read in batches, so that a long chain fits into little memory. */
  async *from(id: string, upTo: string | null = null): AsyncGenerator<ChainedEntry> {
    for (let next = id; ;) {
      const batch = await this.dataSource.query<ChainedEntry[]>(
        `SELECT * FROM audit_entries WHERE id >= $1 AND ($2::bigint IS NULL OR id <= $2) ORDER BY id LIMIT ${BATCH}`,
        [next, upTo],
      );
      yield* batch.map(exported);
      const last = batch.at(-1);
      if (last === undefined || batch.length < BATCH) return;
      next = String(BigInt(last.id) + 1n);
    }
  }

  /** What the second table says is the last entry. */
  async recordedHead(): Promise<ChainHead | undefined> {
    const [head] = await this.dataSource.query<ChainHead[]>('SELECT last_id AS id, hash FROM audit_head');
    return head;
  }
}

/** By the names of the columns. */
function columnsOf(entry: NewAuditEntry): Record<(typeof SAID)[number], unknown> {
  const named = Object.entries(entry).map(([name, value]) => [
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    typeof value === 'string' ? storable(value) : value,
  ]);
  const all = Object.fromEntries(named) as Record<string, unknown>;
  return Object.fromEntries(SAID.map((name) => [name, all[name] ?? null])) as Record<(typeof SAID)[number], unknown>;
}

/** Postgres takes no NUL and no half of a surrogate pair into a text. */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');

/** Columns in one order, and a time as it was hashed. */
function exported(row: ChainedEntry): ChainedEntry {
  const at = (row.at as Date).toISOString();
  const said = Object.fromEntries(SAID.map((name) => [name, name === 'at' ? at : row[name]]));
  const { id, write_id, previous_hash, hash } = row;
  return { id, write_id, ...said, previous_hash, hash } as ChainedEntry;
}

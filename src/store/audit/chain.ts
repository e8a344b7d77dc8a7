import { createHash } from 'node:crypto';
import type { AuditEntryRow } from '../entities/audit-entry.entity.js';

/** What a new entry says; its number and its place in the chain are given to it. */
export type NewAuditEntry = Omit<AuditEntryRow, 'id' | 'writeId' | 'at' | 'previousHash' | 'hash'> & {
  readonly at: string;
  /** The entry that began the write; null for one that begins. */
  readonly writeId: string | null;
};

/** An entry as it is exported: the columns by their names, times as text. */
export type ChainedEntry = Readonly<Record<(typeof SAID)[number], unknown>> & {
  readonly id: string;
  readonly write_id: string;
  readonly previous_hash: string;
  readonly hash: string;
};

/** The columns under the hash, beside the number, the write and the hash before, in the order of the canonical form. */
export const SAID = [
  'actor_kind',
  'actor_login',
  'actor_name',
  'after',
  'app_id',
  'at',
  'before',
  'environment',
  'error',
  'input',
  'ip',
  'method',
  'operation',
  'path',
  'phase',
  'replayed',
  'request_id',
  'status',
  'subject',
  'subject_id',
  'user_agent',
  'verb',
] as const;

/** Stands before the first entry. */
export const NO_HASH = '0'.repeat(64);

/** JSON without spaces, the fields in the order of their names: one text for one entry. */
export function canonicalOf(said: Readonly<Record<(typeof SAID)[number], unknown>>): string {
  return JSON.stringify(Object.fromEntries(SAID.map((name) => [name, said[name] ?? null])));
}

/** The hash of an entry: SHA-256 of the hash before, the numbers and the canonical form, each on a line. */
export function hashOf(entry: ChainedEntry): string {
  const text = [entry.previous_hash, entry.id, entry.write_id, canonicalOf(entry)].join('\n');
  return createHash('sha256').update(text).digest('hex');
}

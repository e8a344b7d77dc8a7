import { type EntityManager, In } from 'typeorm';
import { AppRow, EnvironmentRow, StackRow, WorkerRow } from '../entities/index.js';

type Named = AppRow | EnvironmentRow | StackRow | WorkerRow;

/** Names by id, of the rows that are there; deleted apps too. */
export type Names = ReadonlyMap<string, string>;

/** Reads the names of rows in one query. */
export async function namesOf(manager: EntityManager, entity: new () => Named, ids: readonly string[]): Promise<Names> {
  if (ids.length === 0) return new Map();
  const rows = await manager.find(entity, { select: { id: true, name: true }, where: { id: In([...new Set(ids)]) } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}

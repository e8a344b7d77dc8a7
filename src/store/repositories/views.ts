import { type EntityManager, In } from 'typeorm';
import { AppRow, BuildRow, EnvironmentRow, StackRow } from '../entities/index.js';
import { type Names, namesOf } from './names.js';

/** Apps and the names of their stacks, as their view needs them. */
export interface AppsSeen {
  readonly apps: ReadonlyMap<string, AppRow>;
  readonly stacks: Names;
}

/** Reads apps by id, deleted ones too, and the names of their stacks. */
export async function appsOf(manager: EntityManager, ids: readonly string[]): Promise<AppsSeen> {
  const rows = await manager.findBy(AppRow, { id: In([...new Set(ids)]) });
  const stackIds = rows.map(({ stackId }) => stackId);
  return { apps: byId(rows), stacks: await namesOf(manager, StackRow, stackIds) };
}

/** Reads environments by id. */
export async function environmentsOf(
  manager: EntityManager,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EnvironmentRow>> {
  return byId(await manager.findBy(EnvironmentRow, { id: In([...new Set(ids)]) }));
}

/** Reads builds by id. */
export async function buildsOf(
  manager: EntityManager,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, BuildRow>> {
  const known = ids.filter((id): id is string => id !== null);
  return byId(await manager.findBy(BuildRow, { id: In([...new Set(known)]) }));
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

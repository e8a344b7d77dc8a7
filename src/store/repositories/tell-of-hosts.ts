import { type EntityManager, In } from 'typeorm';
import { type HostEventKind, hostKindOf } from '../../domain/host/host-changes.js';
import { HostRow } from '../entities/index.js';
import { Events } from './events.js';

/** Does a write and records what it changed about hosts: call it in a transaction, with the words on hosts in turn. */
export async function tellingOfHosts(
  manager: EntityManager,
  names: readonly string[],
  write: () => Promise<unknown>,
): Promise<void> {
  const before = await standsOf(manager, names);
  await write();
  const after = await standsOf(manager, names);
  for (const name of names) {
    const kind = hostKindOf(before.get(name), after.get(name));
    if (kind !== null) await tellOfHost(manager, kind, { name, reason: after.get(name)?.reason ?? null });
  }
}

/** Records what became of a host; it belongs to no app and to no environment. */
export async function tellOfHost(
  manager: EntityManager,
  kind: HostEventKind,
  { name, reason }: { readonly name: string; readonly reason: string | null },
): Promise<void> {
  const of = { appId: null, environmentId: null, subject: 'host', subjectId: name } as const;
  await Events.record(manager, { kind, ...of, data: { host: name, reason } });
}

async function standsOf(manager: EntityManager, names: readonly string[]): Promise<ReadonlyMap<string, HostRow>> {
  const rows = await manager.findBy(HostRow, { name: In([...names]) });
  return new Map(rows.map((row) => [row.name, row]));
}

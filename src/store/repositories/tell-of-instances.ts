import { type EntityManager, In } from 'typeorm';
import type { EventKind, NewEvent } from '../../domain/event/event-kind.js';
import type { InstanceState } from '../../domain/instance/instance-lifecycle.js';
import { InstanceRow } from '../entities/index.js';
import { Events } from './events.js';

/** Records that instances came into the state that their rows say now. */
export async function tellOfInstances(manager: EntityManager, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await manager.find(InstanceRow, { where: { id: In([...ids]) }, order: { id: 'ASC' } });
  await Events.recordAll(
    manager,
    rows.map((row) => eventOf(row, `instance.${row.state}`)),
  );
}

/** Records a step of an instance, and what it means for traffic. `before` is the state that it comes from. */
export async function tellOfMove(
  manager: EntityManager,
  { id, before }: { readonly id: string; readonly before: InstanceState },
): Promise<void> {
  const row = await manager.findOneByOrFail(InstanceRow, { id });
  const gone = before === 'healthy' ? changeOfRoute(row, 'removed') : [];
  const come = row.state === 'healthy' ? changeOfRoute(row, 'added') : [];
  await Events.recordAll(manager, [...gone, eventOf(row, `instance.${row.state}`), ...come]);
}

/** Records that an instance that stood by was given to traffic. */
export async function tellOfLive(manager: EntityManager, id: string): Promise<void> {
  await Events.recordAll(manager, changeOfRoute(await manager.findOneByOrFail(InstanceRow, { id }), 'added'));
}

/** Only what has a port, and was given to traffic, has ever been on a route. */
function changeOfRoute(row: InstanceRow, change: 'added' | 'removed'): readonly NewEvent[] {
  return row.hostPort === null || row.liveAt === null ? [] : [eventOf(row, 'route.changed', { change })];
}

function eventOf(row: InstanceRow, kind: EventKind, more: Readonly<Record<string, unknown>> = {}): NewEvent {
  const { id: subjectId, appId, environmentId, deployId, spec, slot, attempt, host, hostPort } = row;
  const cause = kind === 'instance.failed' ? { cause: row.failure?.cause ?? null } : {};
  const data = { deploy_id: deployId, worker: spec.name, slot, attempt, host, port: hostPort, ...cause, ...more };
  return { kind, appId, environmentId, subject: 'instance', subjectId, data };
}

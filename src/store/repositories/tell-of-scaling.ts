import type { EntityManager } from 'typeorm';
import type { WorkerRow } from '../entities/index.js';
import { Events } from './events.js';

/** Records that a worker scaled itself; `worker` is as it was. */
export async function tellOfScaling(
  manager: EntityManager,
  { id, name, scale, appId, environmentId }: WorkerRow,
  { to, reason }: { readonly to: number; readonly reason: string },
): Promise<void> {
  const data = { worker: name, from_scale: scale, to_scale: to, cause: 'autoscaling', reason };
  await Events.record(manager, {
    kind: 'worker.scaled',
    appId,
    environmentId,
    subject: 'worker',
    subjectId: id,
    data,
  });
}

import { type EntityManager, IsNull } from 'typeorm';
import { notFound } from '../../domain/kernel/errors.js';
import { AppRow } from '../entities/index.js';

/**
 * Locks a living app until the transaction ends: `share` for what needs the app to stay (a deploy, a change of scale),
 * `update` for what takes it away. So an app is never deleted while a deploy of it is being written, and no deploy is
 * written of an app that is being deleted. An app that is gone throws `not_found`.
 */
export async function lockApp(manager: EntityManager, id: string, how: 'share' | 'update'): Promise<AppRow> {
  const mode = how === 'share' ? 'pessimistic_read' : 'pessimistic_write';
  const app = await manager.findOne(AppRow, { where: { id, deletedAt: IsNull() }, lock: { mode } });
  if (app === null) throw notFound('app', id);
  return app;
}

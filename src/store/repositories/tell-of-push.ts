import type { EntityManager } from 'typeorm';
import type { Push } from '../../domain/push/push.js';
import { Events } from './events.js';

/** Records that GitHub told of a push to the repository of an app, before what it leads to; its delivery says what that is. */
export async function tellOfPush(
  manager: EntityManager,
  { appId, guid, replayOf }: { readonly appId: string; readonly guid: string; readonly replayOf: string | null },
  { ref, sha, forced, deleted }: Push,
): Promise<void> {
  await Events.record(manager, {
    kind: 'push.received',
    appId,
    environmentId: null,
    subject: 'push',
    subjectId: guid,
    data: { ref, rref: sha, forced, deleted, replayed: replayOf !== null },
  });
}

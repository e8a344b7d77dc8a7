import type { EntityManager } from 'typeorm';
import { textOfDeploy } from '../../domain/event/text-of-deploy.js';
import { ChatThreadRow, type EventRow } from '../entities/index.js';
import { putInOutbox } from './outbox.js';

/** Each thread in which this deploy is told of. */
export async function toChat(manager: EntityManager, event: EventRow): Promise<void> {
  if (event.subject !== 'deploy') return;
  for (const thread of await manager.findBy(ChatThreadRow, { deployId: event.subjectId }))
    await toThread(manager, event, thread);
}

/** Where no thread can be written to, only the end is told: a command may be answered five times. */
export async function toThread(manager: EntityManager, event: EventRow, thread: ChatThreadRow): Promise<void> {
  const told = textOfDeploy(event);
  if (told === null || (thread.message === null && !told.isEnd)) return;
  await putInOutbox(manager, event, {
    channel: 'chat',
    key: thread.id,
    lane: `chat ${thread.id}`,
    payload: { thread: thread.id, text: told.text },
  });
}

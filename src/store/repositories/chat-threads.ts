import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ChatThreadRow, DeployRow, EventRow } from '../entities/index.js';
import { THREAD_OWNER } from '../sealed-columns.js';
import { SecretBox } from '../secret-box.js';
import { ringDeliveryBell } from './events.js';
import { toThread } from './fan-to-chat.js';

/** Where a deploy is told of. */
export interface NewThread {
  readonly deployId: string;
  readonly channel: string;
  /** The message that the thread hangs on; null where there is none. */
  readonly message: string | null;
  /** Where the answer to the command goes. */
  readonly responseUrl: string;
}

/** Where deploys that were asked for in a chat are told of. */
@Injectable()
export class ChatThreads {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** Keeps a thread; what became of its deploy meanwhile is told of at once. Without a key and a message it is not kept. */
  async keep({ deployId, channel, message, responseUrl }: NewThread): Promise<void> {
    if (message === null && !this.box.ready) return;
    const sealed = message === null ? this.box.seal(responseUrl, THREAD_OWNER) : null;
    await this.dataSource.transaction(async (manager) => {
      await manager.findOne(DeployRow, { where: { id: deployId }, lock: { mode: 'pessimistic_write' } });
      const row = { deployId, channel, message, responseUrl: sealed } as ChatThreadRow;
      const thread = await manager.save(ChatThreadRow, row);
      await this.catchUp(manager, thread);
    });
  }

  /** The address for the answer; null where the thread hangs on a message. */
  responseUrlOf({ responseUrl }: ChatThreadRow): string | null {
    return responseUrl === null ? null : this.box.open(responseUrl, THREAD_OWNER);
  }

  /** The lock of the deploy's row keeps out events that would otherwise miss the thread. */
  private async catchUp(manager: EntityManager, thread: ChatThreadRow): Promise<void> {
    const events = await manager.find(EventRow, {
      where: { subject: 'deploy', subjectId: thread.deployId },
      order: { id: 'ASC' },
    });
    for (const event of events) await toThread(manager, event, thread);
    await ringDeliveryBell(manager);
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import { CHAT_ROOM, type ChatRoom } from '../../ports/chat-room.js';
import { ChatThreadRow } from '../../store/entities/index.js';
import { ChatThreads } from '../../store/repositories/chat-threads.js';
import { arrived, type Carrier, type CarryResult, type Parcel } from './carrier.js';

/** Tells in a chat what became of a deploy that was asked for there. */
@Injectable()
export class ChatCarrier implements Carrier {
  readonly channel = 'chat';

  constructor(
    private readonly dataSource: DataSource,
    private readonly threads: ChatThreads,
    @Inject(CHAT_ROOM) private readonly room: ChatRoom,
  ) {}

  async carry({ delivery: { payload } }: Parcel): Promise<CarryResult> {
    const thread = await this.dataSource.manager.findOneBy(ChatThreadRow, { id: String(payload['thread']) });
    if (thread === null) throw new DomainError('not_found', 'The thread is no longer known.');
    const { channel, message } = thread;
    const text = String(payload['text']);
    if (message !== null) await this.room.post({ channel, thread: message, text });
    else await this.room.answer(this.threads.responseUrlOf(thread) ?? '', text);
    return arrived();
  }
}

import { DomainError } from '../../src/domain/kernel/errors.js';
import type { ChatMessage, ChatRoom } from '../../src/ports/chat-room.js';

/** Where the fake takes answers. */
export const FAKE_HOOKS = 'https://hooks.chat.test';

/** Keeps what was written. */
export class FakeChatRoom implements ChatRoom {
  readonly posted: (ChatMessage & { id: string })[] = [];
  readonly answered: { url: string; text: string }[] = [];
  mayPost = true;
  failing: Error | null = null;

  async post(message: ChatMessage): Promise<string> {
    if (this.failing !== null) throw this.failing;
    const id = String(this.posted.length + 1);
    this.posted.push({ ...message, id });
    return id;
  }

  async answer(url: string, text: string): Promise<void> {
    if (this.failing !== null) throw this.failing;
    if (!url.startsWith(`${FAKE_HOOKS}/`)) throw new DomainError('unprocessable_entity', 'Answers go elsewhere.');
    this.answered.push({ url, text });
  }
}

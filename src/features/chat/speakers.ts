import { Injectable } from '@nestjs/common';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { LoginCallers } from '../../http/auth/login-callers.js';
import { ChatLinks, type ChatUser } from '../../store/repositories/chat-links.js';

const LINK = /^\s*link\s+([A-Za-z0-9-]{1,20})\s*$/;

/** Who people of a chat are on GitHub, with whose rights they speak. */
@Injectable()
export class Speakers {
  constructor(
    private readonly links: ChatLinks,
    private readonly callers: LoginCallers,
  ) {}

  /** Links who says `link CODE`, and answers what to say; null for any other line. */
  async link(speaker: ChatUser, text: string): Promise<string | null> {
    const code = LINK.exec(text)?.[1];
    if (code === undefined) return null;
    const login = await this.links.link(speaker, code.toUpperCase());
    return login === null
      ? 'This code is not good, or not any more: POST /chat_links gives a new one.'
      : `You are ${login} now, with the rights of ${login}.`;
  }

  /** Throws `forbidden` for who is not linked, or is no member any more. */
  async callerOf(speaker: ChatUser): Promise<Caller> {
    const login = await this.links.loginOf(speaker);
    if (login === null)
      throw new DomainError(
        'forbidden',
        'Who you are on GitHub is not known: POST /chat_links with your token of GitHub gives a code; write it here: link CODE',
      );
    const caller = await this.callers.callerOf(login);
    if (caller === null) throw new DomainError('forbidden', `${login} is no member of the organization.`);
    return caller;
  }
}

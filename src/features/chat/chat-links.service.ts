import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Caller } from '../../domain/access/caller.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { ID } from '../../domain/kernel/names.js';
import { ChatLinkRow } from '../../store/entities/index.js';
import { type Page, readPage, type PageRequest } from '../../store/page.js';
import { ChatLinks } from '../../store/repositories/chat-links.js';
import type { ChatLinkCodeDto, ChatLinkDto } from './chat.dto.js';

/** How long a code is good, in minutes. */
const MINUTES = 10;

/** Without letters that are taken for others when they are read out: 31 to the power of 8 codes, each for ten minutes. */
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';

/** Who people are in the chat: a code that the API gives to one who signed in is said there. */
@Injectable()
export class ChatLinksService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly links: ChatLinks,
  ) {}

  /** A code for the person who asks. */
  async createCode(caller: Caller): Promise<ChatLinkCodeDto> {
    const login = loginOf(caller);
    const code = `${someLetters(4)}-${someLetters(4)}`;
    const expiresAt = await this.links.keepCode(code, login, MINUTES);
    return { code, say: `/jockey link ${code}`, expires_at: expiresAt.toISOString() };
  }

  /** Their own links. */
  async list(caller: Caller, page: PageRequest): Promise<Page<ChatLinkDto>> {
    const select = this.dataSource.getRepository(ChatLinkRow).createQueryBuilder('link');
    return (await readPage(select.where({ login: loginOf(caller) }), page)).map(viewOf);
  }

  /** Takes one of their own links away. */
  async remove(caller: Caller, id: string): Promise<ChatLinkDto> {
    const login = loginOf(caller);
    const row = ID.test(id) ? await this.dataSource.manager.findOneBy(ChatLinkRow, { id, login }) : null;
    if (row === null || !(await this.links.remove(row.id, login))) throw notFound('chat link', id);
    return viewOf(row);
  }
}

function loginOf({ login }: Caller): string {
  if (login !== null) return login;
  throw new DomainError('unprocessable_entity', 'Only people are linked with a chat: sign in with a token of GitHub.');
}

const someLetters = (count: number): string =>
  Array.from({ length: count }, () => LETTERS[randomInt(LETTERS.length)] ?? '').join('');

const viewOf = ({ id, teamId, userId, login, createdAt }: ChatLinkRow): ChatLinkDto => ({
  id,
  team_id: teamId,
  user_id: userId,
  login,
  created_at: createdAt.toISOString(),
});

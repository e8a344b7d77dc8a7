import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ChatLinkRow } from '../entities/index.js';

/** Somebody in a chat. */
export interface ChatUser {
  readonly teamId: string;
  readonly userId: string;
}

/** Who people of a chat are on GitHub. */
@Injectable()
export class ChatLinks {
  constructor(private readonly dataSource: DataSource) {}

  /** Keeps a code by which the person can be linked within so many minutes; those that are over are forgotten. */
  async keepCode(code: string, login: string, minutes: number): Promise<Date> {
    await this.dataSource.query('DELETE FROM chat_link_codes WHERE expires_at < now()');
    const [row] = await this.dataSource.query<{ expires_at: Date }[]>(
      `INSERT INTO chat_link_codes (digest, login, expires_at) VALUES ($1, $2, now() + $3 * interval '1 minute')
       RETURNING expires_at`,
      [digest(code), login, minutes],
    );
    return (row as { expires_at: Date }).expires_at;
  }

  /** Links who says a code with whom it was given to, and answers the login; null for a code that is not good any more. */
  async link({ teamId, userId }: ChatUser, code: string): Promise<string | null> {
    return this.dataSource.transaction(async (manager) => {
      const [used] = await manager.query<[{ login: string }[], number]>(
        'DELETE FROM chat_link_codes WHERE digest = $1 AND expires_at > now() RETURNING login',
        [digest(code)],
      );
      const login = used[0]?.login;
      if (login === undefined) return null;
      await manager.query(
        `INSERT INTO chat_links (team_id, user_id, login) VALUES ($1, $2, $3)
         ON CONFLICT (team_id, user_id) DO UPDATE SET login = excluded.login, created_at = now()`,
        [teamId, userId, login],
      );
      return login;
    });
  }

  /** The login of somebody in a chat; null for who is not linked. */
  async loginOf(user: ChatUser): Promise<string | null> {
    return (await this.dataSource.manager.findOneBy(ChatLinkRow, { ...user }))?.login ?? null;
  }

  /** Takes a link away; false where a person has none of this id. */
  async remove(id: string, login: string): Promise<boolean> {
    return (await this.dataSource.manager.delete(ChatLinkRow, { id, login })).affected === 1;
  }

  /** Whether this is the first request with this signature: those that are older than their time stamps can be are forgotten. */
  async isFirst(signature: string): Promise<boolean> {
    await this.dataSource.query(`DELETE FROM chat_requests WHERE created_at < now() - interval '15 minutes'`);
    const rows = await this.dataSource.query<unknown[]>(
      'INSERT INTO chat_requests (digest) VALUES ($1) ON CONFLICT DO NOTHING RETURNING digest',
      [digest(signature)],
    );
    return rows.length === 1;
  }
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

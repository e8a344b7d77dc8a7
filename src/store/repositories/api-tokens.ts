import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import type { Grant } from '../../domain/access/grant.js';
import { notFound } from '../../domain/kernel/errors.js';
import { ApiTokenRow } from '../entities/index.js';
import { digestOfToken, hintOfToken } from '../token-text.js';
import { idOrNotFound } from './directory.js';

/** Whether a token still opens anything. */
export const TOKEN_STATES = ['active', 'expired', 'revoked'] as const;

/** One of them. */
export type TokenState = (typeof TOKEN_STATES)[number];

/** What is written of a new token. */
export interface NewToken extends Grant {
  readonly name: string;
  readonly expiresAt: Date | null;
  readonly createdBy: string;
}

/** The rows in each state. One that was revoked stays so, whatever its time. */
const IN_STATE: Readonly<Record<TokenState, string>> = {
  active: 'token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > now())',
  expired: 'token.revoked_at IS NULL AND token.expires_at <= now()',
  revoked: 'token.revoked_at IS NOT NULL',
};

/** API tokens, by the digests of their texts. */
@Injectable()
export class ApiTokens {
  constructor(private readonly dataSource: DataSource) {}

  /** Keeps a token by its digest; the text is forgotten. */
  async create(text: string, { expiresAt, ...token }: NewToken): Promise<ApiTokenRow> {
    const secret = { digest: digestOfToken(text), hint: hintOfToken(text) };
    const { id } = await this.dataSource.manager.save(ApiTokenRow, { ...token, ...secret, expiresAt } as ApiTokenRow);
    return this.get(id);
  }

  /** The token of this id, also one that opens nothing any more. */
  async get(id: string): Promise<ApiTokenRow> {
    const row = await this.dataSource.manager.findOneBy(ApiTokenRow, { id: idOrNotFound('token', id) });
    if (row === null) throw notFound('token', id);
    return row;
  }

  /** Tokens for a list, where said of one state only. */
  select(state?: TokenState): SelectQueryBuilder<ApiTokenRow> {
    const select = this.dataSource.getRepository(ApiTokenRow).createQueryBuilder('token');
    return state === undefined ? select : select.andWhere(IN_STATE[state]);
  }

  /** The token with this text, where it is neither revoked nor expired. The database's clock decides. */
  async valid(text: string): Promise<ApiTokenRow | null> {
    return this.select('active')
      .andWhere({ digest: digestOfToken(text) })
      .getOne();
  }

  /** Notes that it was used, once a minute at most. */
  async touch(id: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE api_tokens SET last_used_at = now()
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
      [id],
    );
  }

  /** Closes it for good; who did so first, and when, stays. */
  async revoke(id: string, by: string): Promise<ApiTokenRow> {
    const { manager } = this.dataSource;
    const found = await this.get(id);
    await manager
      .createQueryBuilder()
      .update(ApiTokenRow)
      .set({ revokedAt: () => 'now()', revokedBy: by })
      .where('id = :id AND revoked_at IS NULL', { id: found.id })
      .execute();
    return this.get(id);
  }
}

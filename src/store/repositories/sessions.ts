import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Raw } from 'typeorm';
import { SessionRow } from '../entities/index.js';

/** A sign-in. */
export interface NewSession {
  /** What the cookie proves the session by. */
  readonly secret: string;
  /** Null of who came with a token of another kind than GitHub's sign-in gives. */
  readonly githubId: string | null;
  readonly login: string;
  readonly hours: number;
}

/** Sign-ins of browsers, known by the digest of their secret. */
@Injectable()
export class Sessions {
  constructor(private readonly dataSource: DataSource) {}

  /** Begins one, and forgets those that ended long ago. */
  async begin({ secret, githubId, login, hours }: NewSession): Promise<void> {
    await this.dataSource.query(`DELETE FROM sessions WHERE expires_at < now() - interval '30 days'`);
    await this.dataSource.query(
      `INSERT INTO sessions (digest, github_id, login, expires_at) VALUES ($1, $2, $3, now() + make_interval(hours => $4))`,
      [digestOf(secret), githubId, login, hours],
    );
  }

  /** The session that is still good; null where it is over, or never was. */
  async find(secret: string): Promise<SessionRow | null> {
    return this.dataSource.getRepository(SessionRow).findOneBy({
      digest: digestOf(secret),
      endedAt: IsNull(),
      expiresAt: Raw((column) => `${column} > now()`),
    });
  }

  /** Ends it for good; says whether it was still good. */
  async end(secret: string): Promise<boolean> {
    const [, ended] = await this.dataSource.query<[unknown, number]>(
      'UPDATE sessions SET ended_at = now() WHERE digest = $1 AND ended_at IS NULL AND expires_at > now()',
      [digestOf(secret)],
    );
    return ended > 0;
  }
}

/** The secret has 256 random bits, so a plain digest cannot be guessed back. */
const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** An account of GitHub. */
export interface Account {
  readonly githubId: string;
  readonly login: string;
  readonly name: string | null;
}

/** How many accounts are remembered as written; then all are forgotten, which costs one write each. */
const REMEMBERED = 10_000;

/** A minute, in milliseconds. */
const MINUTE = 60_000;

/** Keeps who was here. */
@Injectable()
export class People {
  private readonly written = new Map<string, number>();

  constructor(private readonly dataSource: DataSource) {}

  /** Says that somebody is here: written at most once a minute for each, by all processes together. */
  async seen({ githubId, login, name }: Account): Promise<void> {
    const now = performance.now();
    const last = this.written.get(githubId);
    if (last !== undefined && now - last < MINUTE) return;
    if (this.written.size >= REMEMBERED) this.written.clear();
    this.written.set(githubId, now);
    try {
      await this.dataSource.query(WRITE, [githubId, login, name]);
    } catch (error) {
      this.written.delete(githubId);
      throw error;
    }
  }
}

const WRITE = `INSERT INTO people (github_id, login, name) VALUES ($1, $2, $3)
  ON CONFLICT (github_id) DO UPDATE SET login = excluded.login, name = excluded.name, last_seen_at = now()
  WHERE people.last_seen_at < now() - interval '1 minute' OR people.login <> excluded.login
    OR people.name IS DISTINCT FROM excluded.name`;

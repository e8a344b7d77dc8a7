import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GithubHookRow } from '../entities/index.js';
import { hookOwner } from '../hook-owner.js';
import { type Sealed, SecretBox } from '../secret-box.js';
import { lockWebhooks } from './webhook-deliveries.js';

/** Bytes of a secret that Jockey makes: as many as the digest that it signs with. */
const SECRET_BYTES = 32;

/** Waits between attempts to install a hook, in seconds: each is twice the one before it. */
const FIRST_WAIT = 60;
const LONGEST_WAIT = 3600;

/** A secret that is pasted by hand: what Jockey installed, it no longer knows. */
const BY_HAND = { pendingSecret: null, failure: null, attempts: 0, retryAt: null, installedAt: null };

/** A hook as GitHub knows it. */
export interface InstalledHook {
  readonly appId: string;
  readonly hookId: string;
  readonly repo: string;
}

/** The secrets that GitHub signs with, and where the hooks stand. */
@Injectable()
export class GithubHooks {
  constructor(
    private readonly dataSource: DataSource,
    private readonly box: SecretBox,
  ) {}

  /** Null where the app has none. */
  async of(appId: string): Promise<GithubHookRow | null> {
    return this.dataSource.manager.findOneBy(GithubHookRow, { appId });
  }

  /** The secrets that a delivery may be signed with now: at most two, while one takes the other's place. */
  async secretsOf(appId: string): Promise<readonly string[]> {
    const hook = await this.of(appId);
    const sealed = [hook?.secret, hook?.pendingSecret].filter((each): each is Sealed => each != null);
    return sealed.map((each) => this.box.open(each, hookOwner(appId)));
  }

  /** A new secret in the place of all others: who has an old one is refused from now on. */
  async renew(appId: string): Promise<string> {
    const secret = newSecret();
    await write(this.dataSource.manager, appId, { secret: this.seal(appId, secret), ...BY_HAND });
    return secret;
  }

  /** A new secret beside the present one, for GitHub to take. One that GitHub may have taken already stays as it is. */
  async prepare(appId: string): Promise<string> {
    return this.dataSource.transaction(async (manager) => {
      await lockWebhooks(manager, appId);
      const hook = await manager.findOneBy(GithubHookRow, { appId });
      if (hook?.pendingSecret != null) return this.box.open(hook.pendingSecret, hookOwner(appId));
      const secret = newSecret();
      await write(manager, appId, { pendingSecret: this.seal(appId, secret) });
      return secret;
    });
  }

  /** GitHub has taken the new secret: the one before it is no longer good. */
  async installed({ appId, hookId, repo }: InstalledHook): Promise<void> {
    await this.dataSource.query(
      `UPDATE github_hooks SET secret = COALESCE(pending_secret, secret), pending_secret = NULL, hook_id = $2, repo = $3,
         installed_at = now(), failure = NULL, attempts = 0, retry_at = NULL, updated_at = now() WHERE app_id = $1`,
      [appId, hookId, repo],
    );
  }

  /** GitHub could not be told; `again` says whether it may be later. */
  async failed(appId: string, failure: string, again: boolean): Promise<void> {
    const attempts = ((await this.of(appId))?.attempts ?? 0) + 1;
    const retryAt = again
      ? new Date(Date.now() + 1000 * Math.min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT))
      : null;
    await write(this.dataSource.manager, appId, { failure, attempts, retryAt });
  }

  /** Apps whose hooks are to be tried again now, one after the other for all who ask. */
  async due(): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ app_id: string }[]>(
      `WITH due AS (
         UPDATE github_hooks SET retry_at = now() + make_interval(secs => $1) WHERE app_id IN (
           SELECT app_id FROM github_hooks WHERE retry_at <= now() FOR UPDATE SKIP LOCKED) RETURNING app_id)
       SELECT app_id FROM due`,
      [LONGEST_WAIT],
    );
    return rows.map((row) => row.app_id);
  }

  private seal(appId: string, secret: string): Sealed {
    return this.box.seal(secret, hookOwner(appId));
  }
}

async function write(manager: EntityManager, appId: string, fields: Partial<GithubHookRow>): Promise<void> {
  await manager.upsert(GithubHookRow, { ...fields, appId, updatedAt: new Date() } as object, ['appId']);
}

const newSecret = (): string => randomBytes(SECRET_BYTES).toString('hex');

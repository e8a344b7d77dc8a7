import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import { type AppRow, EnvironmentRow, HoldRow } from '../entities/index.js';
import { lockApp } from './lock-app.js';
import { type DeployPlace, lockDeploys } from './lock-deploys.js';

/** A hold that is to be. */
export type WantedHold = DeployPlace & Pick<HoldRow, 'reason' | 'releaseNumber'>;

/** Holds: what keeps automatic deploys of an app out of an environment. */
@Injectable()
export class Holds {
  constructor(private readonly dataSource: DataSource) {}

  /** That of a place; null where there is none. */
  async of({ appId, environmentId }: DeployPlace): Promise<HoldRow | null> {
    return this.dataSource.manager.findOneBy(HoldRow, { appId, environmentId });
  }

  /** Writes one; throws `conflict`, saying since when and why, where there is one. No automatic deploy slips in after it. */
  async set(wanted: WantedHold): Promise<HoldRow> {
    return this.dataSource.transaction(async (manager) => {
      const app = await lockApp(manager, wanted.appId, 'share');
      await lockDeploys(manager, wanted);
      const { hold, isNew } = await Holds.keep(manager, wanted);
      if (isNew) return hold;
      throw new DomainError(
        'conflict',
        `${await heldSentence(manager, app, hold)} Release it first, then hold it again.`,
      );
    });
  }

  /** Takes it away and answers what it was; null where there is none. */
  async release({ appId, environmentId }: DeployPlace): Promise<HoldRow | null> {
    return this.dataSource.transaction(async (manager) => {
      const hold = await manager.findOne(HoldRow, {
        where: { appId, environmentId },
        lock: { mode: 'pessimistic_write' },
      });
      if (hold !== null) await manager.delete(HoldRow, { appId, environmentId });
      return hold;
    });
  }

  /** Writes one where there is none; the first one stays. Part of a transaction that has locked the place. */
  static async keep(manager: EntityManager, wanted: WantedHold): Promise<{ hold: HoldRow; isNew: boolean }> {
    const { appId, environmentId, reason, releaseNumber } = wanted;
    const rows = await manager.query<unknown[]>(
      `INSERT INTO holds (app_id, environment_id, reason, release_number) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [appId, environmentId, reason, releaseNumber],
    );
    return { hold: await manager.findOneByOrFail(HoldRow, { appId, environmentId }), isNew: rows.length === 1 };
  }
}

/** Throws `resource_locked`, naming the hold, where a place is held. */
export async function refuseWhileHeld(
  manager: EntityManager,
  { app, environmentId }: { readonly app: AppRow; readonly environmentId: string },
): Promise<void> {
  const hold = await manager.findOneBy(HoldRow, { appId: app.id, environmentId });
  if (hold === null) return;
  throw new DomainError(
    'resource_locked',
    `${await heldSentence(manager, app, hold)} No automatic deploy begins until it is released; one without automatic does.`,
  );
}

async function heldSentence(manager: EntityManager, app: AppRow, hold: HoldRow): Promise<string> {
  const { name } = await manager.findOneByOrFail(EnvironmentRow, { id: hold.environmentId });
  return holdSentence(hold, { app: app.name, environment: name });
}

/** What holds, since when, why, and how it is released. */
export function holdSentence(
  { createdAt, reason }: HoldRow,
  { app, environment }: { readonly app: string; readonly environment: string },
): string {
  return `${app} in ${environment} is held since ${createdAt.toISOString()} (${reason}); DELETE /apps/${app}/hold?environment=${environment} releases it.`;
}

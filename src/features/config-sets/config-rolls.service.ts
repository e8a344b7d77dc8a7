import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { UNLIMITED } from '../../domain/access/caller.js';
import { allows } from '../../domain/access/grant.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { DeployRow } from '../../store/entities/index.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import type { ChangedConfigSet, ConfigSet } from '../../store/repositories/config-sets.js';
import { deploysInProgress } from '../../store/repositories/deploys-in-progress.js';
import { Places } from '../../store/repositories/places.js';
import { presentCaller } from '../../store/present-caller.js';
import type { Chosen } from '../../store/repositories/write-deploy.js';
import { DeployOrders } from '../deploys/deploy-orders.js';

/** Writes a change. */
export type WriteChange = (manager: EntityManager) => Promise<ChangedConfigSet>;

/** What became of a change that is to roll. */
export interface Rolled {
  readonly set: ChangedConfigSet;
  /** Null where there is nothing to roll. */
  readonly deploy: DeployRow | null;
  /** Why not. */
  readonly notice: string | null;
}

/** Rolls the workers of an app when its variables change: by a deploy of what runs, which waits for one in progress. */
@Injectable()
export class ConfigRolls {
  constructor(
    private readonly dataSource: DataSource,
    private readonly appEnvironments: AppEnvironments,
    private readonly places: Places,
    private readonly orders: DeployOrders,
  ) {}

  /** Throws `forbidden` where the caller may change variables but not deploy. */
  async require({ row }: ConfigSet): Promise<void> {
    const { environments } = await this.places.around([row]);
    const environment = environments.get(row.environmentId)?.name ?? null;
    const grants = presentCaller()?.grants ?? UNLIMITED;
    if (allows(grants, 'deploy', { app: row.appId, environment })) return;
    const sentence = `apply: roll deploys, which you may not do in ${environment ?? 'this environment'}; leave it out, and the next deploy brings the change.`;
    throw new DomainError('forbidden', sentence);
  }

  /** Writes the change and the deploy that brings it: both, or neither. */
  async roll({ row: { appId, environmentId } }: ConfigSet, write: WriteChange): Promise<Rolled> {
    const place = { appId, environmentId };
    const what = await this.whatRuns(this.dataSource.manager, place);
    if (what === null) return { ...(await this.only(write)), notice: NOTHING_RUNS };
    const written: { set?: ChangedConfigSet } = {};
    const wanted = { ...place, callbackUrl: null, automatic: false, whenBusy: 'queue' as const, besideOthers: true };
    try {
      const deploy = await this.orders.begin({
        ...wanted,
        choose: async (manager, waitsFor) => {
          written.set = await write(manager);
          return this.chosen(manager, { ...place, set: written.set, waitsFor });
        },
      });
      return { set: written.set as ChangedConfigSet, deploy, notice: null };
    } catch (error) {
      if (!(error instanceof NothingToRoll)) throw error;
      return { ...(await this.only(write)), notice: error.message };
    }
  }

  private async only(write: WriteChange): Promise<Omit<Rolled, 'notice'>> {
    return { set: await this.dataSource.transaction(write), deploy: null };
  }

  /** What is in progress may be current when its turn comes: the engine looks again then. */
  private async chosen(manager: EntityManager, of: Of): Promise<Chosen> {
    const runs = await this.whatRuns(manager, of);
    if (runs?.buildId == null) throw new NothingToRoll(NOTHING_RUNS);
    const newest = of.set.changed ? null : await this.appEnvironments.newestConfigVersionId(of);
    if (newest !== null && of.waitsFor === null && runs.configVersionId === newest) throw new NothingToRoll(HAS_IT);
    return { buildId: runs.buildId, rref: runs.rref, kind: 'config', fromReleaseId: null };
  }

  /** What is deployed; where nothing is, what is being deployed. */
  private async whatRuns(manager: EntityManager, { appId, environmentId }: Place): Promise<DeployRow | null> {
    const current = await manager.findOne(DeployRow, {
      where: { appId, environmentId, state: 'deployed' },
      order: { id: 'DESC' },
    });
    return current ?? (await deploysInProgress(manager, { appId, environmentId }))[0] ?? null;
  }
}

type Place = Pick<DeployRow, 'appId' | 'environmentId'>;

interface Of extends Place {
  readonly set: ChangedConfigSet;
  readonly waitsFor: DeployRow | null;
}

const NOTHING_RUNS = 'Nothing is deployed there yet, so there is nothing to roll: the first deploy brings it.';

const HAS_IT = 'Nothing changed, and what is deployed has these variables: there is nothing to roll.';

/** Ends the transaction of a deploy that is not needed. */
class NothingToRoll extends Error {}

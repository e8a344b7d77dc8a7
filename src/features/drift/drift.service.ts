import { Injectable } from '@nestjs/common';
import { ReconcileOutlooks } from '../../observation/reconcile-outlooks.js';
import { DEFAULT_PER_PAGE, Page } from '../../store/page.js';
import { AppEnvironments, type AppEnvironmentKey } from '../../store/repositories/app-environments.js';
import { inSight } from '../../store/within-sight.js';
import { Directory } from '../../store/repositories/directory.js';
import { PendingChangesReader } from '../../store/repositories/pending-changes.js';
import { Places } from '../../store/repositories/places.js';
import type { DriftDto, ListDriftDto } from './drift.dto.js';
import { viewOf } from './drift-view.js';

/** Says how far what is differs from what should be. Nothing is written. */
@Injectable()
export class DriftService {
  constructor(
    private readonly appEnvironments: AppEnvironments,
    private readonly directory: Directory,
    private readonly outlooks: ReconcileOutlooks,
    private readonly pending: PendingChangesReader,
    private readonly places: Places,
  ) {}

  /** A page of apps in environments, ordered by the ids of both: such a pair has no age. */
  async list(query: ListDriftDto): Promise<Page<DriftDto>> {
    const { page = 1, per_page: perPage = DEFAULT_PER_PAGE } = query;
    const keys = (await this.keys(query)).sort(byIds);
    const part = keys.slice((page - 1) * perPage, page * perPage);
    const outlooks = await this.outlooks.ofAll(part);
    const places = await this.places.around(part);
    const views = await Promise.all(
      outlooks.map(async (outlook) => {
        const { current } = outlook.state;
        return viewOf(outlook, current === null ? null : await this.pending.since(current), places);
      }),
    );
    return new Page(views, page, perPage, keys.length);
  }

  private async keys({ app, environment }: ListDriftDto): Promise<AppEnvironmentKey[]> {
    const appId = app === undefined ? null : (await this.directory.app(app)).id;
    const environmentId = environment === undefined ? null : (await this.directory.environment(environment)).id;
    const all = await this.appEnvironments.all();
    const wanted = all.filter(
      (key) =>
        (appId === null || key.appId === appId) && (environmentId === null || key.environmentId === environmentId),
    );
    const { environments } = await this.places.around(wanted);
    const nameOf = (key: AppEnvironmentKey): string | null => environments.get(key.environmentId)?.name ?? null;
    return wanted.filter((key) => inSight({ app: key.appId, environment: nameOf(key) }));
  }
}

function byIds(one: AppEnvironmentKey, other: AppEnvironmentKey): number {
  return Number(one.environmentId) - Number(other.environmentId) || Number(one.appId) - Number(other.appId);
}

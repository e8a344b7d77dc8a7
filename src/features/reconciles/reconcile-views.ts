import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type ReconcileRow, WorkerRow } from '../../store/entities/index.js';
import { namesOf } from '../../store/repositories/names.js';
import { appsOf, environmentsOf } from '../../store/repositories/views.js';
import type { ReconcileDto } from './reconcile.dto.js';
import { viewOf } from './reconcile-view.js';

/** Reconciles with all that their views show. */
@Injectable()
export class ReconcileViews {
  constructor(private readonly dataSource: DataSource) {}

  /** In the same order. */
  async of(reconciles: readonly ReconcileRow[]): Promise<ReconcileDto[]> {
    const { manager } = this.dataSource;
    const [apps, environments, workers] = await Promise.all([
      appsOf(
        manager,
        reconciles.flatMap(({ appId }) => (appId === null ? [] : [appId])),
      ),
      environmentsOf(
        manager,
        reconciles.map(({ environmentId }) => environmentId),
      ),
      namesOf(
        manager,
        WorkerRow,
        reconciles.flatMap(({ restart }) => restart?.workerId ?? []),
      ),
    ]);
    return reconciles.map((reconcile) => viewOf(reconcile, { ...apps, environments, workers }));
  }

  /** One. */
  async single(reconcile: ReconcileRow): Promise<ReconcileDto> {
    const [view] = await this.of([reconcile]);
    return view as ReconcileDto;
  }
}

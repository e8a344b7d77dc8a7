import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AppRow, NotificationTargetRow } from '../../store/entities/index.js';
import { NotificationTargets } from '../../store/repositories/notification-targets.js';
import { appsOf } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import type { NotificationTargetDto } from './notification-target.dto.js';

/** Targets as they stand on the wire. */
@Injectable()
export class NotificationTargetViews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly targets: NotificationTargets,
  ) {}

  /** In the same order. */
  async of(rows: readonly NotificationTargetRow[]): Promise<NotificationTargetDto[]> {
    const ids = rows.flatMap(({ appId }) => appId ?? []);
    const { apps, stacks } = await appsOf(this.dataSource.manager, ids);
    return rows.map((row) => {
      const app = row.appId === null ? null : appViewOf(apps.get(row.appId) as AppRow, stacks);
      return { ...this.plain(row), app };
    });
  }

  /** One. */
  async single(row: NotificationTargetRow): Promise<NotificationTargetDto> {
    const [view] = await this.of([row]);
    return view as NotificationTargetDto;
  }

  private plain(row: NotificationTargetRow): Omit<NotificationTargetDto, 'app'> {
    const { url, secret } = this.targets.fingerprints(row);
    return {
      id: row.id,
      kind: row.kind,
      url_host: row.urlHost,
      url_fingerprint: url,
      signed: row.secret !== null,
      secret_fingerprint: secret,
      events: [...row.events],
      enabled: row.enabled,
      created_at: row.createdAt.toISOString(),
      updated_at: row.updatedAt.toISOString(),
    };
  }
}

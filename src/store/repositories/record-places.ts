import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Place } from '../../domain/access/grant.js';
import { ID } from '../../domain/kernel/names.js';

/** Tables whose rows belong to an app, and most of them to an environment too. */
const TABLES = {
  build: { table: 'builds', environment: false },
  'config set': { table: 'config_sets', environment: true },
  delivery: { table: 'deliveries', environment: true },
  deploy: { table: 'deploys', environment: true },
  instance: { table: 'instances', environment: true },
  'notification target': { table: 'notification_targets', environment: false },
  reconcile: { table: 'reconciles', environment: true },
  release: { table: 'releases', environment: true },
  run: { table: 'runs', environment: true },
  'webhook delivery': { table: 'webhook_deliveries', environment: false },
  worker: { table: 'workers', environment: true },
} as const;

/** What a record is called. */
export type RecordNoun = keyof typeof TABLES;

/** Finds where records belong, so that rights can be looked at before anything is done. */
@Injectable()
export class RecordPlaces {
  constructor(private readonly dataSource: DataSource) {}

  /** Null where there is no such record. */
  async of(noun: RecordNoun, id: string): Promise<Place | null> {
    if (!ID.test(id)) return null;
    const { table, environment } = TABLES[noun];
    const [place] = await this.dataSource.query<Place[]>(
      environment
        ? `SELECT record.app_id AS app, environment.name AS environment
           FROM ${table} record LEFT JOIN environments environment ON environment.id = record.environment_id WHERE record.id = $1`
        : `SELECT app_id AS app, NULL AS environment FROM ${table} WHERE id = $1`,
      [id],
    );
    return place ?? null;
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { redactRecord } from './redact.js';
import type { Subject } from './subjects.js';

/** A subject as it lies in the database, without its secrets. */
export interface Snapshot {
  readonly id: string | null;
  readonly appId: string | null;
  readonly environment: string | null;
  readonly row: unknown;
}

/** Nothing is there. */
export const NOTHING: Snapshot = { id: null, appId: null, environment: null, row: null };

/** Reads what writes are about, before and after. */
@Injectable()
export class Snapshots {
  constructor(private readonly dataSource: DataSource) {}

  /** The subject that is named so; nothing where one of the names is not said. */
  async take({ sql, noun }: Subject, names: readonly (string | undefined)[]): Promise<Snapshot> {
    if (names.length === 0 || names.includes(undefined)) return NOTHING;
    const [found] = await this.dataSource.query<Snapshot[]>(
      `SELECT found.row ->> 'id' AS id, found.row ->> '${noun === 'app' ? 'id' : 'app_id'}' AS "appId", found.row,
         (SELECT name FROM environments WHERE id = (found.row ->> 'environment_id')::bigint) AS environment
       FROM (${sql}) found`,
      [...names],
    );
    return found === undefined ? NOTHING : { ...found, row: redactRecord(found.row) };
  }
}

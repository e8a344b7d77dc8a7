import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Finds the apps that are built from a repository. */
@Injectable()
export class AppsOfRepo {
  constructor(private readonly dataSource: DataSource) {}

  /** Ids of the living apps of `owner/name`; GitHub knows no capitals there. */
  async ids(repo: string): Promise<readonly string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      'SELECT id FROM apps WHERE lower(repo) = lower($1) AND deleted_at IS NULL ORDER BY id',
      [repo],
    );
    return rows.map(({ id }) => id);
  }
}

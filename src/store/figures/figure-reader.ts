import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** So long one question of a scrape may keep Postgres busy, in milliseconds: figures must never slow the work down. */
const PATIENCE = 5_000;

/** Asks Postgres for figures: in a transaction that may only read, on one connection, and not for long. */
@Injectable()
export class FigureReader {
  constructor(private readonly dataSource: DataSource) {}

  /** The rows of a question; throws when it takes longer than the patience, in milliseconds. */
  async rows<T>(question: string, parameters: readonly unknown[] = [], patience = PATIENCE): Promise<readonly T[]> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query(`SET TRANSACTION READ ONLY`);
      await manager.query(`SET LOCAL statement_timeout = ${patience}`);
      return manager.query<T[]>(question, [...parameters]);
    });
  }
}

import { Injectable } from '@nestjs/common';
import { DataSource, MoreThan } from 'typeorm';
import { EventPruningRow, EventRow } from '../entities/index.js';

/** The events of everybody in their one order: whoever has read up to a place misses nothing by going on behind it. */
@Injectable()
export class OrderedEvents {
  constructor(private readonly dataSource: DataSource) {}

  /** The next ones behind a position. */
  async after(position: string, limit: number): Promise<readonly EventRow[]> {
    return this.dataSource.manager.find(EventRow, {
      where: { position: MoreThan(position) },
      order: { position: 'ASC' },
      take: limit,
    });
  }

  /** The last position that was given; 0 before the first. */
  async head(): Promise<string> {
    const [row] = await this.dataSource.query<{ head: string }[]>(
      'SELECT GREATEST((SELECT max(position) FROM events), (SELECT up_to FROM event_prunings), 0) AS head',
    );
    return row?.head ?? '0';
  }

  /** Up to which position events may be gone; 0 while all are kept. */
  async prunedUpTo(): Promise<string> {
    const row = await this.dataSource.manager.findOneBy(EventPruningRow, { id: 1 });
    return row?.upTo ?? '0';
  }
}

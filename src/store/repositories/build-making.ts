import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, Not } from 'typeorm';
import { BuildRow } from '../entities/index.js';

/** How an image is made, and what came of it, as the row of its build keeps it. */
@Injectable()
export class BuildMaking {
  constructor(private readonly dataSource: DataSource) {}

  /** Writes down how it is made, and why so. */
  async chosen(id: string, chosen: Required<Pick<BuildRow, 'method' | 'methodReason'>>): Promise<void> {
    await this.dataSource.manager.update(BuildRow, { id, state: 'in_progress' }, chosen);
  }

  /** Writes down where the image comes from, and what it can run. */
  async made(id: string, made: Required<Pick<BuildRow, 'processTypes' | 'provenance'>>): Promise<void> {
    await this.dataSource.manager.update(BuildRow, { id, state: 'in_progress' }, made);
  }

  /** The app's newest image that was not removed, by digest; null when there is none. */
  async newestImage(appId: string): Promise<string | null> {
    const row = await this.dataSource.manager.findOne(BuildRow, {
      where: { appId, state: 'completed', image: Not(IsNull()), imageRemovedAt: IsNull() },
      order: { completedAt: 'DESC', id: 'DESC' },
    });
    return row?.image ?? null;
  }
}

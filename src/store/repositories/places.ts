import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EnvironmentRow } from '../entities/index.js';
import { type AppsSeen, appsOf, environmentsOf } from './views.js';

/** The apps and environments around rows that stand between the two. */
export interface PlacesSeen extends AppsSeen {
  readonly environments: ReadonlyMap<string, EnvironmentRow>;
}

/** Reads what stands around rows, in a few queries for all of them. */
@Injectable()
export class Places {
  constructor(private readonly dataSource: DataSource) {}

  /** Deleted apps too. */
  async around(rows: readonly { readonly appId: string; readonly environmentId: string }[]): Promise<PlacesSeen> {
    const { manager } = this.dataSource;
    const apps = await appsOf(
      manager,
      rows.map((row) => row.appId),
    );
    const environments = await environmentsOf(
      manager,
      rows.map((row) => row.environmentId),
    );
    return { ...apps, environments };
  }
}

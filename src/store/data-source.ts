import { fileURLToPath } from 'node:url';
import { DataSource, type DataSourceOptions } from 'typeorm';
import * as entities from './entities/index.js';
import { ClaimSubscriber } from './present-claim.js';

/** How Jockey's database is opened: entities and migrations, never `synchronize`. */
export function dataSourceOptions(databaseUrl: string): DataSourceOptions {
  return {
    type: 'postgres',
    url: databaseUrl,
    entities: Object.values(entities),
    subscribers: [ClaimSubscriber],
    migrations: [fileURLToPath(new URL('../../migrations/*.{js,ts}', import.meta.url))],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    applicationName: 'jockey',
    extra: { max: 20 },
  };
}

/** Opens the database; the caller closes it. */
export async function openDataSource(databaseUrl: string): Promise<DataSource> {
  return new DataSource(dataSourceOptions(databaseUrl)).initialize();
}

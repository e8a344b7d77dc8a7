import { pino } from 'pino';
import { parseEnvironment } from '../config/environment.js';
import { openDataSource } from './data-source.js';

/**
 * `migrate`: brings the database to the newest migration. `migrate --check`: says what entities and migrations disagree
 * on, and exits with 1 when they do.
 */
async function main(): Promise<void> {
  const log = pino({ name: 'migrate' });
  const dataSource = await openDataSource(parseEnvironment(process.env).DATABASE_URL);
  try {
    const done = await dataSource.runMigrations();
    log.info(
      { migrations: done.map((migration) => migration.name) },
      done.length > 0 ? 'migrated' : 'nothing to migrate',
    );
    if (!process.argv.includes('--check')) return;
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    for (const { query } of upQueries) log.error({ query }, 'entities and migrations disagree');
    if (upQueries.length > 0) process.exitCode = 1;
  } finally {
    await dataSource.destroy();
  }
}

await main();

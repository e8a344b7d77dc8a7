import 'reflect-metadata';
import { pino } from 'pino';
import { parseEnvironment } from '../src/config/environment.js';
import { sentenceOf } from '../src/domain/kernel/errors.js';
import { openDataSource } from '../src/store/data-source.js';
import { seed } from './seed-data.js';

/** `seed`: writes what a new installation begins with into the database of `DATABASE_URL`. */
async function main(): Promise<void> {
  const dataSource = await openDataSource(parseEnvironment(process.env).DATABASE_URL);
  try {
    await seed(dataSource, pino({ name: 'seed' }));
  } finally {
    await dataSource.destroy();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`seed: ${sentenceOf(error)}\n`);
  process.exit(1);
}

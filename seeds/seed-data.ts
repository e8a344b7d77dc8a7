import type { Logger } from 'pino';
import { type DataSource, IsNull } from 'typeorm';
import { AppRow, EnvironmentRow, StackRow } from '../src/store/entities/index.js';
import { AppDefaults } from '../src/store/repositories/app-defaults.js';
import { Apps } from '../src/store/repositories/apps.js';
import { Redactors } from '../src/store/redactors.js';
import { SecretBox } from '../src/store/secret-box.js';
import { ConfigSets } from '../src/store/repositories/config-sets.js';

const ENVIRONMENTS = ['development', 'staging', 'production'];
const STACKS = ['api', 'build'];
const SAMPLE = { name: 'sample', repo: 'jockey/sample', gitUrl: null, subscribeToGithubWebhook: false };

/** Writes what a new installation begins with, and leaves alone what is there: a second run changes nothing. */
export async function seed(dataSource: DataSource, log: Logger): Promise<void> {
  for (const name of ENVIRONMENTS)
    await seedNamed(dataSource, { entity: EnvironmentRow, noun: 'environment', name }, log);
  for (const name of STACKS) await seedNamed(dataSource, { entity: StackRow, noun: 'stack', name }, log);
  await seedSample(dataSource, log);
}

interface Named {
  readonly entity: typeof EnvironmentRow | typeof StackRow;
  readonly noun: string;
  readonly name: string;
}

async function seedNamed(dataSource: DataSource, { entity, noun, name }: Named, log: Logger): Promise<void> {
  const { raw } = await dataSource
    .createQueryBuilder()
    .insert()
    .into<EnvironmentRow | StackRow>(entity)
    .values({ name })
    .orIgnore()
    .returning('id')
    .execute();
  log.info({ [noun]: name }, (raw as unknown[]).length > 0 ? `${noun} created` : `${noun} is there`);
}

async function seedSample(dataSource: DataSource, log: Logger): Promise<void> {
  if (await dataSource.manager.existsBy(AppRow, { name: SAMPLE.name, deletedAt: IsNull() })) {
    log.info({ app: SAMPLE.name }, 'app is there');
    return;
  }
  const stack = await dataSource.manager.findOneByOrFail(StackRow, { name: 'api' });
  const box = new SecretBox(null);
  const configSets = new ConfigSets(dataSource, box, new Redactors(dataSource, box));
  const apps = new Apps(dataSource, new AppDefaults(configSets));
  await apps.create({ ...SAMPLE, stackId: stack.id });
  log.info({ app: SAMPLE.name }, 'app created');
}

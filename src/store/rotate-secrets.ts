import { type Logger, pino } from 'pino';
import { parseEnvironment } from '../config/environment.js';
import { openDataSource } from './data-source.js';
import { SEALED_COLUMNS } from './sealed-columns.js';
import { secretBoxOf } from './secret-keys.js';
import { SecretRotation } from './secret-rotation.js';

/**
 * `secrets:rotate`: seals with SECRETS_KEY what the keys of SECRETS_OLD_KEYS sealed. With `--check` it only says whether an
 * old key is still needed, and exits with 1 when it is, or when something could not be sealed anew.
 */
async function main(): Promise<void> {
  const log = pino({ name: 'rotate' });
  const environment = parseEnvironment(process.env);
  const dataSource = await openDataSource(environment.DATABASE_URL);
  try {
    const rotation = new SecretRotation(dataSource, secretBoxOf(environment), SEALED_COLUMNS);
    if (!process.argv.includes('--check')) await rotate(rotation, log);
    const old = await rotation.oldSeals();
    for (const seal of old) log.warn(seal, 'an old key is still needed');
    if (old.length === 0) log.info('no old key is needed: SECRETS_OLD_KEYS may be emptied');
    else process.exitCode = 1;
  } finally {
    await dataSource.destroy();
  }
}

async function rotate(rotation: SecretRotation, log: Logger): Promise<void> {
  for (const { faults, ...done } of await rotation.run()) {
    log.info(done, 'sealed anew');
    for (const fault of faults) log.error({ ...done, ...fault }, 'could not be sealed anew');
  }
}

await main();

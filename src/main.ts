import 'reflect-metadata';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type Logger, pino } from 'pino';
import { ApiModule } from './api.module.js';
import { type Environment, InvalidEnvironment, parseEnvironment } from './config/environment.js';
import { sentenceOf } from './domain/kernel/errors.js';
import { configureHttp, NEST_OPTIONS } from './http/configure-http.js';
import { fromPostgres } from './http/errors/postgres-error.js';
import { NestLogger } from './http/logging/nest-logger.js';
import { stopGracefully } from './http/stop-gracefully.js';

/** Exit code for a configuration that cannot work: EX_CONFIG of sysexits.h. */
const EX_CONFIG = 78;

/** How long requests may take to end after a stop signal, in milliseconds. */
const GRACE = 10_000;

/** Something that the operator can mend. */
class CannotStart extends Error {}

type Imports = NonNullable<DynamicModule['imports']>;

/** The HTTP process; with `ENGINE_EMBEDDED` it is the engine too. */
async function main(): Promise<void> {
  const environment = parseEnvironment(process.env);
  const logger = pino({ name: 'jockey', level: environment.LOG_LEVEL });
  const module = ApiModule.forRoot(environment, await worldOf(environment));
  const app = await NestFactory.create<NestExpressApplication>(module, {
    ...NEST_OPTIONS,
    logger: new NestLogger(logger),
    bufferLogs: true,
    autoFlushLogs: false,
  });
  configureHttp(app, { logger });
  await listen(app, environment);
  app.flushLogs();
  logger.info({ url: await app.getUrl(), engine: environment.ENGINE_EMBEDDED }, 'Jockey listens');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(app, logger, signal));
}

/** The ports, and the engine where it lives in this process: loaded only then. */
async function worldOf(environment: Environment): Promise<Imports> {
  const { AdaptersModule } = await import('./adapters.module.js');
  if (!environment.ENGINE_EMBEDDED) return [AdaptersModule];
  const { EngineModule } = await import('./engine/engine.module.js');
  const { ResourceViewsModule } = await import('./features/resource-views/resource-views.module.js');
  return [AdaptersModule, ResourceViewsModule, EngineModule];
}

async function listen(
  app: NestExpressApplication,
  { JOCKEY_HOST: host, JOCKEY_PORT: port }: Environment,
): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    throw new CannotStart(`JOCKEY_PORT ${port} of ${host} is taken by another program; stop that or set another port`);
  }
}

async function stop(app: NestExpressApplication, logger: Logger, signal: string): Promise<void> {
  logger.info({ signal }, 'Jockey stops');
  try {
    await stopGracefully(app, GRACE);
    process.exit(0);
  } catch (err) {
    logger.error({ err }, 'Jockey did not stop cleanly');
    process.exit(1);
  }
}

/** One line for what the operator can mend; the stack of everything else. Nest's own lines of a failed start say no more. */
function explain(error: unknown): void {
  const expected = error instanceof InvalidEnvironment || error instanceof CannotStart ? error : fromPostgres(error);
  if (expected === null) pino({ name: 'jockey' }).fatal({ err: error }, 'Jockey cannot start');
  else process.stderr.write(`jockey: ${sentenceOf(expected)}\n`);
}

try {
  await main();
} catch (error) {
  explain(error);
  process.exit(error instanceof InvalidEnvironment ? EX_CONFIG : 1);
}

import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';
import { AdaptersModule } from './adapters.module.js';
import { parseEnvironment, InvalidEnvironment } from './config/environment.js';
import { sentenceOf } from './domain/kernel/errors.js';
import { EngineRootModule } from './engine.module.js';

/** Exit code for a configuration that cannot work: EX_CONFIG of sysexits.h. */
const EX_CONFIG = 78;

async function main(): Promise<void> {
  const environment = parseEnvironment(process.env);
  const root = EngineRootModule.forRoot(environment, [AdaptersModule]);
  const app = await NestFactory.createApplicationContext(root, { logger: ['error', 'warn'], abortOnError: false });
  app.enableShutdownHooks();
}

try {
  await main();
} catch (error) {
  pino({ name: 'engine' }).fatal(sentenceOf(error));
  process.exit(error instanceof InvalidEnvironment ? EX_CONFIG : 1);
}

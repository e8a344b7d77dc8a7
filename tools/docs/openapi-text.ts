import { NestFactory } from '@nestjs/core';
import { AdaptersModule } from '../../src/adapters.module.js';
import { ApiModule } from '../../src/api.module.js';
import { parseEnvironment } from '../../src/config/environment.js';
import { buildOpenApi } from '../../src/http/openapi/openapi.js';

/** Addresses of nothing: in Nest's preview no provider is made, so nobody speaks to them. */
const NOWHERE = {
  JOCKEY_BOOTSTRAP_TOKEN: 'nobody-asks-for-this-token',
  DATABASE_URL: 'postgres://nowhere/nothing',
  REDIS_URL: 'redis://nowhere',
  REGISTRY_ADDRESS: 'nowhere:5000',
};

/** The OpenAPI document of the compiled API, without starting it: no Postgres, no Redis, no port. */
export async function openApiText(): Promise<string> {
  const module = ApiModule.forRoot(parseEnvironment(NOWHERE), [AdaptersModule]);
  const app = await NestFactory.create(module, { preview: true, abortOnError: false, logger: ['error'] });
  return `${JSON.stringify(buildOpenApi(app), null, 2)}\n`;
}

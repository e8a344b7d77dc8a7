import { readFileSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { Environment, InvalidEnvironment } from '../../config/environment.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { IMAGE_REGISTRY } from '../../ports/image-registry.js';
import { HttpImageRegistry } from './http-image-registry.js';
import type { RegistryAccess, RegistryCredentials } from './registry-client.js';
import { registryPlace } from './registry-place.js';

/** Gives {@link IMAGE_REGISTRY}. */
@Module({
  providers: [
    {
      provide: IMAGE_REGISTRY,
      inject: [Environment],
      useFactory: (environment: Environment) => new HttpImageRegistry(accessOf(environment)),
    },
  ],
  exports: [IMAGE_REGISTRY],
})
export class RegistryModule {}

function accessOf(environment: Environment): RegistryAccess {
  const { REGISTRY_ADDRESS: address, REGISTRY_API_URL: apiUrl, REGISTRY_CA_FILE: file } = environment;
  const plainHttp = environment.REGISTRY_PLAIN_HTTP.split(',').map((word) => word.trim());
  const place = registryPlace({ address, apiUrl, plainHttp, hasAuthority: file !== undefined });
  return { place, credentials: credentialsOf(environment), authority: authorityOf(file), plainHttp };
}

function credentialsOf({
  REGISTRY_USERNAME: username,
  REGISTRY_PASSWORD: password,
}: Environment): RegistryCredentials | null {
  return username === undefined || password === undefined ? null : { username, password };
}

/** A file that cannot be read stops the start and is named. */
function authorityOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new InvalidEnvironment([`REGISTRY_CA_FILE cannot be read: ${sentenceOf(error)}`]);
  }
}

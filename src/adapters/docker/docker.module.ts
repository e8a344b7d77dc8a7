import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { BUILD_HOSTS } from '../../ports/build-hosts.js';
import { DOCKER_HOSTS } from '../../ports/docker-hosts.js';
import { DockerBuildHosts } from './builds/docker-build-hosts.js';
import { DockerClients } from './docker-clients.js';
import type { Credentials } from './docker-images.js';
import { DockerodeHosts } from './dockerode-hosts.js';

/** Gives {@link DOCKER_HOSTS} and {@link BUILD_HOSTS}. */
@Module({
  providers: [
    {
      provide: DockerClients,
      inject: [Environment],
      useFactory: ({ DOCKER_CERT_PATH }: Environment) => new DockerClients(DOCKER_CERT_PATH),
    },
    {
      provide: DOCKER_HOSTS,
      inject: [DockerClients, Environment],
      useFactory: (clients: DockerClients, environment: Environment) =>
        new DockerodeHosts(clients, credentialsOf(environment)),
    },
    {
      provide: BUILD_HOSTS,
      inject: [DockerClients, Environment],
      useFactory: (clients: DockerClients, environment: Environment) =>
        new DockerBuildHosts(clients, credentialsOf(environment)),
    },
  ],
  exports: [DOCKER_HOSTS, BUILD_HOSTS],
})
export class DockerModule {}

function credentialsOf(environment: Environment): Credentials {
  const { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password, REGISTRY_ADDRESS: serveraddress } = environment;
  return username === undefined || password === undefined ? null : { username, password, serveraddress };
}

import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { BUILD_HOSTS } from '../../ports/build-hosts.js';
import { CONTAINER_CONSOLES } from '../../ports/container-consoles.js';
import { CONTAINER_LOGS } from '../../ports/container-logs.js';
import { DOCKER_HOSTS } from '../../ports/docker-hosts.js';
import { HOST_IMAGES } from '../../ports/host-images.js';
import { DockerBuildHosts } from './builds/docker-build-hosts.js';
import { DockerConsoles } from './docker-consoles.js';
import { DockerContainerLogs } from './docker-container-logs.js';
import { DockerClients } from './docker-clients.js';
import { DockerImages, type Credentials } from './docker-images.js';
import { DockerodeHosts } from './dockerode-hosts.js';
import { DiskProbe } from './images/disk-probe.js';
import { DockerHostImages } from './images/docker-host-images.js';

/** Gives {@link CONTAINER_CONSOLES}, {@link CONTAINER_LOGS}, {@link DOCKER_HOSTS}, {@link BUILD_HOSTS} and {@link HOST_IMAGES}. */
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
      provide: CONTAINER_CONSOLES,
      inject: [DockerClients],
      useFactory: (clients: DockerClients) => new DockerConsoles(clients),
    },
    {
      provide: CONTAINER_LOGS,
      inject: [DockerClients],
      useFactory: (clients: DockerClients) => new DockerContainerLogs(clients),
    },
    {
      provide: BUILD_HOSTS,
      inject: [DockerClients, Environment],
      useFactory: (clients: DockerClients, environment: Environment) =>
        new DockerBuildHosts(clients, credentialsOf(environment)),
    },
    {
      provide: HOST_IMAGES,
      inject: [DockerClients, Environment],
      useFactory: (clients: DockerClients, environment: Environment) =>
        new DockerHostImages(clients, probeOf(clients, environment)),
    },
  ],
  exports: [CONTAINER_CONSOLES, CONTAINER_LOGS, DOCKER_HOSTS, BUILD_HOSTS, HOST_IMAGES],
})
export class DockerModule {}

/** The probe's image may be of any registry; the password is for ours. */
function probeOf(clients: DockerClients, environment: Environment): DiskProbe | null {
  const { BUILD_PROBE_IMAGE: image, REGISTRY_ADDRESS } = environment;
  if (image === undefined) return null;
  const credentials = image.startsWith(`${REGISTRY_ADDRESS}/`) ? credentialsOf(environment) : null;
  return new DiskProbe(clients, new DockerImages(clients, credentials), image);
}

function credentialsOf(environment: Environment): Credentials {
  const { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password, REGISTRY_ADDRESS: serveraddress } = environment;
  return username === undefined || password === undefined ? null : { username, password, serveraddress };
}

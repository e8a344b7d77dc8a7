import { Module } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { DOCKER_HOSTS } from '../../ports/docker-hosts.js';
import { DockerodeHosts } from './dockerode-hosts.js';

/** Gives {@link DOCKER_HOSTS}. */
@Module({
  providers: [{ provide: DOCKER_HOSTS, inject: [Environment], useFactory: dockerHosts }],
  exports: [DOCKER_HOSTS],
})
export class DockerModule {}

function dockerHosts(environment: Environment): DockerodeHosts {
  const { REGISTRY_USERNAME: username, REGISTRY_PASSWORD: password, REGISTRY_ADDRESS: address } = environment;
  const credentials =
    username === undefined || password === undefined ? null : { username, password, serveraddress: address };
  return new DockerodeHosts({ certPath: environment.DOCKER_CERT_PATH, credentials });
}

import Docker from 'dockerode';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { sentenceOf } from './failure.js';
import { progress } from './progress.js';

/** The few things that the tools themselves ask a Docker engine. */
export class DockerApi {
  private readonly docker: Docker;

  /** @param endpoint `unix:///path` or `http://host:port`. */
  constructor(private readonly endpoint: string) {
    this.docker = new Docker(optionsOf(endpoint));
  }

  /** Throws unless the engine answers. */
  async ping(): Promise<void> {
    await new Docker({ ...optionsOf(this.endpoint), timeout: 3000 }).ping();
  }

  /** Removes the containers and images whose image comes from this registry; what is somebody else's is left alone. */
  async removeAllOf(registry: string): Promise<void> {
    const containers = await this.docker.listContainers({ all: true, filters: { label: [LABELS.app] } });
    const ours = containers.filter(({ Image }) => Image.startsWith(`${registry}/`));
    await Promise.all(ours.map(({ Id }) => this.docker.getContainer(Id).remove({ force: true })));
    const images = await this.docker.listImages();
    const named = images.filter(({ RepoTags, RepoDigests }) =>
      [...(RepoTags ?? []), ...(RepoDigests ?? [])].some((name) => name.startsWith(`${registry}/`)),
    );
    await Promise.all(named.map(({ Id }) => this.docker.getImage(Id).remove({ force: true })));
  }
}

/** Removes from a Docker engine that is not ours what has come into it by us. One that is gone has nothing of ours. */
export async function leaveDocker({ endpoint, registry }: { endpoint: string; registry: string }): Promise<void> {
  await new DockerApi(endpoint)
    .removeAllOf(registry)
    .catch((error: unknown) => progress(`could not clear the Docker at ${endpoint}: ${sentenceOf(error)}`));
}

function optionsOf(endpoint: string): Docker.DockerOptions {
  const unix = /^unix:\/\/(.+)$/.exec(endpoint)?.[1];
  if (unix !== undefined) return { socketPath: unix };
  const { hostname, port, protocol } = new URL(endpoint);
  return { host: hostname, port: Number(port) || 2375, protocol: protocol === 'https:' ? 'https' : 'http' };
}

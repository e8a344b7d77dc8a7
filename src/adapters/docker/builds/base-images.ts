import type { Host } from '../../../domain/host/host.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { DockerClients } from '../docker-clients.js';

/** Finds out which images a build stands on, by their digests. */
export class BaseImages {
  constructor(private readonly clients: DockerClients) {}

  /**
   * The images as `registry/base@sha256:…`. BuildKit names the digest where it asked a registry; an image that was on
   * the host already is asked about there. One that no registry ever gave a digest to stays as it was named.
   */
  async withDigests(host: Host, images: readonly string[]): Promise<string[]> {
    const found = await Promise.all(images.map((image) => this.withDigest(host, image)));
    return [...new Set(found)];
  }

  private async withDigest(host: Host, image: string): Promise<string> {
    const digest = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
    const repository = repositoryOf(image);
    if (digest !== undefined) return `${repository}@${digest}`;
    const known = await this.digestsOf(host, image);
    const own = known.find((each) => each.startsWith(`${familiar(repository)}@`));
    return own === undefined ? image : `${repository}@${own.slice(own.indexOf('@') + 1)}`;
  }

  /** An image that is gone again, or a host that does not answer just now, costs the digest and not the build. */
  private async digestsOf(host: Host, image: string): Promise<readonly string[]> {
    try {
      const { RepoDigests } = await this.clients.ask(host, { to: `look at ${image}` }, (docker) =>
        docker.getImage(image).inspect(),
      );
      return RepoDigests ?? [];
    } catch (error) {
      if (error instanceof DomainError) return [];
      throw error;
    }
  }
}

/** The name without tag and digest. */
export function repositoryOf(image: string): string {
  const name = image.replace(/@.*$/, '');
  const tagAt = name.lastIndexOf(':');
  return tagAt > name.lastIndexOf('/') ? name.slice(0, tagAt) : name;
}

/** As Docker shortens the names of its own registry. */
function familiar(repository: string): string {
  return repository.replace(/^docker\.io\/(?:library\/)?/, '');
}

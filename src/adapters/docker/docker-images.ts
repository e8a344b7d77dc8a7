import type Docker from 'dockerode';
import type { Host } from '../../domain/host/host.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { DockerClients } from './docker-clients.js';
import { imageFailure } from './docker-errors.js';
import { readDockerStream } from './docker-stream.js';
import { openImageStream } from './image-stream.js';

/** Who may use the registry; null for one that asks nobody. */
export type Credentials = {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
} | null;

/** A pull that takes longer hangs, in milliseconds: 15 minutes carry 10 GB over 100 Mbit/s. */
const LONGEST_PULL = 900_000;

/** A registry that hangs in the middle says nothing; a busy one may need minutes to put a big layer away. */
export const LONGEST_SILENCE = 300_000;

/** Images on hosts: looked for and pulled. */
export class DockerImages {
  private readonly pulls = new Map<string, Promise<void>>();

  constructor(
    private readonly clients: DockerClients,
    private readonly credentials: Credentials,
  ) {}

  /** Whether the image is on the host; false for a host that does not answer. */
  async has(host: Host, image: string): Promise<boolean> {
    const inspect = (docker: Docker, abortSignal: AbortSignal) =>
      docker.getImage(image).inspect({ abortSignal } as Docker.ImageInspectOptions);
    return this.clients.ask(host, { to: `look for ${image}` }, inspect).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DomainError) return false;
        throw error;
      },
    );
  }

  /** Pulls an image that is not there yet; many who want the same on a host wait for one pull. */
  pull(host: Host, image: string): Promise<void> {
    const key = `${host.dockerUrl} ${image}`;
    const running = this.pulls.get(key);
    if (running !== undefined) return running;
    const pull = this.pullOnce(host, image).finally(() => this.pulls.delete(key));
    this.pulls.set(key, pull);
    return pull;
  }

  private async pullOnce(host: Host, image: string): Promise<void> {
    if (await this.has(host, image)) return;
    const signal = AbortSignal.timeout(LONGEST_PULL);
    const options = { abortSignal: signal, ...(this.credentials === null ? {} : { authconfig: this.credentials }) };
    const stream = await openImageStream({ clients: this.clients, host }, { to: 'pull', image, signal }, (docker) =>
      docker.pull(image, options),
    );
    const { failure } = await readDockerStream(stream, {
      ...{ host: host.name, signal, longestSilence: LONGEST_SILENCE },
      onLine: () => undefined,
    });
    if (failure !== null) throw imageFailure(host, { to: 'pull', image }, failure);
  }
}

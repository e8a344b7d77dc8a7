import type { Host } from '../../../domain/host/host.js';
import type { DockerClients } from '../docker-clients.js';
import type { DockerImages } from '../docker-images.js';
import { linesOf } from '../log-frames.js';
import { freeBytesOf } from './df-output.js';

/** Says what a container of ours is for; never the label of an app, as it is no instance. */
const LABEL = 'io.jockey.probe';

/** Time for the container to look and end, in milliseconds: a busy host starts one slowly. */
const PATIENCE = 60_000;

/** A probe that is still there after so long was left by an engine that was killed, in seconds. */
const FORGOTTEN = 300;

/**
 * Looks at the disk of a host from within: no question of Docker's API tells what is free. A container's own root lies
 * where Docker keeps its data, so that `df` in a container of any image that has it shows that disk.
 */
export class DiskProbe {
  constructor(
    private readonly clients: DockerClients,
    private readonly images: DockerImages,
    private readonly image: string,
  ) {}

  /** Free bytes where Docker keeps its data; null where `df` says nothing that can be read. */
  async look(host: Host): Promise<number | null> {
    await this.images.pull(host, this.image);
    await this.removeForgotten(host);
    const id = await this.create(host);
    try {
      return freeBytesOf(await this.run(host, id));
    } finally {
      await this.remove(host, id);
    }
  }

  private async create(host: Host): Promise<string> {
    const options = {
      Image: this.image,
      Entrypoint: ['df', '-Pk', '/'],
      Cmd: [],
      Labels: { [LABEL]: 'disk' },
      NetworkDisabled: true,
      HostConfig: { Memory: 64 * 1024 * 1024, RestartPolicy: { Name: 'no' } },
    };
    const { id } = await this.clients.ask(host, { to: 'make a look at its disk', limit: PATIENCE }, (docker, signal) =>
      docker.createContainer({ ...options, abortSignal: signal }),
    );
    return id;
  }

  private async run(host: Host, id: string): Promise<readonly string[]> {
    return this.clients.ask(host, { to: 'look at its disk', limit: PATIENCE }, async (docker, abortSignal) => {
      const container = docker.getContainer(id);
      await container.start({ abortSignal });
      await container.wait({ abortSignal });
      return linesOf(await container.logs({ stdout: true, follow: false, abortSignal }));
    });
  }

  private async removeForgotten(host: Host): Promise<void> {
    const found = await this.clients.ask(host, { to: 'list looks at its disk' }, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters: { label: [LABEL] }, abortSignal }),
    );
    const forgotten = found.filter(({ Created }) => Created < Date.now() / 1000 - FORGOTTEN);
    for (const { Id } of forgotten) await this.remove(host, Id);
  }

  private async remove(host: Host, id: string): Promise<void> {
    const question = { to: 'remove a look at its disk', limit: PATIENCE, nullOn: [404, 409] };
    await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getContainer(id).remove({ force: true, v: true, abortSignal }),
    );
  }
}

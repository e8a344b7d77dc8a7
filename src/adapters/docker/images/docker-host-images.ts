import type Docker from 'dockerode';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { Host } from '../../../domain/host/host.js';
import type { BuildCache, HostImage, HostImages } from '../../../ports/host-images.js';
import type { DockerClients } from '../docker-clients.js';
import type { DiskProbe } from './disk-probe.js';

/** Time for a list of all images, and for a removal: layers are deleted file by file. In milliseconds. */
const LIST = 60_000;
const REMOVAL = 120_000;

/** Time for Docker to add up its build cache, and to remove most of it, in milliseconds. */
const CACHE = 600_000;

/** What free space a probe saw is believed so long, in milliseconds: many builds begin together. */
const BELIEVED = 30_000;

/** Images, build cache and disks of hosts, seen through Docker. Without a probe nobody can tell what is free. */
export class DockerHostImages implements HostImages {
  private readonly looks = new Map<string, { readonly at: number; readonly free: Promise<number | null> }>();

  constructor(
    private readonly clients: DockerClients,
    private readonly probe: DiskProbe | null,
  ) {}

  async list(host: Host): Promise<readonly HostImage[]> {
    const question = { to: 'list images', limit: LIST };
    const images = await this.clients.ask(host, question, (docker, abortSignal) =>
      docker.listImages({ digests: true, abortSignal } as Docker.ListImagesOptions),
    );
    const used = await this.usedOn(host);
    return images.map((image) => viewOf(image, used.has(image.Id)));
  }

  async remove(host: Host, nameOrId: string): Promise<boolean> {
    const id = await this.idOf(host, nameOrId);
    if (id === null || (await this.usedOn(host)).has(id)) return false;
    // 409: a container was just made of it, or it has names besides the one that its id was given in the place of.
    const question = { to: `remove ${nameOrId}`, limit: REMOVAL, nullOn: [404, 409] };
    const removed = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getImage(nameOrId).remove({ force: false, noprune: true, abortSignal }),
    );
    return removed !== null;
  }

  async buildCache(host: Host): Promise<BuildCache> {
    const path = '/system/df?';
    const { BuildCache: parts } = await this.clients.ask(
      host,
      { to: 'add up its build cache', limit: CACHE },
      (docker) =>
        dial<{ BuildCache: readonly CachePart[] | null }>(docker, {
          path,
          method: 'GET',
          options: { type: 'build-cache' },
        }),
    );
    // What is shared with images takes no room of its own.
    return { bytes: (parts ?? []).reduce((sum, { Size, Shared }) => sum + (Shared === true ? 0 : Size), 0) };
  }

  /** By `dial`, as dockerode's own method sends none of its options, and so would remove all of the cache. */
  async pruneBuildCache(host: Host, keepBytes: number): Promise<number> {
    const options = { all: true, 'keep-storage': keepBytes };
    const question = { to: 'remove what is old of its build cache', limit: CACHE };
    const { SpaceReclaimed } = await this.clients.ask(host, question, (docker) =>
      dial<{ SpaceReclaimed?: number }>(docker, { path: '/build/prune?', method: 'POST', options }),
    );
    return SpaceReclaimed ?? 0;
  }

  async freeDisk(host: Host): Promise<number | null> {
    if (this.probe === null) return null;
    const known = this.looks.get(host.dockerUrl);
    if (known !== undefined && Date.now() - known.at < BELIEVED) return known.free;
    const free = this.probe.look(host).catch(freeBytesByFailure);
    this.looks.set(host.dockerUrl, { at: Date.now(), free });
    return free;
  }

  private async idOf(host: Host, nameOrId: string): Promise<string | null> {
    const question = { to: `look at ${nameOrId}`, nullOn: [404] };
    const image = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getImage(nameOrId).inspect({ abortSignal } as Docker.ImageInspectOptions),
    );
    return image?.Id ?? null;
  }

  /** Ids of the images that containers are made of, also those that have ended. */
  private async usedOn(host: Host): Promise<ReadonlySet<string>> {
    const list = await this.clients.ask(host, { to: 'list containers' }, (docker, abortSignal) =>
      docker.listContainers({ all: true, abortSignal }),
    );
    return new Set(list.map(({ ImageID }) => ImageID));
  }
}

/** A disk on which no container can be made any more is full; all else that a look fails of says nothing of the disk. */
function freeBytesByFailure(error: unknown): number | null {
  if (!(error instanceof DomainError)) throw error;
  return /no space left on device/i.test(error.message) ? 0 : null;
}

interface CachePart {
  readonly Size: number;
  readonly Shared?: boolean;
}

/** An image without a name is listed as `<none>:<none>`. */
function viewOf(image: Docker.ImageInfo, used: boolean): HostImage {
  const names = [...(image.RepoTags ?? []), ...(image.RepoDigests ?? [])].filter((name) => !name.includes('<none>'));
  return {
    id: image.Id,
    names: names.sort(),
    labels: (image.Labels as Readonly<Record<string, string>> | null) ?? {},
    bytes: image.Size,
    createdAt: new Date(image.Created * 1000).toISOString(),
    used,
  };
}

/** What dockerode sends by itself, and its types do not show. */
interface Dial {
  readonly path: string;
  readonly method: 'GET' | 'POST';
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

function dial<T>(docker: Docker, asked: Dial): Promise<T> {
  const options = { ...asked, statusCodes: { 200: true, 400: 'bad parameter', 500: 'server error' } };
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error: unknown, answer: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(answer as T);
    });
  });
}

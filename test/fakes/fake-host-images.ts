import type { Host } from '../../src/domain/host/host.js';
import type { BuildCache, HostImage, HostImages } from '../../src/ports/host-images.js';
import { digestOf, type FakeMachine, type FakeWorld } from './fake-world.js';

/** Bytes of every image of the fake, and when each was made. */
const BYTES = 1_000_000;
const CREATED = '2020-01-01T00:00:00.000Z';

/** What is on the disk of a machine, besides its images. */
export interface FakeDisk {
  cacheBytes: number;
  /** Null: nobody can tell. */
  freeBytes: number | null;
}

/** Images and disks of the machines of a {@link FakeWorld}. */
export class FakeHostImages implements HostImages {
  private readonly disks = new Map<string, FakeDisk>();
  private readonly ids = new Map<string, string>();
  /** Labels by name of the image. */
  readonly labels = new Map<string, Readonly<Record<string, string>>>();

  constructor(private readonly world: FakeWorld) {}

  /** The disk of a machine; the test changes it. */
  disk(host: string): FakeDisk {
    const disk = this.disks.get(host) ?? { cacheBytes: 0, freeBytes: null };
    this.disks.set(host, disk);
    return disk;
  }

  async list(host: Host): Promise<readonly HostImage[]> {
    const machine = await this.reach(host, 'images', '');
    const ids = [...new Set([...machine.images].map((name) => this.idOf(name)))];
    const named = ids.map((id) => ({ id, names: [...machine.images].filter((name) => this.idOf(name) === id).sort() }));
    return named.map(({ id, names }) => ({
      ...{ id, names, bytes: BYTES, createdAt: CREATED },
      labels: Object.assign({}, ...names.map((name) => this.labels.get(name) ?? {})) as Record<string, string>,
      used: this.isUsed(machine, names),
    }));
  }

  async remove(host: Host, nameOrId: string): Promise<boolean> {
    const machine = await this.reach(host, 'removeImage', nameOrId);
    const names = [...machine.images].filter((name) => this.idOf(name) === this.idOf(nameOrId));
    return !this.isUsed(machine, names) && machine.images.delete(nameOrId);
  }

  async buildCache(host: Host): Promise<BuildCache> {
    await this.reach(host, 'buildCache', '');
    return { bytes: this.disk(host.name).cacheBytes };
  }

  async pruneBuildCache(host: Host, keepBytes: number): Promise<number> {
    await this.reach(host, 'pruneBuildCache', '');
    const disk = this.disk(host.name);
    const given = Math.max(0, disk.cacheBytes - keepBytes);
    disk.cacheBytes -= given;
    return given;
  }

  async freeDisk(host: Host): Promise<number | null> {
    if (!this.disks.has(host.name)) return null;
    await this.reach(host, 'freeDisk', '');
    return this.disk(host.name).freeBytes;
  }

  /** Makes a name one more of the image that has another. */
  isSameAs(name: string, other: string): void {
    this.ids.set(name, this.idOf(other));
  }

  /** The fake registry makes digests of tags, so both names of an image lead to one id. */
  private idOf(name: string): string {
    return this.ids.get(name) ?? (name.includes('@') ? name.slice(name.indexOf('@') + 1) : digestOf(name));
  }

  private isUsed(machine: FakeMachine, names: readonly string[]): boolean {
    const ids = names.map((name) => this.idOf(name));
    return [...machine.containers.values()].some(({ spec }) => ids.includes(this.idOf(spec.image)));
  }

  private async reach(host: Host, method: string, about: string): Promise<FakeMachine> {
    await this.world.ask({ method: `docker.${method}`, host: host.name, about });
    return this.world.machine(host.name);
  }
}

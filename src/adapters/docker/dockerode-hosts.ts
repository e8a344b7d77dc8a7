import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Host, Resources } from '../../domain/host/host.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type {
  ContainerDetail,
  ContainerEvent,
  ContainerSeen,
  ContainerSpec,
  ContainerUsage,
  DockerHosts,
} from '../../ports/docker-hosts.js';
import { detailOf, isOurs, listFilter, seenOf } from './container-view.js';
import { createOptionsOf } from './create-options.js';
import { DockerClients } from './docker-clients.js';
import { isEnding, isPortTaken } from './docker-errors.js';
import { watchEvents } from './docker-events.js';
import { DockerImages, type Credentials } from './docker-images.js';
import { linesOf } from './log-frames.js';
import { type StatsAnswer, usageOfStats } from './usage-of-stats.js';

/** Time for a container to be created or started on a busy host, in milliseconds. */
const START = 60_000;

/** Milliseconds between two looks at a name that somebody else is just making. */
const RESERVED = 50;

/** So long an engine may take to know of a container that it has ended, in milliseconds. */
const ENDED = 5_000;

/** On top of the grace that a container gets, for Docker itself, in milliseconds. */
const STOP_ON_TOP = 30_000;

/** The Docker engines of the hosts, spoken to with dockerode. */
export class DockerodeHosts implements DockerHosts {
  private readonly images: DockerImages;

  constructor(
    private readonly clients: DockerClients,
    credentials: Credentials,
  ) {
    this.images = new DockerImages(clients, credentials);
  }

  async capacity(host: Host): Promise<Resources> {
    const { MemTotal, NCPU } = await this.clients.ask(host, { to: 'say what it has' }, (docker, abortSignal) =>
      (docker as unknown as Informant).info({ abortSignal }),
    );
    return { memoryMb: Math.floor(MemTotal / 1024 / 1024), cpus: NCPU };
  }

  async list(host: Host, labels: Readonly<Record<string, string>>): Promise<readonly ContainerSeen[]> {
    const filters = { label: listFilter(labels) };
    const list = await this.clients.ask(host, { to: 'list containers' }, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters, abortSignal }),
    );
    return list.map(seenOf);
  }

  async inspect(host: Host, name: string): Promise<ContainerDetail | null> {
    const question = { to: `look at ${name}`, nullOn: [404] };
    const info = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getContainer(name).inspect({ abortSignal }),
    );
    return info === null ? null : detailOf(info);
  }

  hasImage(host: Host, image: string): Promise<boolean> {
    return this.images.has(host, image);
  }

  pull(host: Host, image: string): Promise<void> {
    return this.images.pull(host, image);
  }

  async start(host: Host, spec: ContainerSpec): Promise<ContainerDetail> {
    const earlier = await this.createUnlessThere(host, spec);
    if (earlier !== null) await this.takeOver(host, spec, earlier);
    await this.startCreated(host, spec);
    const detail = await this.inspect(host, spec.name);
    if (detail !== null) return detail;
    throw new DomainError('unprocessable_entity', `${spec.name} was removed from host ${host.name} while it started`);
  }

  async keepRunning(host: Host, name: string): Promise<void> {
    const update = (docker: Docker, abortSignal: AbortSignal) =>
      docker.getContainer(name).update({ RestartPolicy: { Name: 'unless-stopped' }, abortSignal });
    for (const end = performance.now() + ENDED; ; await pause(RESERVED)) {
      try {
        await this.clients.ask(host, { to: `keep ${name} running` }, update);
        return;
      } catch (error) {
        if (!isEnding(error) || performance.now() >= end) throw error;
      }
    }
  }

  async remove(host: Host, name: string, graceSeconds: number): Promise<void> {
    const found = await this.inspect(host, name);
    if (found === null) return;
    refuseForeign(host, found);
    const limit = graceSeconds * 1000 + STOP_ON_TOP;
    await this.clients.askOrNull(host, { to: `stop ${name}`, limit, nullOn: [304, 404] }, (docker, abortSignal) =>
      docker.getContainer(name).stop({ t: graceSeconds, abortSignal }),
    );
    // 409: somebody else is removing it at this moment, which is what was wanted.
    await this.clients.askOrNull(host, { to: `remove ${name}`, limit, nullOn: [404, 409] }, (docker, abortSignal) =>
      docker.getContainer(name).remove({ force: true, v: true, abortSignal }),
    );
  }

  async lastLines(host: Host, name: string, count: number): Promise<readonly string[]> {
    const options = { stdout: true, stderr: true, tail: count, follow: false as const };
    const question = { to: `read the output of ${name}`, nullOn: [404] };
    const frames = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.getContainer(name).logs({ ...options, abortSignal }),
    );
    return frames === null || count === 0 ? [] : linesOf(frames).slice(-count);
  }

  async usage(host: Host, name: string): Promise<ContainerUsage | null> {
    const question = { to: `measure ${name}`, nullOn: [404, 409] };
    const stats = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      (docker.getContainer(name) as unknown as Measured).stats({ stream: false, abortSignal }),
    );
    return stats === null ? null : usageOfStats(stats);
  }

  watch(host: Host, onEvent: (event: ContainerEvent) => void, signal: AbortSignal): void {
    void watchEvents(this.clients, { host, signal, onEvent });
  }

  /** Makes it, or answers the one of this name. An engine holds a name for a while before it shows whose it is. */
  private async createUnlessThere(host: Host, spec: ContainerSpec): Promise<ContainerDetail | null> {
    for (const end = performance.now() + START; performance.now() < end; await pause(RESERVED)) {
      if (await this.create(host, spec)) return null;
      const found = await this.inspect(host, spec.name);
      if (found !== null) return found;
    }
    throw new DomainError('unavailable', `host ${host.name} holds the name ${spec.name}, but shows no such container`);
  }

  /** Whether it was made now; false where its name is taken already. */
  private async create(host: Host, spec: ContainerSpec): Promise<boolean> {
    const question = { to: `create ${spec.name}`, limit: START, nullOn: [409] };
    const created = await this.clients.askOrNull(host, question, (docker, abortSignal) =>
      docker.createContainer({ ...createOptionsOf(spec), abortSignal }),
    );
    return created !== null;
  }

  /** One of this name is an earlier try of ours, and is kept; one that leads to another port is of no use any more. */
  private async takeOver(host: Host, spec: ContainerSpec, found: ContainerDetail): Promise<void> {
    refuseForeign(host, found);
    if (found.hostPort === (spec.publish?.hostPort ?? null)) return;
    await this.remove(host, spec.name, spec.stopGraceSeconds);
    await this.create(host, spec);
  }

  private async startCreated(host: Host, { name, publish }: ContainerSpec): Promise<void> {
    try {
      await this.clients.askOrNull(host, { to: `start ${name}`, limit: START, nullOn: [304] }, (docker, abortSignal) =>
        docker.getContainer(name).start({ abortSignal }),
      );
    } catch (error) {
      if (publish === null || !isPortTaken(error)) throw error;
      await this.remove(host, name, 0);
      throw new DomainError(
        'conflict',
        `port ${publish.hostPort} of host ${host.name} is taken by something else, so ${name} could not be started there`,
      );
    }
  }
}

/** `info` takes a signal as every other question does; its types do not say so. */
interface Informant {
  info(options: { readonly abortSignal: AbortSignal }): Promise<{ readonly MemTotal: number; readonly NCPU: number }>;
}

/** `stats` takes a signal as every other question does; its types do not say so. */
interface Measured {
  stats(options: { readonly stream: false; readonly abortSignal: AbortSignal }): Promise<StatsAnswer>;
}

/** What carries no label of ours was made by somebody else, and is never touched. */
function refuseForeign(host: Host, found: ContainerDetail): void {
  if (isOurs(found)) return;
  throw new DomainError(
    'forbidden',
    `${found.name} on host ${host.name} was not made by Jockey and is left alone: remove or rename it by hand`,
  );
}

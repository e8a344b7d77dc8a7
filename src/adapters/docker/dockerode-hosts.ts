import type Docker from 'dockerode';
import type { Host, Resources } from '../../domain/host/host.js';
import { LABELS } from '../../domain/instance/container-name.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type {
  ContainerDetail,
  ContainerEvent,
  ContainerSeen,
  ContainerSpec,
  DockerHosts,
  ImageBuild,
  ImagePush,
} from '../../ports/docker-hosts.js';
import { createOptionsOf } from './create-options.js';
import { within } from '../within.js';
import { DockerClients } from './docker-clients.js';
import { failureAt, isPortTaken, statusOf } from './docker-errors.js';
import { watchEvents } from './docker-events.js';
import { DockerImages, type Credentials } from './docker-images.js';
import { linesOf } from './log-frames.js';

/** Time for a question, and for a container to be created and started on a busy host, in milliseconds. */
const QUESTION = 10_000;
const START = 60_000;
/** On top of the grace that Docker gives a container, for Docker itself. */
const STOP_ON_TOP = 30_000;

/** The Docker engines of the hosts, spoken to with dockerode. */
export class DockerodeHosts implements DockerHosts {
  private readonly clients: DockerClients;
  private readonly images: DockerImages;

  constructor(options: { readonly certPath: string | undefined; readonly credentials: Credentials }) {
    this.clients = new DockerClients(options.certPath);
    this.images = new DockerImages(this.clients, options.credentials);
  }

  async capacity(host: Host): Promise<Resources> {
    const { MemTotal, NCPU } = (await this.ask(host, (docker) => docker.info())) as { MemTotal: number; NCPU: number };
    return { memoryMb: Math.floor(MemTotal / 1024 / 1024), cpus: NCPU };
  }

  async list(host: Host, labels: Readonly<Record<string, string>>): Promise<readonly ContainerSeen[]> {
    const label = [LABELS.app, ...Object.entries(labels).map(([name, value]) => `${name}=${value}`)];
    const list = await this.ask(host, (docker) => docker.listContainers({ all: true, filters: { label } }));
    return list.map((each) => ({
      id: each.Id,
      name: (each.Names[0] ?? '').replace(/^\//, ''),
      state: each.State === 'running' ? 'running' : 'exited',
      labels: each.Labels,
      hostPort: each.Ports.find(({ PublicPort }) => PublicPort !== undefined)?.PublicPort ?? null,
    }));
  }

  async inspect(host: Host, name: string): Promise<ContainerDetail | null> {
    const info = await this.ask(host, (docker) => docker.getContainer(name).inspect(), { orNullOn: 404 });
    return info === null ? null : detailOf(info);
  }

  hasImage(host: Host, image: string): Promise<boolean> {
    return this.images.has(host, image);
  }

  pull(host: Host, image: string): Promise<void> {
    return this.images.pull(host, image);
  }

  async start(host: Host, spec: ContainerSpec): Promise<ContainerDetail> {
    const create = (docker: Docker) => docker.createContainer(createOptionsOf(spec));
    const created = await this.ask(host, create, { orNullOn: 409, milliseconds: START });
    if (created === null) await this.refuseForeign(host, spec.name);
    try {
      await this.ask(host, (docker) => docker.getContainer(spec.name).start(), { orNullOn: 304, milliseconds: START });
    } catch (error) {
      if (!isPortTaken(error)) throw error;
      await this.remove(host, spec.name, 0);
      throw new DomainError(
        'conflict',
        `port ${spec.publish?.hostPort} of host ${host.name} is taken by something else`,
      );
    }
    const detail = await this.inspect(host, spec.name);
    if (detail === null)
      throw new DomainError('unprocessable_entity', `${spec.name} vanished from ${host.name} at once`);
    return detail;
  }

  async remove(host: Host, name: string, graceSeconds: number): Promise<void> {
    if ((await this.inspect(host, name)) === null) return;
    await this.refuseForeign(host, name);
    const limit = { milliseconds: graceSeconds * 1000 + STOP_ON_TOP };
    const container = (docker: Docker) => docker.getContainer(name);
    await this.ask(host, (docker) => container(docker).stop({ t: graceSeconds }), { orNullOn: [304, 404], ...limit });
    await this.ask(host, (docker) => container(docker).remove({ force: true, v: true }), {
      orNullOn: [404, 409],
      ...limit,
    });
  }

  async lastLines(host: Host, name: string, count: number): Promise<readonly string[]> {
    const options = { stdout: true, stderr: true, tail: count, follow: false as const };
    const frames = await this.ask(host, (docker) => docker.getContainer(name).logs(options), { orNullOn: 404 });
    return frames === null ? [] : linesOf(frames).slice(-count);
  }

  build(host: Host, build: ImageBuild): Promise<void> {
    return this.images.build(host, build);
  }

  push(host: Host, push: ImagePush): Promise<string> {
    return this.images.push(host, push);
  }

  watch(host: Host, onEvent: (event: ContainerEvent) => void, signal: AbortSignal): void {
    void watchEvents(this.clients, { host, signal }, onEvent);
  }

  /** What carries no label of ours was made by somebody else, and is never touched. */
  private async refuseForeign(host: Host, name: string): Promise<void> {
    const detail = await this.inspect(host, name);
    if (detail === null || LABELS.app in detail.labels) return;
    throw new DomainError('forbidden', `${name} on host ${host.name} was not made by Jockey, and is left alone`);
  }

  private async ask<T>(host: Host, question: (docker: Docker) => Promise<T>, options?: Asking): Promise<T>;
  private async ask<T>(
    host: Host,
    question: (docker: Docker) => Promise<T>,
    options: Asking & { orNullOn: number | readonly number[] },
  ): Promise<T | null>;
  private async ask<T>(
    host: Host,
    question: (docker: Docker) => Promise<T>,
    options: Asking & { orNullOn?: number | readonly number[] } = {},
  ): Promise<T | null> {
    try {
      return await within(options.milliseconds ?? QUESTION, question(this.clients.of(host)));
    } catch (error) {
      if ([options.orNullOn ?? []].flat().includes(statusOf(error) ?? 0)) return null;
      throw failureAt(host, error);
    }
  }
}

interface Asking {
  readonly milliseconds?: number;
}

function detailOf(info: Docker.ContainerInspectInfo): ContainerDetail {
  const bindings = Object.values(info.HostConfig.PortBindings ?? {}) as { HostPort?: string }[][];
  const port = Number(bindings[0]?.[0]?.HostPort ?? 0);
  return {
    id: info.Id,
    name: info.Name.replace(/^\//, ''),
    state: info.State.Status === 'running' ? 'running' : 'exited',
    labels: info.Config.Labels,
    hostPort: port === 0 ? null : port,
    exitCode: info.State.Status === 'running' && info.RestartCount === 0 ? null : info.State.ExitCode,
    outOfMemory: info.State.OOMKilled,
    restarts: info.RestartCount,
  };
}

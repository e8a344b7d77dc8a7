import { addAbortSignal, type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { BUILD_CACHE_LABEL } from '../../../domain/build/build-container.js';
import type { Host } from '../../../domain/host/host.js';
import { LABELS } from '../../../domain/instance/container-name.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { BuildOutput } from '../../../ports/build-hosts.js';
import type { DockerClients } from '../docker-clients.js';
import { failureAt, statusOf, wordsOf } from '../docker-errors.js';
import { lostOrStopped } from '../docker-stream.js';
import { outputFrames } from './output-frames.js';
import { OutputLines } from './output-lines.js';

/** Time for a container to be created, started, committed or removed on a busy host, in milliseconds. */
const LONG = 120_000;

/** A container whose output has ended is stopped within so many milliseconds, else the connection was cut. */
const END = 10_000;

/** A container of a builder image, as data. */
export interface BuilderPlan {
  readonly name: string;
  readonly buildId: string;
  readonly image: string;
  /** The program and its arguments. */
  readonly command: readonly string[];
  readonly env: readonly string[];
  /** The user that it runs as; null for the image's. */
  readonly user: string | null;
  /** The volume of an app that is mounted, and where; null for none. */
  readonly cache: { readonly volume: string; readonly app: string; readonly path: string } | null;
  /** Whether it shares the network of the host, as for a registry on the host itself. */
  readonly onHostNetwork: boolean;
}

/** How it ended. */
export interface BuilderEnd {
  readonly exitCode: number;
  readonly outOfMemory: boolean;
  /** What it printed last, the oldest first. */
  readonly lastLines: readonly string[];
}

/** Files for a container. */
export interface Putting {
  readonly path: string;
  /** It is consumed. */
  readonly tar: Readable;
  readonly signal: AbortSignal;
}

/** Containers in which builder images do their work: made, filled, run to their end, read, removed. */
export class BuilderContainers {
  constructor(
    private readonly clients: DockerClients,
    private readonly host: Host,
  ) {}

  /** Runs `work` with a new container, and removes it in any case: its signal, a failure, the end. */
  async with<T>(plan: BuilderPlan, work: (container: Docker.Container) => Promise<T>): Promise<T> {
    await this.remove(plan.name);
    try {
      return await work(await this.create(plan));
    } finally {
      // A host that is gone must not take the place of what went wrong; the next try removes it by its name.
      await this.remove(plan.name).catch(() => undefined);
    }
  }

  /** Whether any other container, of whatever state, has the volume. */
  async isTaken(volume: string, name: string): Promise<boolean> {
    const list = await this.clients.ask(this.host, { to: 'list containers' }, (docker, abortSignal) =>
      docker.listContainers({ all: true, filters: { volume: [volume] }, abortSignal }),
    );
    return list.some(({ Names }) => !Names.includes(`/${name}`));
  }

  /** Puts a tar stream into a folder that is there. */
  async put(container: Docker.Container, { path, tar, signal }: Putting): Promise<void> {
    try {
      await container.putArchive(tar, { path, abortSignal: signal });
    } catch (error) {
      if (tar.errored !== null && !signal.aborted) throw tar.errored;
      throw this.failure(`put files into ${path} of a builder`, error, signal);
    } finally {
      tar.destroy();
    }
  }

  /** Starts it, hands on what it prints as it comes, and resolves when it has ended. */
  async run(container: Docker.Container, plan: BuilderPlan, { onLine, signal }: BuildOutput): Promise<BuilderEnd> {
    const lines = new OutputLines(onLine);
    const attached = await this.attach(container, signal);
    try {
      await this.start(container, plan);
      for await (const piece of outputFrames(addAbortSignal(signal, attached))) await lines.add(piece);
      await lines.end();
    } catch (error) {
      throw error instanceof DomainError ? error : lostOrStopped({ host: this.host.name, signal }, error);
    } finally {
      attached.destroy();
    }
    signal.throwIfAborted();
    return { ...(await this.endOf(container)), lastLines: lines.last };
  }

  /** Keeps the container as an image. */
  async commit(container: Docker.Container, tag: string, config: Docker.ContainerCreateOptions): Promise<void> {
    const at = tag.lastIndexOf(':');
    const query = { container: container.id, repo: tag.slice(0, at), tag: tag.slice(at + 1) };
    await this.clients.ask(this.host, { to: `keep the container as ${tag}`, limit: LONG }, (_docker, abortSignal) =>
      container.commit({ _query: query, _body: config, abortSignal }),
    );
  }

  /** Removes a container of a build, running or not; resolves when there is none of this name. */
  async remove(name: string): Promise<void> {
    const question = { to: `look at ${name}`, nullOn: [404] };
    const found = await this.clients.askOrNull(this.host, question, (docker, abortSignal) =>
      docker.getContainer(name).inspect({ abortSignal }),
    );
    if (found === null) return;
    if (found.Config.Labels[LABELS.build] === undefined) throw foreign(this.host, name);
    const removal = { to: `remove ${name}`, limit: LONG, nullOn: [404, 409] };
    await this.clients.askOrNull(this.host, removal, (docker, abortSignal) =>
      docker.getContainer(found.Id).remove({ force: true, v: true, abortSignal }),
    );
    await this.untilGone(name);
  }

  /** Another may be removing it at this moment; a name is free when nothing answers to it. */
  private async untilGone(name: string): Promise<void> {
    const question = { to: `look at ${name}`, nullOn: [404] };
    for (const end = performance.now() + LONG; performance.now() < end; await pause(50)) {
      const found = await this.clients.askOrNull(this.host, question, (docker, abortSignal) =>
        docker.getContainer(name).inspect({ abortSignal }),
      );
      if (found === null) return;
    }
    throw new DomainError('unavailable', `host ${this.host.name} does not get rid of the container ${name}`);
  }

  private async create(plan: BuilderPlan): Promise<Docker.Container> {
    return this.clients.ask(this.host, { to: `create ${plan.name}`, limit: LONG }, (docker, abortSignal) =>
      docker.createContainer({ ...createOptionsOf(plan), abortSignal }),
    );
  }

  private async start(container: Docker.Container, { name, image, command }: BuilderPlan): Promise<void> {
    try {
      await this.clients.ask(this.host, { to: `start ${name}`, limit: LONG }, (_docker, abortSignal) =>
        container.start({ abortSignal }).catch((error: unknown) => {
          throw statusOf(error) === 400 || statusOf(error) === 404
            ? notRunnable(image, command[0] ?? '', error)
            : error;
        }),
      );
    } catch (error) {
      throw failureAt(this.host, `start ${name}`, error);
    }
  }

  private async attach(container: Docker.Container, signal: AbortSignal): Promise<Readable> {
    try {
      const stream = await container.attach({ stream: true, stdout: true, stderr: true, abortSignal: signal });
      return stream as unknown as Readable;
    } catch (error) {
      throw this.failure('listen to a builder', error, signal);
    }
  }

  private async endOf(container: Docker.Container): Promise<Omit<BuilderEnd, 'lastLines'>> {
    for (const end = performance.now() + END; performance.now() < end; await pause(50)) {
      const { State } = await this.clients.ask(this.host, { to: 'look at a builder' }, (_docker, abortSignal) =>
        container.inspect({ abortSignal }),
      );
      if (!State.Running) return { exitCode: State.ExitCode, outOfMemory: State.OOMKilled };
    }
    throw new DomainError('unavailable', `the connection to host ${this.host.name} was lost: the output ended early`);
  }

  private failure(to: string, error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return lostOrStopped({ host: this.host.name, signal }, error);
    return failureAt(this.host, to, error);
  }
}

function createOptionsOf(plan: BuilderPlan): Docker.ContainerCreateOptions {
  const [program = '', ...args] = plan.command;
  return {
    name: plan.name,
    Image: plan.image,
    Entrypoint: [program],
    Cmd: args,
    Env: [...plan.env],
    Labels: { [LABELS.build]: plan.buildId },
    ...(plan.user === null ? {} : { User: plan.user }),
    HostConfig: {
      // What it prints is read as it comes, and kept in the build's log; the host need not keep it too.
      LogConfig: { Type: 'none', Config: {} },
      ...(plan.onHostNetwork ? { NetworkMode: 'host' } : {}),
      Mounts: plan.cache === null ? [] : [mountOf(plan.cache)],
    },
  };
}

function mountOf({ volume, app, path }: NonNullable<BuilderPlan['cache']>): Docker.MountSettings {
  const VolumeOptions = {
    NoCopy: false,
    Labels: { [BUILD_CACHE_LABEL]: app },
    DriverConfig: { Name: 'local', Options: {} },
  };
  return { Type: 'volume', Source: volume, Target: path, VolumeOptions };
}

function notRunnable(image: string, program: string, error: unknown): DomainError {
  const words = `the builder image ${image} has no program ${program} that can be run: ${wordsOf(error)}`;
  return new DomainError('unprocessable_entity', words);
}

function foreign(host: Host, name: string): DomainError {
  const words = `${name} on host ${host.name} is not the container of a build and is left alone: remove or rename it by hand`;
  return new DomainError('forbidden', words);
}

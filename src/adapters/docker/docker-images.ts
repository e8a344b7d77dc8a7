import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Host } from '../../domain/host/host.js';
import { DomainError } from '../../domain/kernel/errors.js';
import type { ImageBuild, ImagePush } from '../../ports/docker-hosts.js';
import type { DockerClients } from './docker-clients.js';
import { failureAt, imageFailure, statusOf, wordsOf, type ImageQuestion } from './docker-errors.js';
import { lostOrStopped, readDockerStream } from './docker-stream.js';

/** Who may use the registry; null for one that asks nobody. */
export type Credentials = {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
} | null;

/** A pull that takes longer hangs, in milliseconds: 15 minutes carry 10 GB over 100 Mbit/s. */
const LONGEST_PULL = 900_000;

/** A registry that hangs in the middle says nothing; a busy one may need minutes to put a big layer away. */
const LONGEST_SILENCE = 300_000;

/** Docker demands the header of a push also for a registry that asks nobody. */
const ANONYMOUS = { username: '', password: '', serveraddress: '' };

/** Images on hosts: built, pushed, pulled. */
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

  /** Builds an image with the classic builder, which tells its steps line by line and needs no session. */
  async build(host: Host, build: ImageBuild): Promise<void> {
    try {
      const stream = await this.open(host, { to: 'build', image: build.tag, signal: build.signal }, (docker) =>
        docker.buildImage(build.context, this.buildOptions(build)),
      );
      const { aux, failure, step } = await readDockerStream(stream, { ...build, host: host.name });
      if (failure !== null) throw buildFailure(step, failure);
      if (typeof aux['ID'] !== 'string') throw lostOrStopped({ ...build, host: host.name }, 'no image came of it');
    } catch (error) {
      throw build.signal.aborted ? error : (build.context.errored ?? error);
    } finally {
      build.context.destroy();
    }
  }

  /** Pushes an image and answers its digest. */
  async push(host: Host, push: ImagePush): Promise<string> {
    const options = { authconfig: this.credentials ?? ANONYMOUS, abortSignal: push.signal };
    const stream = await this.open(host, { to: 'push', image: push.tag, signal: push.signal }, (docker) =>
      docker.getImage(push.tag).push(options),
    );
    const { aux, failure } = await readDockerStream(stream, {
      ...push,
      host: host.name,
      longestSilence: LONGEST_SILENCE,
    });
    if (failure !== null) throw imageFailure(host, { to: 'push', image: push.tag }, failure);
    return typeof aux['Digest'] === 'string' ? aux['Digest'] : this.digestOf(host, push.tag);
  }

  private buildOptions(build: ImageBuild): Docker.ImageBuildOptions {
    return {
      t: build.tag,
      dockerfile: build.dockerfile,
      labels: { ...build.labels },
      rm: true,
      forcerm: true,
      pull: false,
      version: '1',
      abortSignal: build.signal,
      ...(this.credentials === null ? {} : { registryconfig: { [this.credentials.serveraddress]: this.credentials } }),
    };
  }

  private async pullOnce(host: Host, image: string): Promise<void> {
    if (await this.has(host, image)) return;
    const signal = AbortSignal.timeout(LONGEST_PULL);
    const options = { abortSignal: signal, ...(this.credentials === null ? {} : { authconfig: this.credentials }) };
    const stream = await this.open(host, { to: 'pull', image, signal }, (docker) => docker.pull(image, options));
    const { failure } = await readDockerStream(stream, {
      ...{ host: host.name, signal, longestSilence: LONGEST_SILENCE },
      onLine: () => undefined,
    });
    if (failure !== null) throw imageFailure(host, { to: 'pull', image }, failure);
  }

  /** Where a registry does not tell a push's digest in the stream, the engine has noted it on the image. */
  private async digestOf(host: Host, tag: string): Promise<string> {
    const { RepoDigests } = await this.clients.ask(host, { to: `look at ${tag}` }, (docker) =>
      docker.getImage(tag).inspect(),
    );
    const repository = tag.slice(0, tag.lastIndexOf(':'));
    const found = (RepoDigests ?? []).find((each) => each.startsWith(`${repository}@`));
    if (found !== undefined) return found.slice(repository.length + 1);
    throw new DomainError('unprocessable_entity', `the registry took ${tag} but did not say its digest`);
  }

  private async open(
    host: Host,
    opening: ImageQuestion & { readonly signal: AbortSignal },
    put: (docker: Docker) => Promise<NodeJS.ReadableStream>,
  ): Promise<Readable> {
    const { to, image, signal } = opening;
    try {
      return (await put(this.clients.of(host))) as Readable;
    } catch (error) {
      if (signal.aborted) throw lostOrStopped({ host: host.name, signal }, error);
      if (statusOf(error) !== null) throw imageFailure(host, opening, wordsOf(error));
      throw failureAt(host, `${to} ${image}`, error);
    }
  }
}

function buildFailure(step: string | null, failure: string): DomainError {
  return new DomainError('unprocessable_entity', step === null ? failure : `${step} failed: ${failure}`);
}

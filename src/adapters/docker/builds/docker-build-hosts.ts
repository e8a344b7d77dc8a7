import type Docker from 'dockerode';
import type { Host } from '../../../domain/host/host.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type { BuildHosts, BuildOutput, ImageBuild, ImageBuilt, ImagePush } from '../../../ports/build-hosts.js';
import type { DockerClients } from '../docker-clients.js';
import { imageFailure } from '../docker-errors.js';
import { LONGEST_SILENCE, type Credentials } from '../docker-images.js';
import { lostOrStopped, readDockerStream, type StreamReading } from '../docker-stream.js';
import { openImageStream } from '../image-stream.js';

/** Docker demands the header of a push also for a registry that asks nobody. */
const ANONYMOUS = { username: '', password: '', serveraddress: '' };

/** The Docker engines of the hosts that build, spoken to with dockerode. */
export class DockerBuildHosts implements BuildHosts {
  constructor(
    private readonly clients: DockerClients,
    private readonly credentials: Credentials,
  ) {}

  /** Builds an image with the classic builder, which tells its steps line by line and needs no session. */
  async build(host: Host, build: ImageBuild): Promise<ImageBuilt> {
    try {
      const stream = await openImageStream(
        { clients: this.clients, host },
        { to: 'build', image: build.tag, signal: build.signal },
        (docker) => docker.buildImage(build.context, this.buildOptions(build)),
      );
      const { aux, failure, step } = await readDockerStream(stream, readingOf(host, build));
      if (failure !== null) throw buildFailure(step, failure);
      if (typeof aux['ID'] !== 'string') throw lostOrStopped({ ...build, host: host.name }, 'no image came of it');
      return { baseImages: [] };
    } catch (error) {
      throw build.signal.aborted ? error : (build.context.errored ?? error);
    } finally {
      build.context.destroy();
    }
  }

  /** Pushes an image and answers its digest. */
  async push(host: Host, push: ImagePush): Promise<string> {
    const options = { authconfig: this.credentials ?? ANONYMOUS, abortSignal: push.signal };
    const stream = await openImageStream(
      { clients: this.clients, host },
      { to: 'push', image: push.tag, signal: push.signal },
      (docker) => docker.getImage(push.tag).push(options),
    );
    const { aux, failure } = await readDockerStream(stream, {
      ...readingOf(host, push),
      longestSilence: LONGEST_SILENCE,
    });
    if (failure !== null) throw imageFailure(host, { to: 'push', image: push.tag }, failure);
    return typeof aux['Digest'] === 'string' ? aux['Digest'] : this.digestOf(host, push.tag);
  }

  private buildOptions(build: ImageBuild): Docker.ImageBuildOptions {
    return {
      t: build.tag,
      dockerfile: build.dockerfile,
      buildargs: { ...build.args },
      ...(build.target === null ? {} : { target: build.target }),
      labels: { ...build.labels },
      rm: true,
      forcerm: true,
      pull: false,
      version: '1',
      abortSignal: build.signal,
      ...(this.credentials === null ? {} : { registryconfig: { [this.credentials.serveraddress]: this.credentials } }),
    };
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
}

function readingOf(host: Host, { onLine, signal }: BuildOutput): StreamReading {
  return { host: host.name, signal, onLine: (text) => onLine({ text, stream: 'status', step: null }) };
}

function buildFailure(step: string | null, failure: string): DomainError {
  return new DomainError('unprocessable_entity', step === null ? failure : `${step} failed: ${failure}`);
}

import type { Host } from '../../../domain/host/host.js';
import { DomainError } from '../../../domain/kernel/errors.js';
import type {
  BuildHosts,
  BuildOutput,
  BuildpacksBuild,
  BuildpacksBuilt,
  ImageBuild,
  ImageBuilt,
  ImagePush,
  LifecycleBuild,
  LifecycleBuilt,
} from '../../../ports/build-hosts.js';
import type { DockerClients } from '../docker-clients.js';
import { imageFailure } from '../docker-errors.js';
import { LONGEST_SILENCE, type Credentials } from '../docker-images.js';
import { readDockerStream, type StreamReading } from '../docker-stream.js';
import { openImageStream } from '../image-stream.js';
import { BuildKitBuilds } from './buildkit-builds.js';
import { BuilderContainers } from './builder-container.js';
import { buildWithBuildstep } from './buildstep.js';
import { buildWithLifecycle } from './lifecycle.js';
import { consuming } from './tar-owner.js';

/** Docker demands the header of a push also for a registry that asks nobody. */
const ANONYMOUS = { username: '', password: '', serveraddress: '' };

/** The Docker engines of the hosts that build, spoken to with dockerode. */
export class DockerBuildHosts implements BuildHosts {
  constructor(
    private readonly clients: DockerClients,
    private readonly credentials: Credentials,
  ) {}

  /** Builds an image with the BuildKit inside the engine. */
  build(host: Host, build: ImageBuild): Promise<ImageBuilt> {
    return new BuildKitBuilds(this.clients, this.credentials).build(host, build);
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

  /** Builds an image by the classic contract of Buildstep. */
  buildstep(host: Host, build: BuildpacksBuild): Promise<BuildpacksBuilt> {
    const side = { clients: this.clients, host, credentials: this.credentials };
    return consuming(build.source, () => buildWithBuildstep(side, build));
  }

  /** Has the lifecycle of Cloud Native Buildpacks build and push an image. */
  lifecycle(host: Host, build: LifecycleBuild): Promise<LifecycleBuilt> {
    const side = { clients: this.clients, host, credentials: this.credentials };
    return consuming(build.source, () => buildWithLifecycle(side, build));
  }

  /** Ends and removes the container of buildpacks of this name. */
  removeContainer(host: Host, name: string): Promise<void> {
    return new BuilderContainers(this.clients, host).remove(name);
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

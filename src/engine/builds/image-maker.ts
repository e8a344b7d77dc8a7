import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { BUILD_STACK, chooseBuildHost } from '../../domain/build/choose-build-host.js';
import { imageByDigest, imageLabels, imageTag } from '../../domain/build/image-names.js';
import type { Host } from '../../domain/host/host.js';
import { DomainError, unavailable } from '../../domain/kernel/errors.js';
import { DOCKER_HOSTS, type DockerHosts } from '../../ports/docker-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { SOURCE_CODE, type SourceCode } from '../../ports/source-code.js';
import { BuildProgress, type BuildWithApp } from '../../store/repositories/build-progress.js';
import type { BuildLog } from './build-log.js';

/** Where a build tells its story, and what ends it early. */
export interface Making {
  readonly log: BuildLog;
  readonly signal: AbortSignal;
}

/** A host of the build stack and the environment whose pool it was found in. */
interface Builder {
  readonly host: Host;
  readonly environment: string;
}

/** Makes the image of a commit: source, build, push, digest. */
@Injectable()
export class ImageMaker {
  constructor(
    @Inject(DOCKER_HOSTS) private readonly docker: DockerHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
    private readonly progress: BuildProgress,
    private readonly environment: Environment,
  ) {}

  /** Answers the image by digest. Throws what went wrong as one sentence. */
  async make({ build, app }: BuildWithApp, { log, signal }: Making): Promise<string> {
    const builder = await this.chooseHost();
    await this.progress.runsOn(build.id, builder.host.name);
    log.add('engine', `building ${app.repo} at ${build.rref} on host ${builder.host.name}`);
    const lost = new AbortController();
    const stop = new AbortController();
    this.catalog.watch(
      { stack: BUILD_STACK, environment: builder.environment },
      () => void this.checkHost(builder, lost),
      AbortSignal.any([signal, stop.signal]),
    );
    try {
      return await this.makeOn(builder.host, { build, app }, { log, signal: AbortSignal.any([signal, lost.signal]) });
    } catch (error) {
      throw lost.signal.aborted ? (lost.signal.reason as Error) : error;
    } finally {
      stop.abort();
    }
  }

  private async makeOn(host: Host, { build, app }: BuildWithApp, { log, signal }: Making): Promise<string> {
    const { REGISTRY_ADDRESS } = this.environment;
    const tag = imageTag(REGISTRY_ADDRESS, { app: app.name, sha: build.rref });
    const created = build.createdAt.toISOString();
    const labels = imageLabels({ app: app.name, repo: app.repo, sha: build.rref, buildId: build.id, created });
    const context = await this.source.archive(app, build.rref, signal);
    const onLine = (line: string) => log.add('docker', line);
    await this.docker
      .build(host, { context, dockerfile: 'Dockerfile', tag, labels, onLine, signal })
      .catch((error: unknown) => Promise.reject(explained(error)));
    log.add('engine', `pushing ${tag}`);
    const digest = await this.docker.push(host, { tag, onLine, signal });
    return imageByDigest(REGISTRY_ADDRESS, app.name, digest);
  }

  private async chooseHost(): Promise<Builder> {
    const environments = await this.catalog.environmentsOf(BUILD_STACK);
    const pools = await Promise.all(
      environments.map(async (environment) =>
        (await this.catalog.hosts({ stack: BUILD_STACK, environment })).map((host) => ({ host, environment })),
      ),
    );
    const running = await this.progress.runningByHost();
    const builders = pools.flat();
    const chosen = chooseBuildHost(builders.map(({ host }) => ({ host, running: running.get(host.name) ?? 0 })));
    if ('refusal' in chosen) throw new DomainError('unavailable', chosen.refusal);
    return builders.find(({ host }) => host.name === chosen.name) as Builder;
  }

  /** A host that Consul no longer believes in is not waited for: its connection may hang for many minutes. */
  private async checkHost({ host, environment }: Builder, lost: AbortController): Promise<void> {
    const hosts = await this.catalog.hosts({ stack: BUILD_STACK, environment }).catch(() => null);
    if (hosts === null) return;
    const now = hosts.find(({ name }) => name === host.name);
    if (now?.healthy === true) return;
    const because = now?.unhealthyBecause ?? 'Consul does not know it any more';
    lost.abort(unavailable(`host ${host.name} was lost while it built, and`, because));
  }
}

/** Docker's own words for a repository without a Dockerfile do not say what to do. */
function explained(error: unknown): unknown {
  const missing = error instanceof DomainError && /Cannot locate specified Dockerfile/.test(error.message);
  if (!missing) return error;
  return new DomainError(
    'unprocessable_entity',
    'the commit has no Dockerfile at its top: add one, since buildpacks are not built yet',
  );
}

import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { BuildLine } from '../../domain/build/build-line.js';
import { BUILD_STACK, chooseBuildHost } from '../../domain/build/choose-build-host.js';
import { BUILD_FAILURES, hostLost, isMissingDockerfile } from '../../domain/build/failure-sentence.js';
import { imageByDigest, imageLabels, imageTag } from '../../domain/build/image-names.js';
import type { Host } from '../../domain/host/host.js';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { BUILD_HOSTS, type BuildHosts } from '../../ports/build-hosts.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import { SOURCE_CODE, type SourceCode } from '../../ports/source-code.js';
import { BuildProgress, type BuildWithApp } from '../../store/repositories/build-progress.js';
import type { BuildLog } from './build-log.js';
import { unlessAborted } from './unless-aborted.js';

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
    @Inject(BUILD_HOSTS) private readonly hosts: BuildHosts,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(SOURCE_CODE) private readonly source: SourceCode,
    private readonly progress: BuildProgress,
    private readonly environment: Environment,
  ) {}

  /** Answers the image by digest. Throws what went wrong as one sentence. */
  async make({ build, app }: BuildWithApp, { log, signal }: Making): Promise<string> {
    const builder = await this.chooseHost(build.id);
    log.add('engine', `building ${app.repo} at ${build.rref} on host ${builder.host.name}`);
    const lost = new AbortController();
    const done = new AbortController();
    this.watchHost(builder, lost, AbortSignal.any([signal, done.signal]));
    const stop = AbortSignal.any([signal, lost.signal]);
    try {
      return await unlessAborted(this.makeOn(builder.host, { build, app }, { log, signal: stop }), stop);
    } catch (error) {
      throw lost.signal.aborted ? (lost.signal.reason as Error) : failureOf(error);
    } finally {
      done.abort();
    }
  }

  private async makeOn(host: Host, { build, app }: BuildWithApp, { log, signal }: Making): Promise<string> {
    const { REGISTRY_ADDRESS } = this.environment;
    const tag = imageTag(REGISTRY_ADDRESS, { app: app.name, sha: build.rref });
    const onLine = (line: BuildLine) => log.addPrinted('docker', line);
    const context = await this.source.archive(app, build.rref, signal);
    const labels = this.labelsOf({ build, app });
    await this.hosts.build(host, {
      ...{ buildId: build.id, context, dockerfile: app.dockerfile, target: app.buildTarget, args: app.buildArgs },
      ...{ secrets: {}, cacheFrom: [], tag, labels, onLine, signal },
    });
    log.add('engine', `pushing ${tag}`);
    const digest = await this.hosts.push(host, { tag, onLine, signal });
    return imageByDigest(REGISTRY_ADDRESS, app.name, digest);
  }

  private labelsOf({ build, app }: BuildWithApp): Record<string, string> {
    const source = app.gitUrl ?? `${this.environment.GITHUB_URL.replace(/\/+$/, '')}/${app.repo}`;
    const created = build.createdAt.toISOString();
    return imageLabels({ app: app.name, source, sha: build.rref, buildId: build.id, created });
  }

  private async chooseHost(buildId: string): Promise<Builder> {
    const environments = await this.catalog.environmentsOf(BUILD_STACK);
    const pools = await Promise.all(
      environments.map(async (environment) =>
        (await this.catalog.hosts({ stack: BUILD_STACK, environment })).map((host) => ({ host, environment })),
      ),
    );
    return this.progress.chooseHost(buildId, ({ running, cordoned }) => {
      const hosts = pools.flat().map((builder) => ({
        ...builder,
        running: running.get(builder.host.name) ?? 0,
        cordoned: cordoned.has(builder.host.name),
      }));
      const chosen = chooseBuildHost(hosts);
      if ('refusal' in chosen) throw new DomainError('unavailable', chosen.refusal);
      return chosen;
    });
  }

  /** A host that Consul no longer believes in is not waited for: its connection may hang for many minutes. */
  private watchHost(builder: Builder, lost: AbortController, signal: AbortSignal): void {
    const check = () => void this.checkHost(builder, lost);
    this.catalog.watch({ stack: BUILD_STACK, environment: builder.environment }, check, signal);
    check();
  }

  private async checkHost({ host, environment }: Builder, lost: AbortController): Promise<void> {
    const hosts = await this.catalog.hosts({ stack: BUILD_STACK, environment }).catch(() => null);
    if (hosts === null) return;
    const now = hosts.find(({ name }) => name === host.name);
    if (now?.healthy === true) return;
    const because = now?.unhealthyBecause ?? 'Consul does not know it any more';
    lost.abort(new DomainError('unavailable', hostLost(host.name, because)));
  }
}

/** Whatever the source or Docker threw is the build's failure. */
function failureOf(error: unknown): DomainError {
  const words = sentenceOf(error);
  if (isMissingDockerfile(words)) return new DomainError('unprocessable_entity', BUILD_FAILURES.noDockerfile);
  return error instanceof DomainError ? error : new DomainError('unprocessable_entity', words);
}

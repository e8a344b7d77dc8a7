import { Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { BuildLine } from '../../domain/build/build-line.js';
import { BUILD_FAILURES, isHostSilent, isMissingDockerfile } from '../../domain/build/failure-sentence.js';
import { imageByDigest, imageLabels, imageTag } from '../../domain/build/image-names.js';
import type { Host } from '../../domain/host/host.js';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import type { BuildWithApp } from '../../store/repositories/build-progress.js';
import { HostLost, type BuildPlace, BuildPlaces } from './build-places.js';
import { DockerfileMaker } from './makers/dockerfile-maker.js';
import type { Making, MakingTask } from './makers/maker.js';
import { unlessAborted } from './unless-aborted.js';

/** Makes the image of a commit: a host, a method, then that method's maker. */
@Injectable()
export class ImageMaker {
  constructor(
    private readonly places: BuildPlaces,
    private readonly dockerfile: DockerfileMaker,
    private readonly environment: Environment,
  ) {}

  /** Answers the image by digest. Throws what went wrong as one sentence. */
  async make({ build, app }: BuildWithApp, making: Making): Promise<string> {
    const { place, log, signal } = making;
    log.add('engine', `building ${app.repo} at ${build.rref} on host ${place.host.name}`);
    const done = new AbortController();
    const lost = this.places.watch(place, AbortSignal.any([signal, done.signal]));
    const stop = AbortSignal.any([signal, lost]);
    try {
      // What was started on a host is waited for, so that its end is proven; on a host that is lost nothing can be.
      return await unlessAborted(this.makeOn(place.host, { build, app }, { ...making, signal: stop }), lost);
    } catch (error) {
      throw lost.aborted ? (lost.reason as Error) : failureOf(error, place);
    } finally {
      done.abort();
    }
  }

  private async makeOn(host: Host, found: BuildWithApp, making: Making): Promise<string> {
    const { digest } = await this.dockerfile.make(this.taskOf(host, found, making));
    return imageByDigest(this.environment.REGISTRY_ADDRESS, found.app.name, digest);
  }

  private taskOf(host: Host, { build, app }: BuildWithApp, making: Making): MakingTask {
    const tag = imageTag(this.environment.REGISTRY_ADDRESS, { app: app.name, sha: build.rref });
    const labels = this.labelsOf({ build, app });
    const onLine = (line: BuildLine) => making.log.addPrinted('docker', line);
    return { build, app, host, builderImage: null, tag, labels, ...making, onLine };
  }

  private labelsOf({ build, app }: BuildWithApp): Record<string, string> {
    const source = app.gitUrl ?? `${this.environment.GITHUB_URL.replace(/\/+$/, '')}/${app.repo}`;
    const created = build.createdAt.toISOString();
    return imageLabels({ app: app.name, source, sha: build.rref, buildId: build.id, created });
  }
}

/** Whatever the source or Docker threw is the build's failure. */
function failureOf(error: unknown, place: BuildPlace): DomainError {
  const words = sentenceOf(error);
  if (error instanceof DomainError && isHostSilent(error, place.host.name)) return new HostLost(place, words);
  if (isMissingDockerfile(words)) return new DomainError('unprocessable_entity', BUILD_FAILURES.noDockerfile);
  return error instanceof DomainError ? error : new DomainError('unprocessable_entity', words);
}

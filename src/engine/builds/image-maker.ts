import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { BuildLine } from '../../domain/build/build-line.js';
import { BUILD_FAILURES, isHostSilent, isMissingDockerfile } from '../../domain/build/failure-sentence.js';
import { imageByDigest, imageLabels, imageTag } from '../../domain/build/image-names.js';
import { diskFull, isDiskFull } from '../../domain/build/disk-room.js';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { BuildMethods, type SeenMethod } from '../../observation/build-methods.js';
import { IMAGE_REGISTRY, type ImageRegistry } from '../../ports/image-registry.js';
import { BuildMaking } from '../../store/repositories/build-making.js';
import type { BuildWithApp } from '../../store/repositories/build-progress.js';
import { HostLost, type BuildPlace, BuildPlaces } from './build-places.js';
import { Leftovers } from './makers/leftovers.js';
import type { Made, Making, MakingTask } from './makers/maker.js';
import { type FittingMethod, Makers } from './makers/makers.js';
import { unlessAborted } from './unless-aborted.js';

/** Makes the image of a commit: a method, that method's maker, a look into the registry, and a note of where it comes from. */
@Injectable()
export class ImageMaker {
  constructor(
    private readonly places: BuildPlaces,
    private readonly methods: BuildMethods,
    private readonly makers: Makers,
    private readonly leftovers: Leftovers,
    private readonly making: BuildMaking,
    @Inject(IMAGE_REGISTRY) private readonly registry: ImageRegistry,
    private readonly environment: Environment,
  ) {}

  /** Answers the image by digest. Throws what went wrong as one sentence. */
  async make(found: BuildWithApp, making: Making): Promise<string> {
    const { place, log, signal } = making;
    log.add('engine', `building ${found.app.repo} at ${found.build.rref} on host ${place.host.name}`);
    const done = new AbortController();
    const lost = this.places.watch(place, AbortSignal.any([signal, done.signal]));
    const stop = AbortSignal.any([signal, lost]);
    try {
      // What was started on a host is waited for, so that its end is proven; on a host that is lost nothing can be.
      return await unlessAborted(this.makeByMethod(found, { ...making, signal: stop }), lost);
    } catch (error) {
      throw lost.aborted ? (lost.reason as Error) : failureOf(error, place);
    } finally {
      done.abort();
    }
  }

  private async makeByMethod({ build, app }: BuildWithApp, making: Making): Promise<string> {
    const startedAt = new Date();
    const { chosen, processTypes } = await this.methods.of(app, build.rref, making.signal);
    if ('refusal' in chosen) throw new DomainError('unprocessable_entity', chosen.refusal);
    await this.making.chosen(build.id, { method: chosen.method, methodReason: chosen.reason });
    making.log.add('engine', `method ${chosen.method}: ${chosen.reason}`);
    const task = await this.taskOf({ build, app }, making, chosen);
    await this.leftovers.remove(task);
    const made = await this.makers.make(chosen, task);
    const image = imageByDigest(this.environment.REGISTRY_ADDRESS, app.name, made.digest);
    await this.registry.verify(image);
    await this.note(task, { made, processTypes, startedAt });
    return image;
  }

  private async taskOf({ build, app }: BuildWithApp, making: Making, chosen: FittingMethod): Promise<MakingTask> {
    const tag = imageTag(this.environment.REGISTRY_ADDRESS, { app: app.name, sha: build.rref });
    const labels = this.labelsOf({ build, app }, chosen);
    const onLine = (line: BuildLine) => making.log.addPrinted(LOGGERS[chosen.method], line);
    return { ...making, build, app, tag, labels, previousImage: await this.making.newestImage(app.id), onLine };
  }

  private labelsOf({ build, app }: BuildWithApp, { method, builderImage }: FittingMethod): Record<string, string> {
    return imageLabels({
      app: app.name,
      source: this.sourceOf(app),
      sha: build.rref,
      buildId: build.id,
      created: build.createdAt.toISOString(),
      builder: builderImage,
      base: method === 'buildstep' ? builderImage : null,
      requestedBy: build.requestedBy,
    });
  }

  private sourceOf({ gitUrl, repo }: BuildWithApp['app']): string {
    return gitUrl ?? `${this.environment.GITHUB_URL.replace(/\/+$/, '')}/${repo}`;
  }

  private async note({ build, app, place }: MakingTask, { made, processTypes, startedAt }: Noted): Promise<void> {
    await this.making.made(build.id, {
      processTypes: made.processTypes ?? processTypes ?? [],
      provenance: {
        source: this.sourceOf(app),
        sha: build.rref,
        builder: made.builder,
        baseImages: made.baseImages,
        host: place.host.name,
        requestedBy: build.requestedBy,
        startedAt: startedAt.toISOString(),
        finishedAt: new Date().toISOString(),
      },
    });
  }
}

/** What is known of an image when it is made. */
interface Noted extends Pick<SeenMethod, 'processTypes'> {
  readonly made: Made;
  readonly startedAt: Date;
}

/** Who speaks in the log. */
const LOGGERS = { dockerfile: 'docker', buildstep: 'buildstep', cnb: 'buildpacks' } as const;

/** Whatever the source or Docker threw is the build's failure. */
function failureOf(error: unknown, place: BuildPlace): DomainError {
  const words = sentenceOf(error);
  if (error instanceof DomainError && isHostSilent(error, place.host.name)) return new HostLost(place, words);
  if (isMissingDockerfile(words)) return new DomainError('unprocessable_entity', BUILD_FAILURES.noDockerfile);
  if (isDiskFull(words)) return new DomainError('unprocessable_entity', diskFull(place.host.name, words));
  return error instanceof DomainError ? error : new DomainError('unprocessable_entity', words);
}

import { Inject, Injectable } from '@nestjs/common';
import type { RetainedBuild, StoredImage } from '../domain/retention/retention-snapshot.js';
import { sentenceOf } from '../domain/kernel/errors.js';
import { IMAGE_REGISTRY, type ImageRegistry } from '../ports/image-registry.js';

/** What was found, and what could not be looked at, a sentence each. */
export interface StoredSeen {
  readonly stored: readonly StoredImage[];
  readonly troubles: readonly string[];
}

/** Looks at what the registry holds in the repositories of our builds. */
@Injectable()
export class StoredImages {
  constructor(@Inject(IMAGE_REGISTRY) private readonly registry: ImageRegistry) {}

  /** A repository that cannot be looked at is left out, and so nothing of it is removed. */
  async look(builds: readonly RetainedBuild[]): Promise<StoredSeen> {
    const stored: StoredImage[] = [];
    const troubles: string[] = [];
    for (const repository of new Set(builds.map((build) => build.repository)))
      await this.lookAt(repository, builds).then(
        (images) => stored.push(...images),
        (error: unknown) => troubles.push(`${repository} was not looked at: ${sentenceOf(error)}`),
      );
    return { stored, troubles };
  }

  /**
   * The registry tells tags and not images, so each tag is asked for by its image; of the tag of a build that is there,
   * Postgres knows it.
   */
  private async lookAt(repository: string, all: readonly RetainedBuild[]): Promise<readonly StoredImage[]> {
    const builds = all.filter((build) => build.repository === repository);
    const known = new Map<string, string>();
    const tags = new Map<string, string[]>();
    for (const { state, sha, image } of builds)
      if (state === 'completed' && image !== null) {
        known.set(sha, image);
        tags.set(image, []);
      }
    for (const tag of await this.registry.tags(repository)) {
      const image = known.get(tag) ?? (await this.imageOf(repository, tag));
      if (image !== null) tags.set(image, [...(tags.get(image) ?? []), tag]);
    }
    return [...tags].map(([image, of]) => ({ image, tags: of }));
  }

  private async imageOf(repository: string, tag: string): Promise<string | null> {
    const digest = await this.registry.digestOf(`${repository}:${tag}`);
    return digest === null ? null : `${repository}@${digest}`;
  }
}

import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import type { ImageRegistry, RegistryImage } from '../../src/ports/image-registry.js';
import { repositoryOf, type FakeWorld } from './fake-world.js';

/** Bytes of every image of the fake. */
export const FAKE_IMAGE_BYTES = 1_000_000;

/** The registry of a {@link FakeWorld}. */
export class FakeImageRegistry implements ImageRegistry {
  /** False: it refuses to remove, as one in which deletion is switched off. */
  removes = true;

  constructor(private readonly world: FakeWorld) {}

  async find(image: string): Promise<RegistryImage | null> {
    const digest = await this.digestOf(image);
    return digest === null ? null : { digest, bytes: FAKE_IMAGE_BYTES };
  }

  async digestOf(image: string): Promise<string | null> {
    await this.reach('digestOf', image);
    const [repository = '', digest] = image.split('@');
    if (digest === undefined) return this.world.registry.get(image) ?? null;
    return this.tagsWith(repository, digest).length > 0 ? digest : null;
  }

  async exists(image: string): Promise<boolean> {
    return (await this.digestOf(image)) !== null;
  }

  async tags(repository: string): Promise<readonly string[]> {
    await this.reach('tags', repository);
    const own = [...this.world.registry.keys()].filter((tag) => repositoryOf(tag) === repository);
    return own.map((tag) => tag.slice(repository.length + 1)).sort();
  }

  async verify(image: string): Promise<void> {
    if (!(await this.exists(image)))
      throw new DomainError('unprocessable_entity', `the registry does not hold ${image}`);
  }

  async remove(image: string): Promise<boolean> {
    await this.reach('remove', image);
    if (!this.removes)
      throw new DomainError('unprocessable_entity', `the registry does not remove ${image}: deletion is switched off`);
    const [repository = '', digest = ''] = image.split('@');
    const tags = this.tagsWith(repository, digest);
    for (const tag of tags) this.world.registry.delete(tag);
    return tags.length > 0;
  }

  private tagsWith(repository: string, digest: string): readonly string[] {
    const own = [...this.world.registry].filter(([tag]) => repositoryOf(tag) === repository);
    return own.filter(([, held]) => held === digest).map(([tag]) => tag);
  }

  private async reach(method: string, about: string): Promise<void> {
    await this.world.askRegistry({ method: `registry.${method}`, host: null, about });
    if (!this.world.registryAnswers) throw unavailable('the registry', 'connect ECONNREFUSED');
  }
}

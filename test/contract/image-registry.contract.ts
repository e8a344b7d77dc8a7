import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageRegistry } from '../../src/ports/image-registry.js';
import { freshName } from './cluster.js';

/** What the suite needs of a side, fake or real. */
export interface ImageRegistrySetUp {
  readonly registry: ImageRegistry;
  /** The registry as it stands in names of images. */
  readonly name: string;
  /** Puts an image into it, past the port; answers its digest. */
  put(repository: string, tag: string): Promise<string>;
  /** A registry at whose address nothing answers, and its name. */
  readonly silent: { readonly registry: ImageRegistry; readonly name: string };
  close(): Promise<void>;
}

const NO_DIGEST = `sha256:${'0'.repeat(64)}`;

/** What every registry does. */
export function imageRegistryContract(side: string, begin: () => Promise<ImageRegistrySetUp>): void {
  describe(`ImageRegistry ${side}`, () => {
    let setUp: ImageRegistrySetUp;
    const repository = () => `${setUp.name}/${freshName('b6')}`;

    beforeAll(async () => {
      setUp = await begin();
    });
    afterAll(() => setUp.close());

    it('finds an image under its tag and under its digest, and knows how big it is', async () => {
      const shop = repository();
      const digest = await setUp.put(shop, 'one');
      expect(await setUp.registry.digestOf(`${shop}:one`)).toBe(digest);
      expect(await setUp.registry.digestOf(`${shop}@${digest}`)).toBe(digest);
      const found = await setUp.registry.find(`${shop}@${digest}`);
      expect(found?.digest).toBe(digest);
      expect(found?.bytes).toBeGreaterThan(0);
    });

    it('finds nothing where nothing is', async () => {
      const shop = repository();
      await setUp.put(shop, 'one');
      for (const image of [`${shop}:two`, `${shop}@${NO_DIGEST}`, `${repository()}:one`])
        expect([await setUp.registry.digestOf(image), await setUp.registry.exists(image)]).toEqual([null, false]);
    });

    it('lists the tags of a repository, and none of one that is not there', async () => {
      const shop = repository();
      for (const tag of ['b', 'a', 'c']) await setUp.put(shop, tag);
      expect(await setUp.registry.tags(shop)).toEqual(['a', 'b', 'c']);
      expect(await setUp.registry.tags(repository())).toEqual([]);
    });

    it('holds what it holds, and says so of what it does not', async () => {
      const shop = repository();
      const digest = await setUp.put(shop, 'one');
      await setUp.registry.verify(`${shop}@${digest}`);
      await expect(setUp.registry.verify(`${shop}@${NO_DIGEST}`)).rejects.toMatchObject({
        code: 'unprocessable_entity',
        message: expect.stringContaining('does not hold') as string,
      });
    });

    it('removes an image with its tag, leaves the others, and does so once', async () => {
      const shop = repository();
      const [one, two] = [await setUp.put(shop, 'one'), await setUp.put(shop, 'two')];
      expect(await setUp.registry.remove(`${shop}@${one}`)).toBe(true);
      expect(await setUp.registry.exists(`${shop}:one`)).toBe(false);
      expect(await setUp.registry.digestOf(`${shop}:two`)).toBe(two);
      expect(await setUp.registry.remove(`${shop}@${one}`)).toBe(false);
    });

    it('says which registry does not answer', async () => {
      const { registry, name } = setUp.silent;
      const asked = [registry.digestOf(`${name}/shop:1`), registry.tags(`${name}/shop`)];
      asked.push(registry.remove(`${name}/shop@${NO_DIGEST}`) as never);
      for (const each of asked)
        await expect(each).rejects.toMatchObject({
          code: 'unavailable',
          message: expect.stringMatching(/registry.* does not answer/) as string,
        });
    });
  });
}

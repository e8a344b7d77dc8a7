import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/domain/host/host.js';
import type { HostImage, HostImages } from '../../src/ports/host-images.js';
import { freshName } from './cluster.js';

/** What the suite needs of a side, fake or real. */
export interface HostImagesSetUp {
  readonly images: HostImages;
  readonly host: Host;
  /** A host whose build cache may be emptied. */
  readonly buildHost: Host;
  /** A host that does not answer. */
  readonly deadHost: Host;
  /** Puts an image of its own onto `host`, with this label, under all of these names. */
  put(names: readonly string[], labels: Readonly<Record<string, string>>): Promise<void>;
  /** Makes a container of an image, which does not run. */
  use(name: string): Promise<void>;
  /** Leaves so much in the build cache of `buildHost`, at least. */
  fillCache(bytes: number): Promise<void>;
  close(): Promise<void>;
}

/** What the images of every host do. */
export function hostImagesContract(side: string, begin: () => Promise<HostImagesSetUp>): void {
  describe(`HostImages ${side}`, () => {
    let setUp: HostImagesSetUp;
    const aName = () => `registry.test:5000/${freshName('b6')}:1`;
    const called = async (name: string): Promise<HostImage | undefined> =>
      (await setUp.images.list(setUp.host)).find(({ names }) => names.includes(name));

    beforeAll(async () => {
      setUp = await begin();
    });
    afterAll(() => setUp.close());

    it('lists an image with its names, labels, size and age', async () => {
      const [one, two] = [aName(), aName()];
      await setUp.put([one, two], { 'io.jockey.build': '7' });
      expect(await called(one)).toMatchObject({
        names: [one, two].sort(),
        labels: { 'io.jockey.build': '7' },
        used: false,
      });
      const { bytes = 0, createdAt = '' } = (await called(one)) ?? {};
      expect(bytes).toBeGreaterThan(0);
      expect(Date.parse(createdAt)).toBeLessThanOrEqual(Date.now());
    });

    it('takes one name from an image, and the image goes with its last', async () => {
      const [one, two] = [aName(), aName()];
      await setUp.put([one, two], {});
      expect(await setUp.images.remove(setUp.host, one)).toBe(true);
      expect((await called(two))?.names).toEqual([two]);
      expect(await setUp.images.remove(setUp.host, two)).toBe(true);
      expect(await called(two)).toBeUndefined();
      expect(await setUp.images.remove(setUp.host, two)).toBe(false);
    });

    it('leaves an image that a container is made of, also one that does not run', async () => {
      const [one, two] = [aName(), aName()];
      await setUp.put([one, two], {});
      await setUp.use(one);
      for (const name of [one, two]) expect(await setUp.images.remove(setUp.host, name)).toBe(false);
      expect(await called(one)).toMatchObject({ names: [one, two].sort(), used: true });
    });

    it('removes from the build cache until as much is left as may be', async () => {
      await setUp.fillCache(3_000_000);
      const before = await setUp.images.buildCache(setUp.buildHost);
      expect(before.bytes).toBeGreaterThanOrEqual(3_000_000);
      expect(await setUp.images.pruneBuildCache(setUp.buildHost, before.bytes * 2)).toBe(0);
      expect(await setUp.images.pruneBuildCache(setUp.buildHost, 0)).toBeGreaterThanOrEqual(3_000_000);
      expect((await setUp.images.buildCache(setUp.buildHost)).bytes).toBeLessThan(3_000_000);
    });

    it('says which host does not answer', async () => {
      const asked = [
        setUp.images.list(setUp.deadHost),
        setUp.images.remove(setUp.deadHost, 'x:1'),
        setUp.images.buildCache(setUp.deadHost),
        setUp.images.pruneBuildCache(setUp.deadHost, 0),
      ];
      const answers = await Promise.allSettled(asked);
      for (const each of answers)
        expect(each).toMatchObject({
          reason: {
            code: 'unavailable',
            message: expect.stringContaining(`host ${setUp.deadHost.name}`) as string,
          },
        });
    });
  });
}

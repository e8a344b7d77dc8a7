import type { Removal } from '../../src/domain/retention/removal.js';
import { DAY } from '../../src/domain/retention/retention-policy.js';
import type {
  HeldImage,
  RetainedBuild,
  RetentionSnapshot,
  StoredImage,
} from '../../src/domain/retention/retention-snapshot.js';
import { Chance } from './chance.js';

/** Now, in the worlds of retention. */
export const NOW = 1_000 * DAY;

/** Digests to tell images apart by. */
export const DIGESTS = Array.from(
  { length: 12 },
  (_unused, index) => `sha256:${index.toString(16).repeat(64)}`,
) as unknown as readonly [string, string, string, ...string[]];

/** The image of an app by digest. */
export function imageOf(app: string, digest: string): string {
  return `registry:5000/${app}@${digest}`;
}

/** A completed build of shop. */
export function aBuild(change: Partial<RetainedBuild>): RetainedBuild {
  return { id: '1', repository: 'registry:5000/shop', sha: 'a', state: 'completed', image: null, at: NOW, ...change };
}

/** An old image on a host, that nothing uses. */
export function aHeld(change: Partial<HeldImage>): HeldImage {
  return { id: 'sha256:x', names: [], labelled: false, bytes: 1, createdAt: 0, used: false, ...change };
}

/** A world in which nothing is; policies keep everything. */
export function aSnapshot(change: Partial<RetentionSnapshot>): RetentionSnapshot {
  const forEver = { imageDays: null, hostImageDays: null, cacheBytes: null, logDays: null };
  return {
    ...{ now: NOW, policy: { releases: 2, builds: 1, ...forEver } },
    ...{ builds: [], releases: [], needs: [], stored: [], hosts: [] },
    ...change,
  };
}

const APPS = ['shop', 'blog'];
const SHAS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Any world, the same for a seed; images and commits are few, so that they meet often. */
export function anySnapshot(seed: number): RetentionSnapshot {
  const chance = new Chance(seed);
  const builds = many(chance, 14, (index) => anyBuild(chance, index));
  const anyImage = () => imageOf(one(chance, APPS), one(chance, DIGESTS));
  return {
    now: NOW,
    policy: {
      ...{ releases: 2 + chance.upTo(2), builds: 1 + chance.upTo(2) },
      imageDays: chance.in(90) ? chance.upTo(40) : null,
      hostImageDays: chance.in(90) ? chance.upTo(40) : null,
      ...{ cacheBytes: chance.in(50) ? chance.upTo(100) : null, logDays: null },
    },
    builds,
    releases: many(chance, 6, (index) => ({ place: one(chance, APPS), number: index + 1, image: anyImage() })),
    needs: many(chance, 2, (index) => ({ image: anyImage(), why: `deploy ${index} runs it` })),
    stored: anyStored(chance, builds),
    hosts: ['h1', 'h2'].map((host) => ({
      host,
      images: oneOfAName(many(chance, 8, (index) => anyHeld(chance, builds, `${host} ${index}`))),
      ...{ building: chance.in(20), cacheBytes: chance.in(50) ? chance.upTo(200) : null },
    })),
  };
}

function anyBuild(chance: Chance, index: number): RetainedBuild {
  const app = one(chance, APPS);
  const state = one(chance, ['progress', 'completed', 'completed', 'completed', 'gone'] as const);
  const hasImage = state === 'completed' || (state === 'gone' && chance.in(50));
  const image = hasImage ? imageOf(app, one(chance, DIGESTS)) : null;
  const at = NOW - chance.upTo(80) * DAY;
  return { id: String(index + 1), repository: `registry:5000/${app}`, sha: one(chance, SHAS), state, image, at };
}

/** Each tag leads to one image, and each image is there once, as in a registry. */
function anyStored(chance: Chance, builds: readonly RetainedBuild[]): readonly StoredImage[] {
  const images = new Map<string, string[]>();
  for (const { image, repository } of builds)
    if (chance.in(80)) images.set(image ?? `${repository}@${one(chance, DIGESTS)}`, []);
  for (const app of APPS)
    for (const tag of [...SHAS, 'stable']) {
      const own = [...images.keys()].filter((image) => image.startsWith(`registry:5000/${app}@`));
      if (own.length > 0 && chance.in(70)) images.get(one(chance, own))?.push(tag);
    }
  return [...images].map(([image, tags]) => ({ image, tags }));
}

function anyHeld(chance: Chance, builds: readonly RetainedBuild[], id: string): HeldImage {
  const names = new Set<string>();
  if (chance.in(20)) names.add(`somebody/else:${id}`);
  for (const { repository, sha, image } of builds) {
    if (chance.in(10)) names.add(`${repository}:${sha}`);
    if (image !== null && chance.in(10)) names.add(image);
  }
  const createdAt = NOW - chance.upTo(80) * DAY;
  return { id, names: [...names], labelled: chance.in(60), bytes: 10, createdAt, used: chance.in(20) };
}

/** On one host a name leads to one image. */
function oneOfAName(images: readonly HeldImage[]): readonly HeldImage[] {
  const taken = new Set<string>();
  return images.map((image) => {
    const names = image.names.filter((name) => !taken.has(name));
    for (const name of names) taken.add(name);
    return { ...image, names };
  });
}

/** The world after a removal that came through. */
export function afterRemoval(snapshot: RetentionSnapshot, removed: readonly Removal[]): RetentionSnapshot {
  const gone = new Set(removed.map(({ kind, what, host }) => `${kind} ${host ?? ''} ${what}`));
  return {
    ...snapshot,
    stored: snapshot.stored.filter(({ image }) => !gone.has(`registry_image  ${image}`)),
    builds: snapshot.builds.map((build) =>
      build.state === 'completed' && gone.has(`registry_image  ${build.image}`) ? { ...build, state: 'gone' } : build,
    ),
    hosts: snapshot.hosts.map((stock) => ({
      ...stock,
      cacheBytes: gone.has(`build_cache ${stock.host} build cache`) ? snapshot.policy.cacheBytes : stock.cacheBytes,
      images: stock.images
        .map((image) => ({
          image: { ...image, names: image.names.filter((name) => !gone.has(`host_image ${stock.host} ${name}`)) },
          had: image.names.length,
        }))
        .filter(({ image, had }) =>
          had === 0 ? !gone.has(`host_image ${stock.host} ${image.id}`) : image.names.length > 0,
        )
        .map(({ image }) => image),
    })),
  };
}

function many<T>(chance: Chance, most: number, make: (index: number) => T): T[] {
  return Array.from({ length: chance.upTo(most + 1) }, (_unused, index) => make(index));
}

function one<T>(chance: Chance, items: readonly T[]): T {
  return items[chance.upTo(items.length)] as T;
}

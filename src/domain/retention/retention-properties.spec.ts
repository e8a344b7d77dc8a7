import { describe, expect, it } from 'vitest';
import { Chance } from '../../../test/factories/chance.js';
import { afterRemoval, anySnapshot } from '../../../test/factories/retention.js';
import { repositoryOf, tagOf } from './image-reasons.js';
import { DAY } from './retention-policy.js';
import type { RetentionSnapshot } from './retention-snapshot.js';
import { whatMayGo } from './what-may-go.js';

const SEEDS = Array.from({ length: 400 }, (_unused, seed) => seed);

/** Every name, by tag or digest, of an image that must stay: worked out from the snapshot alone, another way. */
function neededImages({ builds, releases, needs, policy }: RetentionSnapshot): ReadonlySet<string> {
  const newest = releases.filter(
    ({ place, number }) =>
      releases.filter((each) => each.place === place && each.number > number).length < policy.releases,
  );
  return new Set(
    [...needs, ...newest].map(({ image }) => image).concat(builds.filter(isMade).map(({ image }) => image ?? '')),
  );

  function isMade({ state }: { readonly state: string }): boolean {
    return state === 'progress';
  }
}

describe.each([0, 1, 2, 3])('what may go, in worlds of part %d', (part) => {
  const worlds = SEEDS.filter((seed) => seed % 4 === part).map((seed) => ({ seed, snapshot: anySnapshot(seed) }));

  it('is never what a kept release, a deploy or an instance needs, in the registry or on a host', () => {
    for (const { seed, snapshot } of worlds) {
      const needed = neededImages(snapshot);
      const tags = snapshot.builds.filter(({ image }) => image !== null && needed.has(image));
      const names = new Set([...needed, ...tags.map(({ repository, sha }) => `${repository}:${sha}`)]);
      for (const { what } of whatMayGo(snapshot).remove) expect(names.has(what), `seed ${seed}: ${what}`).toBe(false);
    }
  });

  it('is never what a build in progress may be making', () => {
    for (const { seed, snapshot } of worlds) {
      const making = snapshot.builds.filter(({ state }) => state === 'progress');
      const names = new Set(making.map(({ repository, sha }) => `${repository}:${sha}`));
      for (const { what } of whatMayGo(snapshot).remove) expect(names.has(what), `seed ${seed}: ${what}`).toBe(false);
    }
  });

  it('is only what is ours: in a repository of a build, by a commit of a build, or labelled', () => {
    for (const { seed, snapshot } of worlds) {
      const repositories = new Set(snapshot.builds.map(({ repository }) => repository));
      const tags = new Set(snapshot.builds.map(({ repository, sha }) => `${repository}:${sha}`));
      const labelled = new Set(
        snapshot.hosts.flatMap(({ images }) => images.filter((each) => each.labelled).map(({ id }) => id)),
      );
      for (const { kind, what } of whatMayGo(snapshot).remove) {
        if (kind === 'build_cache' || labelled.has(what)) continue;
        expect(repositories.has(repositoryOf(what)), `seed ${seed}: ${what}`).toBe(true);
        if (tagOf(what) !== null) expect(tags.has(what), `seed ${seed}: ${what}`).toBe(true);
      }
    }
  });

  it('is never an image that a container is made of, or one with a tag that somebody else gave', () => {
    for (const { seed, snapshot } of worlds)
      for (const { kind, what, host } of whatMayGo(snapshot).remove) {
        const held = snapshot.hosts.find((each) => each.host === host)?.images ?? [];
        const image = held.find(({ id, names }) => id === what || names.includes(what));
        expect(image?.used ?? false, `seed ${seed}: ${what}`).toBe(false);
        const tags = kind === 'registry_image' ? snapshot.stored.find((each) => each.image === what)?.tags : [];
        expect(tags, `seed ${seed}: ${what}`).not.toContain('stable');
      }
  });

  it('is the same plan, whatever the order of what is known', () => {
    for (const { seed, snapshot } of worlds) {
      const chance = new Chance(seed);
      const { builds, releases, needs, stored, hosts } = snapshot;
      const shuffled = {
        ...{ builds: chance.shuffled(builds), releases: chance.shuffled(releases), needs: chance.shuffled(needs) },
        stored: chance.shuffled(stored).map((each) => ({ ...each, tags: chance.shuffled(each.tags) })),
        hosts: chance.shuffled(hosts).map((each) => ({ ...each, images: chance.shuffled(each.images) })),
      };
      expect(whatMayGo({ ...snapshot, ...shuffled }), `seed ${seed}`).toEqual(whatMayGo(snapshot));
    }
  });

  it('is all of it at once: after it nothing more may go', () => {
    for (const { seed, snapshot } of worlds) {
      const after = afterRemoval(snapshot, whatMayGo(snapshot).remove);
      expect(whatMayGo(after).remove, `seed ${seed}`).toEqual([]);
    }
  });

  it('is never less a while later, or with less to keep', () => {
    for (const { seed, snapshot } of worlds) {
      const now = new Set(whatMayGo(snapshot).remove.map(({ what, host }) => `${host} ${what}`));
      const later = whatMayGo({ ...snapshot, now: snapshot.now + 400 * DAY }).remove;
      const wanted = new Set(later.map(({ what, host }) => `${host} ${what}`));
      for (const each of now) expect(wanted.has(each), `seed ${seed}: ${each}`).toBe(true);
    }
  });
});

it('the worlds are worth it: in most of them something may go and something stays', () => {
  const plans = SEEDS.map((seed) => whatMayGo(anySnapshot(seed)));
  expect(plans.filter(({ remove, keep }) => remove.length > 0 && keep.length > 0).length).toBeGreaterThan(200);
  expect(new Set(plans.flatMap(({ keep }) => keep.map(({ why }) => why.replace(/\d+/g, '#')))).size).toBeGreaterThan(5);
});

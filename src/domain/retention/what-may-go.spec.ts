import { describe, expect, it } from 'vitest';
import { aBuild, aHeld, aSnapshot, DIGESTS, imageOf, NOW } from '../../../test/factories/retention.js';
import { DAY } from './retention-policy.js';
import { whatMayGo } from './what-may-go.js';

const POLICY = { releases: 2, builds: 1, imageDays: 30, hostImageDays: 7, cacheBytes: null, logDays: null };
const OLD = NOW - 100 * DAY;
const [A, B] = DIGESTS;

/** Two old builds of shop; the second is the newest, and stays. */
const BUILDS = [
  aBuild({ id: '1', sha: 'a', image: imageOf('shop', A), at: OLD }),
  aBuild({ id: '2', sha: 'b', image: imageOf('shop', B), at: OLD + 1 }),
];
const STORED = [
  { image: imageOf('shop', A), tags: ['a'] },
  { image: imageOf('shop', B), tags: ['b'] },
];

const planOf = (change: Parameters<typeof aSnapshot>[0]) =>
  whatMayGo(aSnapshot({ policy: POLICY, builds: BUILDS, ...change }));
const whyOf = (plan: ReturnType<typeof whatMayGo>, what: string) => plan.keep.find((each) => each.what === what)?.why;

describe('images of the registry', () => {
  it('go when they are old and nothing needs them', () => {
    expect(planOf({ stored: STORED })).toEqual({
      remove: [{ kind: 'registry_image', what: imageOf('shop', A), host: null, bytes: null }],
      keep: [
        {
          kind: 'registry_image',
          what: imageOf('shop', B),
          host: null,
          why: 'build 2 is one of the newest 1 of its app',
        },
      ],
    });
  });

  it('stay for ever where the operator set no days', () => {
    const plan = planOf({ stored: STORED, policy: { ...POLICY, imageDays: null } });
    expect(plan.remove).toEqual([]);
    expect(whyOf(plan, imageOf('shop', A))).toBe('it is kept for ever');
  });

  it('stay while they are young', () => {
    const builds = [
      { ...BUILDS[0]!, at: NOW - 30 * DAY + 1 },
      { ...BUILDS[1]!, at: NOW },
    ];
    const plan = planOf({ stored: STORED, builds });
    expect(whyOf(plan, imageOf('shop', A))).toBe('it is younger than 30 days');
  });

  it('stay while one of the newest releases of any place is of them, and go with a later one', () => {
    const release = (number: number, place: string) => ({ place, number, image: imageOf('shop', A) });
    const newer = [1, 2].map((add) => ({ place: 'p', number: 5 + add, image: imageOf('shop', B) }));
    expect(planOf({ stored: STORED, releases: [release(5, 'p'), ...newer] }).remove).toHaveLength(1);
    const kept = planOf({ stored: STORED, releases: [release(5, 'p'), ...newer, release(1, 'shop in staging')] });
    expect(whyOf(kept, imageOf('shop', A))).toBe('release v1 of shop in staging is one of the newest 2');
  });

  it('stay while something needs them, and say what', () => {
    const needs = [{ image: imageOf('shop', A), why: 'deploy 9 of shop in production runs it' }];
    expect(whyOf(planOf({ stored: STORED, needs }), imageOf('shop', A))).toBe('deploy 9 of shop in production runs it');
  });

  it('stay while a build of their commit is in progress, which may push the same again', () => {
    const again = aBuild({ id: '3', sha: 'a', image: null, state: 'progress', at: NOW });
    const plan = planOf({ stored: STORED, builds: [{ ...BUILDS[0]!, state: 'gone' }, BUILDS[1]!, again] });
    expect(whyOf(plan, imageOf('shop', A))).toBe('build 3 of this commit is in progress');
  });

  it('go when all that is left of them is a tag of a build that failed', () => {
    const failed = aBuild({ id: '1', sha: 'a', image: null, state: 'gone', at: OLD });
    expect(planOf({ stored: STORED, builds: [failed, BUILDS[1]!] }).remove).toMatchObject([
      { what: imageOf('shop', A) },
    ]);
  });

  it('stay when two builds made the same image and one of them is needed', () => {
    const twin = aBuild({ id: '3', sha: 'c', image: imageOf('shop', A), at: OLD + 2 });
    expect(planOf({ stored: STORED, builds: [...BUILDS, twin] }).remove).toMatchObject([{ what: imageOf('shop', B) }]);
  });

  it('stay when somebody else gave them a tag too', () => {
    const plan = planOf({ stored: [{ image: imageOf('shop', A), tags: ['a', 'stable'] }] });
    expect(whyOf(plan, imageOf('shop', A))).toBe('somebody tagged it stable');
  });

  it('are none of our business when no build made them', () => {
    const stored = [
      { image: imageOf('shop', DIGESTS[2]), tags: ['latest'] },
      { image: imageOf('other', A), tags: ['a'] },
    ];
    expect(planOf({ stored })).toEqual({ remove: [], keep: [] });
  });
});

describe('images of a host', () => {
  const onHost = (change: Parameters<typeof aHeld>[0], building = false) => ({
    hosts: [{ host: 'h1', images: [aHeld(change)], building, cacheBytes: null }],
  });
  const names = [imageOf('shop', A), 'registry:5000/shop:a'];

  it('go name by name, and their bytes count once', () => {
    expect(planOf(onHost({ names, bytes: 70 })).remove).toEqual([
      { kind: 'host_image', what: 'registry:5000/shop:a', host: 'h1', bytes: 70 },
      { kind: 'host_image', what: imageOf('shop', A), host: 'h1', bytes: 0 },
    ]);
  });

  it('stay while a container is made of them', () => {
    expect(whyOf(planOf(onHost({ names, used: true })), imageOf('shop', A))).toBe(
      'a container of the host is made of it',
    );
  });

  it('stay under the tag of a commit that a release needs by its digest', () => {
    const releases = [{ place: 'shop in production', number: 1, image: imageOf('shop', A) }];
    const plan = planOf({ ...onHost({ names: ['registry:5000/shop:a'] }), releases });
    expect(plan.remove).toEqual([]);
  });

  it('lose our names and keep those of others', () => {
    const plan = planOf(onHost({ names: [...names, 'mine:1'], bytes: 70 }));
    expect(plan.remove.map(({ what, bytes }) => [what, bytes])).toEqual([
      ['registry:5000/shop:a', 0],
      [imageOf('shop', A), 0],
    ]);
  });

  it.each([
    ['a base image', ['debian:12', `debian@${A}`], false],
    ['a tag in our repository that is no commit', ['registry:5000/shop:stable'], true],
    ['a digest in our repository that no build pushed', [imageOf('shop', DIGESTS[2])], false],
    ['an image without a name or our label', [], false],
  ])('leave %s alone', (_what, foreign, labelled) => {
    expect(planOf(onHost({ names: foreign, labelled, createdAt: OLD }))).toEqual({ remove: [], keep: [] });
  });

  it('go by their id where they carry our label and lost their names, but not while something is built there', () => {
    const nameless = { id: 'sha256:7', names: [], labelled: true, createdAt: OLD };
    expect(planOf(onHost(nameless)).remove).toMatchObject([{ what: 'sha256:7', host: 'h1' }]);
    expect(whyOf(planOf(onHost(nameless, true)), 'sha256:7')).toBe('a build is in progress on the host');
  });
});

describe('a build cache', () => {
  const hosts = [{ host: 'h1', images: [], building: false, cacheBytes: 100 }];

  it('loses what is above its limit', () => {
    expect(planOf({ hosts, policy: { ...POLICY, cacheBytes: 30 } }).remove).toEqual([
      { kind: 'build_cache', what: 'build cache', host: 'h1', bytes: 70 },
    ]);
  });

  it('is left alone below it, and without one', () => {
    expect(planOf({ hosts, policy: { ...POLICY, cacheBytes: 100 } }).remove).toEqual([]);
    expect(planOf({ hosts }).remove).toEqual([]);
  });
});

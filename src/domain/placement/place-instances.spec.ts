import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import type { Resources } from '../host/host.js';
import { addResources, microCpus } from '../host/resources.js';
import { placeInstances } from './place-instances.js';
import { type Candidate, type Need, type Placement, TOO_MANY_FAILURES } from './placement.js';
import { refuseHost } from './refuse-host.js';

const GROUPS = ['blog/web', 'blog/job', 'shop/web'];
const IMAGES = ['r/blog@sha256:1', 'r/shop@sha256:2'];

const needs: fc.Arbitrary<Need[]> = fc
  .array(
    fc.record({
      group: fc.constantFrom(...GROUPS),
      memoryMb: fc.constantFrom(64, 128, 512),
      cpus: fc.constantFrom(0.1, 0.2, 0.5),
      image: fc.constantFrom(...IMAGES, null),
      needsTcpDocker: fc.boolean(),
    }),
    { maxLength: 40 },
  )
  .map((drafts) =>
    drafts.map(({ memoryMb, cpus, ...draft }, at) =>
      need({ ...draft, key: `k${at}`, slot: at + 1, app: draft.group.split('/')[0], resources: { memoryMb, cpus } }),
    ),
  );

const counts = (of: readonly string[], most: number) =>
  fc.dictionary(fc.constantFrom(...of), fc.nat({ max: most })).map((each) => new Map(Object.entries(each)));

const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(
    fc.record({
      healthy: fc.boolean(),
      cordoned: fc.boolean(),
      socket: fc.boolean(),
      capacity: fc.option(fc.record({ memoryMb: fc.constantFrom(256, 1024, 4096), cpus: fc.constantFrom(0.3, 1, 4) }), {
        freq: 6,
      }),
      reserved: fc.record({ memoryMb: fc.constantFrom(0, 64, 300), cpus: fc.constantFrom(0, 0.1, 0.2) }),
      groupCounts: counts(GROUPS, 3),
      images: fc.subarray(IMAGES).map((images) => new Set(images)),
      recentFailures: counts(['blog', 'shop'], 4),
    }),
    { maxLength: 8 },
  )
  .map((drafts) =>
    drafts.map(({ healthy, socket, ...draft }, at) =>
      candidate(`h${at}`, { ...draft }, { healthy, ...(socket ? { dockerUrl: 'unix:///var/run/docker.sock' } : {}) }),
    ),
  );

/** One size of instance and of host, so that spread, load and image tie again and again. */
const alikeNeeds: fc.Arbitrary<Need[]> = needs.map((each) =>
  each.map((one) => ({ ...one, needsTcpDocker: false, resources: { memoryMb: 64, cpus: 0.1 } })),
);

const alikeCandidates: fc.Arbitrary<Candidate[]> = candidates.map((each) =>
  each.map((one) => ({
    ...one,
    host: { ...one.host, healthy: true },
    cordoned: false,
    capacity: { memoryMb: 4096, cpus: 4 },
    reserved: { memoryMb: 0, cpus: 0 },
  })),
);

/** Each host with what it reserves at the end. */
function after(placement: Placement, before: readonly Candidate[]): Candidate[] {
  return before.map((host) => ({
    ...host,
    reserved: placement.placed
      .filter((each) => each.host === host.host.name)
      .reduce((sum, each) => addResources(sum, each.need.resources), host.reserved),
  }));
}

const placedOn = (placement: Placement, host: string) => placement.placed.filter((each) => each.host === host);

describe('a placement', () => {
  it('never gives a host more than it has', () => {
    fc.assert(
      fc.property(needs, candidates, (wanted, hosts) => {
        const placement = placeInstances(wanted, hosts);
        for (const host of after(placement, hosts)) {
          if (placedOn(placement, host.host.name).length === 0) continue;
          expect(host.reserved.memoryMb).toBeLessThanOrEqual(host.capacity?.memoryMb ?? -1);
          expect(microCpus(host.reserved.cpus)).toBeLessThanOrEqual(microCpus(host.capacity?.cpus ?? -1));
        }
      }),
    );
  });

  it('places every need once, or explains it with every host', () => {
    fc.assert(
      fc.property(needs, candidates, (wanted, hosts) => {
        const { placed, unplaced } = placeInstances(wanted, hosts);
        const answered = [...placed, ...unplaced].map((each) => each.need.key);
        expect(answered.sort()).toEqual(wanted.map(({ key }) => key).sort());
        for (const { refusals } of unplaced) {
          expect(refusals.map(({ host }) => host)).toEqual(hosts.map(({ host }) => host.name).sort());
          for (const { reason } of refusals) expect(reason).not.toBe('');
        }
      }),
    );
  });

  it('refuses a need only when no host would take it', () => {
    fc.assert(
      fc.property(needs, candidates, (wanted, hosts) => {
        const placement = placeInstances(wanted, hosts);
        for (const { need: refused } of placement.unplaced)
          for (const host of after(placement, hosts)) expect(refuseHost(refused, host)).not.toBeNull();
      }),
    );
  });

  it('is the same for shuffled input', () => {
    const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    const both = fc
      .tuple(needs, candidates)
      .chain(([wanted, hosts]) => fc.tuple(fc.constant(wanted), fc.constant(hosts), shuffled(wanted), shuffled(hosts)));
    fc.assert(
      fc.property(both, ([wanted, hosts, otherWanted, otherHosts]) => {
        expect(placeInstances(otherWanted, otherHosts)).toEqual(placeInstances(wanted, hosts));
      }),
    );
  });

  it('is the same when made twice, and leaves its input as it was', () => {
    fc.assert(
      fc.property(needs, candidates, (wanted, hosts) => {
        const copy = structuredClone({ wanted, hosts });
        const first = placeInstances(wanted, hosts);
        expect(placeInstances(wanted, hosts)).toEqual(first);
        expect({ wanted, hosts }).toEqual(copy);
      }),
    );
  });

  it('puts nothing on a host that is unhealthy, cordoned, of unknown capacity or without Docker by TCP for a check that asks it', () => {
    fc.assert(
      fc.property(needs, candidates, (wanted, hosts) => {
        for (const { need: placed, host } of placeInstances(wanted, hosts).placed) {
          const chosen = hosts.find((each) => each.host.name === host);
          expect(chosen).toMatchObject({ cordoned: false, host: { healthy: true } });
          expect(chosen?.capacity).not.toBeNull();
          if (placed.needsTcpDocker) expect(chosen?.host.dockerUrl).toMatch(/^https?:/);
        }
      }),
    );
  });

  it('uses a host that keeps failing the app only when no other fits, and says so', () => {
    fc.assert(
      fc.property(needs, candidates, (wanted, hosts) => {
        const placement = placeInstances(wanted, hosts);
        const failing = (app: string, host: Candidate) => (host.recentFailures.get(app) ?? 0) >= TOO_MANY_FAILURES;
        const end = after(placement, hosts);
        for (const { need: placed, host, despite } of placement.placed) {
          const chosen = end.find((each) => each.host.name === host) as Candidate;
          expect(despite !== null).toBe(failing(placed.app, chosen));
          if (despite === null) continue;
          for (const other of end.filter((each) => !failing(placed.app, each)))
            expect(refuseHost(placed, other)).not.toBeNull();
        }
      }),
    );
  });

  it('spreads a group over equal hosts with room so that they differ by one at most', () => {
    const sizes = fc.record({ hosts: fc.integer({ min: 1, max: 12 }), instances: fc.integer({ min: 0, max: 60 }) });
    fc.assert(
      fc.property(sizes, ({ hosts, instances }) => {
        const wanted = Array.from({ length: instances }, (_, at) => need({ key: `k${at}`, slot: at + 1 }));
        const equal = Array.from({ length: hosts }, (_, at) =>
          candidate(`h${at}`, { capacity: { memoryMb: 8192, cpus: 8 } }),
        );
        const placement = placeInstances(wanted, equal);
        const each = equal.map(({ host }) => placedOn(placement, host.name).length);
        expect(placement.unplaced).toEqual([]);
        expect(Math.max(...each) - Math.min(...each)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it.each([
    ['of all kinds', needs, candidates],
    ['that are much alike', alikeNeeds, alikeCandidates],
  ])('is what looking at every host for every need would give, for needs and hosts %s', (_kind, anyNeeds, anyHosts) => {
    fc.assert(
      fc.property(anyNeeds, anyHosts, (wanted, hosts) => {
        const { placed } = placeInstances(wanted, hosts);
        const order = placed.map((each) => each.need);
        expect(placed.map(({ host }) => host)).toEqual(placeOneByOne(order, hosts));
      }),
      { numRuns: 500 },
    );
  });
});

/** The rules of ranking as plainly as they can be written: every host is ranked again for every need. */
function placeOneByOne(order: readonly Need[], before: readonly Candidate[]): string[] {
  const hosts = before.map((each) => ({ ...each, groupCounts: new Map(each.groupCounts) }));
  return order.map((wanted) => {
    const rank = (host: Candidate): (number | string)[] => [
      (host.recentFailures.get(wanted.app) ?? 0) >= TOO_MANY_FAILURES ? 1 : 0,
      host.groupCounts.get(wanted.group) ?? 0,
      fullness(addResources(host.reserved, wanted.resources), host.capacity ?? wanted.resources),
      wanted.image !== null && host.images.has(wanted.image) ? 0 : 1,
      host.host.name,
    ];
    const fitting = hosts.filter((host) => refuseHost(wanted, host) === null);
    const best = fitting.reduce((one, other) => (isLess(rank(other), rank(one)) ? other : one));
    best.reserved = addResources(best.reserved, wanted.resources);
    best.groupCounts.set(wanted.group, (best.groupCounts.get(wanted.group) ?? 0) + 1);
    return best.host.name;
  });
}

function fullness(reserved: Resources, capacity: Resources): number {
  return Math.max(reserved.memoryMb / capacity.memoryMb, microCpus(reserved.cpus) / microCpus(capacity.cpus));
}

function isLess(one: readonly (number | string)[], other: readonly (number | string)[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] as number) < (other[at] as number);
}

describe('placeInstances', () => {
  const hostsOf = (placement: Placement) => placement.placed.map(({ host }) => host);

  it('takes the host with the fewest instances of the group before the emptiest one', () => {
    const busy = candidate('a', { reserved: { memoryMb: 1500, cpus: 1 } });
    const idle = candidate('b', { groupCounts: new Map([[need({}).group, 1]]) });
    expect(hostsOf(placeInstances([need({})], [busy, idle]))).toEqual(['a']);
  });

  it('takes the least full of equally spread hosts, by the fuller of memory and cores', () => {
    const memory = candidate('a', { reserved: { memoryMb: 1024, cpus: 0 } });
    const cores = candidate('b', { reserved: { memoryMb: 0, cpus: 1.5 } });
    expect(hostsOf(placeInstances([need({})], [memory, cores]))).toEqual(['a']);
  });

  it('takes the host that holds the image, of equally full ones', () => {
    const held = candidate('b', { images: new Set(['r/blog@sha256:1']) });
    expect(hostsOf(placeInstances([need({ image: 'r/blog@sha256:1' })], [candidate('a'), held]))).toEqual(['b']);
  });

  it('takes the first by name, of equal ones', () => {
    expect(hostsOf(placeInstances([need({})], [candidate('b'), candidate('a')]))).toEqual(['a']);
  });

  it('fits cores that add up exactly, however they are written', () => {
    const host = candidate('a', { capacity: { memoryMb: 4096, cpus: 3 } });
    const tenths = Array.from({ length: 30 }, (_, at) =>
      need({ key: `k${at}`, slot: at + 1, resources: { memoryMb: 1, cpus: 0.1 } }),
    );
    expect(placeInstances(tenths, [host]).unplaced).toEqual([]);
    const one = need({ key: 'more', slot: 31, resources: { memoryMb: 1, cpus: 0.1 } });
    expect(placeInstances([...tenths, one], [host]).unplaced).toHaveLength(1);
  });

  it('lets the biggest choose first, so that small ones do not take its place', () => {
    const small = need({ key: 'a', group: 'a', resources: { memoryMb: 1024, cpus: 0.1 } });
    const big = need({ key: 'b', group: 'b', resources: { memoryMb: 2048, cpus: 0.1 } });
    const hosts = [candidate('a'), candidate('b', { capacity: { memoryMb: 1024, cpus: 2 } })];
    expect(placeInstances([small, big], hosts).unplaced).toEqual([]);
  });

  it('tells the figures as they are when the room has run out', () => {
    const [first, second] = [1, 2].map((slot) =>
      need({ key: `k${slot}`, slot, resources: { memoryMb: 1536, cpus: 0.1 } }),
    ) as [Need, Need];
    expect(placeInstances([second, first], [candidate('a')])).toEqual({
      placed: [{ need: first, host: 'a', despite: null }],
      unplaced: [{ need: second, refusals: [{ host: 'a', reason: 'needs 1536 MB, 512 MB of 2048 MB are free' }] }],
    });
  });
});

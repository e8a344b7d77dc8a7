import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import { addResources, microCpus } from '../host/resources.js';
import { placeInstances } from './place-instances.js';
import { type Leaving, placeWaves, type WaveNeed } from './place-waves.js';
import type { Candidate } from './placement.js';

const HOSTS = ['h0', 'h1', 'h2'];
const sizes = fc.record({ memoryMb: fc.constantFrom(64, 128, 512), cpus: fc.constantFrom(0.1, 0.2, 0.5) });

const needs: fc.Arbitrary<WaveNeed[]> = fc
  .array(
    fc.record({
      wave: fc.nat({ max: 5 }),
      onlyHost: fc.option(fc.constantFrom(...HOSTS), { freq: 3 }),
      resources: sizes,
      group: fc.constantFrom('blog/web', 'blog/job'),
    }),
    { maxLength: 20 },
  )
  .map((drafts) =>
    drafts.map(({ wave, onlyHost, ...draft }, at) => {
      return { wave, onlyHost, need: need({ ...draft, key: `k${at}`, slot: at + 1 }) };
    }),
  );

const leaving: fc.Arbitrary<Leaving[]> = fc.array(
  fc.record({ host: fc.constantFrom(...HOSTS), resources: sizes, afterWave: fc.integer({ min: -1, max: 7 }) }),
  { maxLength: 12 },
);

/** Hosts that reserve what leaves them and something of others, and have little room besides. */
const situations = fc
  .record({ needs, leaving, others: fc.constantFrom(0, 64, 300), spare: fc.constantFrom(0, 64, 600) })
  .map((drawn) => ({ needs: drawn.needs, leaving: drawn.leaving, hosts: HOSTS.map((name) => hostOf(name, drawn)) }));

function hostOf(name: string, drawn: { leaving: readonly Leaving[]; others: number; spare: number }): Candidate {
  const own = drawn.leaving.filter(({ host }) => host === name).map(({ resources }) => resources);
  const reserved = own.reduce(addResources, { memoryMb: drawn.others, cpus: 0.1 });
  return candidate(name, {
    reserved,
    capacity: { memoryMb: reserved.memoryMb + drawn.spare, cpus: reserved.cpus + 1 },
  });
}

describe('a placement in waves', () => {
  it('never gives a host more than it has, at any moment of the rollout', () => {
    fc.assert(
      fc.property(situations, ({ needs: wanted, leaving: left, hosts }) => {
        const waveOf = new Map(wanted.map(({ need: { key }, wave }) => [key, wave]));
        const { placed } = placeWaves(wanted, hosts, left);
        for (const { host, reserved, capacity } of hosts)
          for (let wave = 0; wave <= 6; wave += 1) {
            const come = placed.filter((each) => each.host === host.name && (waveOf.get(each.need.key) ?? 0) <= wave);
            const gone = left.filter((each) => each.host === host.name && each.afterWave < wave);
            if (come.length === 0) continue;
            const sum = come.map((each) => each.need.resources).reduce(addResources, reserved);
            const freed = gone.map(({ resources }) => resources).reduce(addResources, { memoryMb: 0, cpus: 0 });
            expect(sum.memoryMb - freed.memoryMb).toBeLessThanOrEqual(capacity?.memoryMb ?? 0);
            expect(microCpus(sum.cpus) - microCpus(freed.cpus)).toBeLessThanOrEqual(microCpus(capacity?.cpus ?? 0));
          }
      }),
      { numRuns: 300 },
    );
  });

  it('answers every need once, and puts what may go to one host only there', () => {
    fc.assert(
      fc.property(situations, ({ needs: wanted, leaving: left, hosts }) => {
        const { placed, unplaced } = placeWaves(wanted, hosts, left);
        const answered = [...placed, ...unplaced].map((each) => each.need.key);
        expect(answered.sort()).toEqual(wanted.map((each) => each.need.key).sort());
        for (const { onlyHost, need: wish } of wanted)
          for (const each of placed)
            if (onlyHost !== null && each.need.key === wish.key) expect(each.host).toBe(onlyHost);
      }),
    );
  });

  it('is the same for shuffled input, and leaves its input as it was', () => {
    const shuffled = <T>(items: readonly T[]) => fc.shuffledSubarray([...items], { minLength: items.length });
    const both = situations.chain((each) =>
      fc.tuple(fc.constant(each), shuffled(each.needs), shuffled(each.leaving), shuffled(each.hosts)),
    );
    fc.assert(
      fc.property(both, ([{ needs: wanted, leaving: left, hosts }, ...others]) => {
        const copy = structuredClone({ wanted, left, hosts });
        const placement = placeWaves(wanted, hosts, left);
        expect(placeWaves(others[0], others[2], others[1])).toEqual(placement);
        expect({ wanted, left, hosts }).toEqual(copy);
      }),
    );
  });

  it('is the plain placement where there is one wave and nothing leaves', () => {
    fc.assert(
      fc.property(situations, ({ needs: wanted, hosts }) => {
        const plain = wanted.map((each) => ({ ...each, wave: 3, onlyHost: null }));
        expect(placeWaves(plain, hosts, [])).toEqual(
          placeInstances(
            plain.map((each) => each.need),
            hosts,
          ),
        );
      }),
    );
  });
});

describe('placeWaves', () => {
  const big = { memoryMb: 1024, cpus: 1 };
  const wish = (wave: number, onlyHost: string | null = null): WaveNeed => {
    return { wave, onlyHost, need: need({ key: `k${wave}`, slot: wave + 1, resources: big }) };
  };
  const full = [candidate('h0', { reserved: big, capacity: { memoryMb: 2048, cpus: 2 } })];
  const left = (afterWave: number): Leaving[] => [{ host: 'h0', resources: big, afterWave }];

  it('gives the room of what leaves to later waves only', () => {
    const waves = [wish(0), wish(1)];
    expect(placeWaves(waves, full, left(0)).unplaced).toEqual([]);
    expect(placeWaves(waves, full, left(1)).unplaced.map((each) => each.need.key)).toEqual(['k1']);
    expect(placeWaves(waves, full, []).unplaced.map((each) => each.need.key)).toEqual(['k1']);
  });

  it('gives the room of what leaves before all to the first', () => {
    const tight = [candidate('h0', { reserved: big, capacity: big })];
    expect(placeWaves([wish(0)], tight, left(-1)).unplaced).toEqual([]);
    expect(placeWaves([wish(0)], tight, left(0)).unplaced).toHaveLength(1);
    expect(placeWaves([wish(4)], tight, left(3)).unplaced).toEqual([]);
  });

  it('explains with the one host that would do', () => {
    const other = candidate('h9');
    const { unplaced } = placeWaves([wish(0, 'h0')], [candidate('h0', { cordoned: true }), other], []);
    expect(unplaced[0]?.refusals.map(({ host }) => host)).toEqual(['h0']);
    expect(placeWaves([wish(0, 'gone')], [other], []).unplaced[0]?.refusals).toEqual([]);
  });

  it('spreads one worker over the hosts, whatever the waves', () => {
    const waves = [0, 1, 2].map((wave) => wish(wave));
    const hosts = ['h0', 'h1', 'h2'].map((name) => candidate(name, { capacity: { memoryMb: 8192, cpus: 8 } }));
    expect(placeWaves(waves, hosts, []).placed.map(({ host }) => host)).toEqual(['h0', 'h1', 'h2']);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildHost } from './choose-build-host.js';
import { planBuildQueue, type BuildRoom, type OpenBuild } from './plan-build-queue.js';

const hostOf = (name: string, change: Partial<BuildHost> = {}, because: string | null = null): BuildHost => ({
  host: {
    ...{
      name,
      address: '10.0.0.1',
      dockerUrl: 'http://10.0.0.1:2375',
      machine: null,
      agentUrl: 'http://10.0.0.1:8500',
    },
    ...{ healthy: because === null, unhealthyBecause: because, capacity: { memoryMb: 1, cpus: 1 } },
  },
  ...{ environment: 'production', running: 0, cordoned: false },
  ...change,
});

const build = (id: number, change: Partial<OpenBuild> = {}): OpenBuild => ({
  ...{ id: String(id), appId: 'a', branch: 'main', latestWins: false, begun: false, running: false },
  ...{ host: null, lostHost: false, canceled: false, appServedAt: null, appBuiltOn: null },
  ...change,
});

const room = (change: Partial<BuildRoom<BuildHost>> = {}): BuildRoom<BuildHost> => ({
  ...{ hosts: [hostOf('h1'), hostOf('h2')], perHost: 2, atOnce: 3 },
  ...change,
});

const placesOf = (open: readonly OpenBuild[], at = room()): string[] =>
  planBuildQueue(open, at).turns.map(({ id, place }) => `${id}@${place?.host.name ?? '-'}`);

const whyOf = (open: readonly OpenBuild[], at = room()): string[] =>
  planBuildQueue(open, at).waiting.map(({ id, why }) => `${id}: ${why}`);

describe('planBuildQueue', () => {
  it('spreads builds over the hosts, as many as may run at once', () => {
    const open = [1, 2, 3, 4].map((id) => build(id));
    expect(placesOf(open)).toEqual(['1@h1', '2@h2', '3@h1']);
    expect(whyOf(open)).toEqual(['4: 3 builds run, and BUILDS_AT_ONCE lets no more than 3 run at once']);
  });

  it('goes where its app was built last, unless another host has fewer builds', () => {
    const warm = { appBuiltOn: 'h2' };
    expect(placesOf([build(1, warm), build(2, warm)])).toEqual(['1@h2', '2@h1']);
    expect(placesOf([build(1, { appBuiltOn: 'gone' })])).toEqual(['1@h1']);
  });

  it('counts what runs already, in whatever engine', () => {
    const open = [build(1, { running: true, host: 'h1' }), build(2, { running: true, host: 'h1' }), build(3), build(4)];
    expect(placesOf(open, room({ atOnce: 9, hosts: [hostOf('h1')] }))).toEqual([]);
    expect(placesOf(open)).toEqual(['3@h2']);
  });

  it('lets builds wait while every host that could is full, and names them', () => {
    const hosts = [hostOf('h1'), hostOf('h2', { cordoned: true })];
    const open = [1, 2, 3].map((id) => build(id));
    expect(whyOf(open, room({ hosts, atOnce: 9 }))).toEqual([
      '3: every build host has 2 builds, as many as BUILDS_PER_HOST allows: h1',
    ]);
  });

  it('ends a build that no host could ever take, with the reason against each', () => {
    const hosts = [hostOf('h1', {}, 'on fire'), hostOf('h2', { cordoned: true })];
    const [turn] = planBuildQueue([build(1)], room({ hosts })).turns;
    expect(turn).toMatchObject({ place: null, refusal: expect.stringContaining('h1: on fire; h2: cordoned') });
    expect(planBuildQueue([build(1)], room({ hosts: [] })).turns[0]?.refusal).toContain('no host in the stack build');
  });

  it('takes another host than the one that was lost, waits for another, and goes back only where there is none', () => {
    const lost = build(1, { begun: true, host: 'h1', lostHost: true });
    expect(placesOf([lost])).toEqual(['1@h2']);
    const full = [2, 3].map((id) => build(id, { running: true, host: 'h2' }));
    expect(whyOf([lost, ...full])).toEqual([
      '1: host h1 was lost under it, and every other build host has 2 builds, as many as BUILDS_PER_HOST allows: h2',
    ]);
    expect(placesOf([lost], room({ hosts: [hostOf('h1'), hostOf('h2', {}, 'gone')] }))).toEqual(['1@h1']);
  });

  it('gives one that was canceled to an engine at once, whatever runs', () => {
    const open = [build(1, { canceled: true, begun: true }), ...[2, 3, 4].map((id) => build(id, { running: true }))];
    expect(placesOf(open)).toEqual(['1@-']);
  });

  it('keeps the newest of a branch where the latest wins, and all of the others', () => {
    const latest = { latestWins: true };
    const open = [
      build(1, { ...latest, running: true, host: 'h1' }),
      build(2, { ...latest, begun: true }),
      build(3, latest),
      build(9, latest),
      build(10, latest),
      build(4, { ...latest, branch: 'other' }),
      build(5, { ...latest, branch: null }),
      build(6, { ...latest, branch: null }),
      build(7, { ...latest, appId: 'b' }),
      build(8, { ...latest, canceled: true }),
      build(11, { ...latest, canceled: true }),
    ];
    expect(planBuildQueue(open, room()).superseded).toEqual([
      { id: '3', by: '10' },
      { id: '9', by: '10' },
    ]);
    expect(planBuildQueue([build(1), build(2)], room()).superseded).toEqual([]);
  });
});

/** Builds and hosts of any kind. */
const OPEN = fc.array(
  fc.record({
    appId: fc.constantFrom('a', 'b', 'c'),
    branch: fc.constantFrom('main', 'next', null),
    latestWins: fc.boolean(),
    begun: fc.boolean(),
    running: fc.boolean(),
    host: fc.constantFrom('h1', 'h2', 'h3'),
    lostHost: fc.boolean(),
    canceled: fc.boolean(),
  }),
  { maxLength: 30 },
);

const ROOM = fc.record({
  perHost: fc.integer({ min: 1, max: 4 }),
  atOnce: fc.integer({ min: 1, max: 8 }),
  hosts: fc.subarray([hostOf('h1'), hostOf('h2'), hostOf('h3', {}, 'ill'), hostOf('h4', { cordoned: true })]),
});

const CASES = fc.record({
  open: OPEN.map((builds) => builds.map((each, index) => build(index + 1, each))),
  at: ROOM,
});

const countOf = <T>(items: readonly T[], fits: (item: T) => boolean): number => items.filter(fits).length;

describe('a plan of builds, whatever waits and runs,', () => {
  it('says exactly one thing of each build that does not run, and nothing of one that does', () => {
    fc.assert(
      fc.property(CASES, ({ open, at }) => {
        const { turns, superseded, waiting } = planBuildQueue(open, at);
        const said = [...turns, ...superseded, ...waiting].map(({ id }) => id);
        const still = open.filter(({ running }) => !running).map(({ id }) => id);
        expect([...said].sort()).toEqual([...still].sort());
      }),
    );
  });

  it('never exceeds a host, or all of them together', () => {
    fc.assert(
      fc.property(CASES, ({ open, at }) => {
        const begun = planBuildQueue(open, at).turns.flatMap(({ place }) => (place === null ? [] : [place.host.name]));
        const running = countOf(open, (each) => each.running);
        expect(begun.length === 0 || running + begun.length <= at.atOnce).toBe(true);
        for (const name of new Set(begun)) {
          const there = countOf(open, (each) => each.running && each.host === name);
          expect(there + countOf(begun, (each) => each === name)).toBeLessThanOrEqual(at.perHost);
        }
      }),
    );
  });

  it('leaves no room unused while a build that was never begun waits', () => {
    fc.assert(
      fc.property(CASES, ({ open, at }) => {
        const { turns, waiting } = planBuildQueue(open, at);
        const fresh = waiting.filter(({ id }) => open.some((each) => each.id === id && !each.lostHost));
        if (fresh.length === 0) return;
        const now = [
          ...open.filter(({ running }) => running).map(({ host }) => host),
          ...turns.flatMap(({ place }) => (place === null ? [] : [place.host.name])),
        ];
        const able = at.hosts.filter(({ host, cordoned }) => host.healthy && !cordoned);
        const isFull = able.every(({ host }) => countOf(now, (name) => name === host.name) >= at.perHost);
        expect(now.length >= at.atOnce || isFull).toBe(true);
      }),
    );
  });

  it('is the same for the same, and empty once it was carried out', () => {
    fc.assert(
      fc.property(CASES, ({ open, at }) => {
        const plan = planBuildQueue(open, at);
        expect(planBuildQueue([...open].reverse(), at).turns).toEqual(plan.turns);
        const gone = new Set(plan.superseded.map(({ id }) => id));
        const after = open
          .filter(({ id }) => !gone.has(id))
          .map((each) => {
            const turn = plan.turns.find(({ id }) => id === each.id);
            if (turn === undefined) return each;
            return { ...each, running: true, begun: true, host: turn.place?.host.name ?? null };
          });
        const next = planBuildQueue(after, at);
        expect(next.turns.filter(({ place }) => place !== null)).toEqual([]);
      }),
    );
  });

  it('supersedes only what waits for the same branch of the same app, by a newer build that is kept', () => {
    fc.assert(
      fc.property(CASES, ({ open, at }) => {
        const { superseded } = planBuildQueue(open, at);
        const gone = new Set(superseded.map(({ id }) => id));
        for (const { id, by } of superseded) {
          const [old, newer] = [id, by].map((each) => open.find((one) => one.id === each));
          expect(Number(by)).toBeGreaterThan(Number(id));
          expect([newer?.appId, newer?.branch, newer?.canceled]).toEqual([old?.appId, old?.branch, false]);
          expect(old?.running).toBe(false);
          expect(gone.has(by) && newer?.latestWins === false).toBe(false);
        }
      }),
    );
  });
});

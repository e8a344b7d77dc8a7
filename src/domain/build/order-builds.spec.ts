import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderBuilds, type WaitingBuild } from './order-builds.js';

const build = (id: number, appId: string, change: Partial<WaitingBuild> = {}): WaitingBuild => ({
  ...{ id: String(id), appId, begun: false, appServedAt: null },
  ...change,
});

const ids = (waiting: readonly WaitingBuild[], running: Readonly<Record<string, number>> = {}): string =>
  orderBuilds(waiting, new Map(Object.entries(running)))
    .map(({ id }) => id)
    .join(' ');

/** Builds of a few apps, in any order. */
const WAITING = fc
  .array(fc.record({ appId: fc.constantFrom('a', 'b', 'c', 'd'), begun: fc.boolean() }), { maxLength: 40 })
  .chain((builds) => {
    const numbered = builds.map((each, index) => ({ ...each, id: String(index + 5), appServedAt: null }));
    return fc.shuffledSubarray(numbered, { minLength: numbered.length });
  });

const RUNNING = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 0, max: 6 }));

const indexOf = (order: readonly WaitingBuild[], { id }: WaitingBuild): number =>
  order.findIndex((each) => each.id === id);

describe('orderBuilds', () => {
  it('goes round the apps, oldest first', () => {
    expect(ids([build(1, 'a'), build(2, 'a'), build(3, 'a'), build(4, 'b'), build(5, 'c')])).toBe('1 4 5 2 3');
  });

  it('lets an app that has builds running wait for one that has none', () => {
    expect(ids([build(1, 'a'), build(2, 'a'), build(3, 'b')], { a: 1 })).toBe('3 1 2');
  });

  it('takes 10 for younger than 9', () => {
    expect(ids([build(10, 'a'), build(9, 'a'), build(100, 'b')])).toBe('9 100 10');
  });

  it('lets those go on first that ran before', () => {
    expect(ids([build(1, 'a'), build(2, 'b'), build(3, 'b', { begun: true })], { b: 3 })).toBe('3 1 2');
  });

  it('lets an app that was served a moment ago wait for one that was not', () => {
    expect(ids([build(1, 'a', { appServedAt: 2_000 }), build(2, 'b', { appServedAt: 1_000 }), build(3, 'c')])).toBe(
      '3 2 1',
    );
  });

  it('serves every app that waits once before it serves one twice, also where one runs at a time', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 30 }), (apps) => {
        let waiting = apps.map((appId, index) => build(index + 1, appId));
        const served = new Map<string, number>();
        for (let now = 1; waiting.length > 0; now += 1) {
          const [next] = orderBuilds(waiting, new Map());
          const last = Math.min(...waiting.map(({ appId }) => served.get(appId) ?? 0));
          expect(served.get(next?.appId ?? '') ?? 0).toBe(last);
          served.set(next?.appId ?? '', now);
          waiting = waiting
            .filter(({ id }) => id !== next?.id)
            .map((each) => ({ ...each, appServedAt: served.get(each.appId) ?? null }));
        }
      }),
    );
  });

  it('loses none and invents none', () => {
    fc.assert(
      fc.property(WAITING, RUNNING, (waiting, running) => {
        const order = orderBuilds(waiting, new Map(Object.entries(running)));
        expect([...order].sort((one, other) => Number(one.id) - Number(other.id))).toEqual(
          [...waiting].sort((one, other) => Number(one.id) - Number(other.id)),
        );
      }),
    );
  });

  it('is the same however the builds are shuffled', () => {
    fc.assert(
      fc.property(WAITING, RUNNING, (waiting, running) => {
        const counts = new Map(Object.entries(running));
        expect(orderBuilds([...waiting].reverse(), counts)).toEqual(orderBuilds(waiting, counts));
      }),
    );
  });

  it('keeps each app in the order in which it asked', () => {
    fc.assert(
      fc.property(WAITING, RUNNING, (waiting, running) => {
        const order = orderBuilds(waiting, new Map(Object.entries(running)));
        for (const one of waiting)
          for (const other of waiting)
            if (one.appId === other.appId && one.begun === other.begun && Number(one.id) < Number(other.id))
              expect(indexOf(order, one)).toBeLessThan(indexOf(order, other));
      }),
    );
  });

  it('never serves an app while one that waits has had fewer turns', () => {
    fc.assert(
      fc.property(WAITING, RUNNING, (waiting, running) => {
        const turns = new Map(Object.entries(running));
        const had = (app: string): number => turns.get(app) ?? 0;
        const order = orderBuilds(waiting, turns);
        for (const [at, { appId, begun }] of order.entries()) {
          const rest = order.slice(at).map((each) => had(each.appId));
          if (!begun) expect(had(appId)).toBe(Math.min(...rest));
          turns.set(appId, had(appId) + 1);
        }
      }),
    );
  });

  it('does not let one app keep another from its first turn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (many) => {
        const greedy = Array.from({ length: many }, (_, index) => build(index + 1, 'greedy'));
        const order = orderBuilds([...greedy, build(1_000, 'modest')], new Map());
        expect(indexOf(order, build(1_000, 'modest'))).toBe(1);
      }),
    );
  });
});

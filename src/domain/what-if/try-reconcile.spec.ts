import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anApp, aPlace, standing } from '../../../test/factories/what-if.js';
import { observed } from '../../../test/factories/instances.js';
import { tryReconcile } from './try-reconcile.js';
import type { WhatIfApp, WhatIfOutcome } from './what-if.js';

const told = ({ steps }: WhatIfOutcome) =>
  steps.map(({ action, slot, from, to }) => `${action} ${slot} ${from ?? '-'} ${to ?? '-'}`);
const after = ({ hosts }: WhatIfOutcome) => hosts.map(({ after: { instances } }) => instances);
const peak = ({ hosts }: WhatIfOutcome) => hosts.map(({ peak: { instances } }) => instances);

describe('tryReconcile', () => {
  it('does nothing where all is as it should be', () => {
    const hosts = [aPlace('h1', { taken: 1 }), aPlace('h2', { taken: 1 })];
    const outcome = tryReconcile({ hosts, apps: [anApp(['h1', 'h2'], { hosts })] });
    expect(outcome).toMatchObject({ steps: [], unplaced: [], truncated: false });
    expect(after(outcome)).toEqual([1, 1]);
  });

  it('scales up where there is most room, and says who refuses the rest', () => {
    const hosts = [aPlace('h1', { taken: 1, slots: 2 }), aPlace('h2', { slots: 1 })];
    const outcome = tryReconcile({ hosts, apps: [anApp(['h1'], { scale: 4, hosts })] });
    expect(told(outcome)).toEqual(['start 2 - h2', 'start 3 - h1']);
    expect(outcome.unplaced).toMatchObject([{ app: 'blog', worker: 'web', slot: 4 }]);
    expect(outcome.unplaced[0]?.refusals.map(({ host }) => host)).toEqual(['h1', 'h2']);
    expect(outcome.unplaced[0]?.refusals[0]?.reason).toContain('needs 64 MB');
  });

  it('scales down, and frees what they held', () => {
    const hosts = [aPlace('h1', { taken: 2 }), aPlace('h2', { taken: 1 })];
    const outcome = tryReconcile({ hosts, apps: [anApp(['h1', 'h2', 'h1'], { scale: 1, hosts })] });
    expect(told(outcome)).toEqual(['stop 2 h2 -', 'stop 3 h1 -']);
    expect(after(outcome)).toEqual([1, 0]);
    expect(outcome.hosts[0]?.after.reserved).toEqual({ memoryMb: 64, cpus: 0.1 });
  });

  it('moves what is on a lost host', () => {
    const hosts = [aPlace('h1', { taken: 1 }), aPlace('h2', { taken: 1 }), aPlace('h3')];
    const app = anApp(['h1', 'h2'], { hosts });
    const gone = { container: 'absent' as const, hostLostBecause: 'lost' };
    const lost: WhatIfApp = {
      ...app,
      snapshot: {
        ...app.snapshot,
        hosts: new Map([
          ...standing(hosts),
          ...standing(hosts.slice(0, 1), { lostSince: 0, known: false, takes: false }),
        ]),
        instances: app.snapshot.instances.map(({ instance }) =>
          instance.host === 'h1' ? observed(instance, gone) : observed(instance),
        ),
      },
    };
    const sick = { ...hosts[0], host: { ...hosts[0]?.host, healthy: false } } as (typeof hosts)[0];
    const outcome = tryReconcile({ hosts: [sick, ...hosts.slice(1)], apps: [lost] });
    expect(told(outcome)).toEqual(['move 1 h1 h3']);
    expect(after(outcome)).toEqual([0, 1, 1]);
  });

  it('brings new hosts into use a share at a time, the new before the old', () => {
    const hosts = [aPlace('h1', { taken: 8 }), aPlace('h2')];
    const outcome = tryReconcile({
      hosts,
      apps: [
        anApp(
          Array.from({ length: 8 }, () => 'h1'),
          { hosts },
        ),
      ],
    });
    expect(outcome.steps.map(({ round, action, to }) => `${round} ${action} ${to}`)).toEqual([
      '1 move h2',
      '1 move h2',
      '2 move h2',
      '2 move h2',
    ]);
    expect(after(outcome)).toEqual([4, 4]);
  });

  it('may hold one more than before on the way, and less where two may not run', () => {
    const hosts = [aPlace('h1', { taken: 1 }), aPlace('h2')];
    const restart = { workerId: null, onlyUnhealthy: false, askedAt: 5 };
    const restarted = (strategy: 'rolling' | 'recreate') => {
      const app = anApp(['h1'], { hosts, policy: { strategy }, patch: { plannedAt: 0 } });
      return tryReconcile({ hosts, apps: [{ ...app, snapshot: { ...app.snapshot, restarts: [restart] } }] });
    };
    const total = (outcome: WhatIfOutcome) => peak(outcome).reduce((sum, each) => sum + each, 0);
    expect(total(restarted('rolling'))).toBe(2);
    expect(told(restarted('recreate'))[0]).toBe('stop 1 h1 -');
  });

  it('says that it would go on where very many would be moved one by one', () => {
    const hosts = [aPlace('h1', { slots: 1000, taken: 600 }), aPlace('h2', { slots: 1000 })];
    const on = Array.from({ length: 600 }, () => 'h1');
    const outcome = tryReconcile({ hosts, apps: [anApp(on, { hosts, policy: { parallelism: 1 } })] });
    expect(outcome.truncated).toBe(true);
    expect(outcome.steps.length).toBeGreaterThan(10);
  });

  it('leaves hosts of other pools alone', () => {
    const hosts = [aPlace('h1', { slots: 1 }), aPlace('h2')];
    const app = anApp([], { scale: 2, hosts });
    const outcome = tryReconcile({ hosts, apps: [{ ...app, pool: new Set(['h1']) }] });
    expect(told(outcome)).toEqual(['start 1 - h1']);
    expect(outcome.unplaced[0]?.refusals.map(({ host }) => host)).toEqual(['h1']);
  });

  it('makes a container that is gone again, once', () => {
    const hosts = [aPlace('h1', { taken: 1 })];
    const app = anApp(['h1'], { hosts });
    const [only] = app.snapshot.instances;
    const instances = only === undefined ? [] : [observed(only.instance, { container: 'absent' })];
    const outcome = tryReconcile({ hosts, apps: [{ ...app, snapshot: { ...app.snapshot, instances } }] });
    expect(told(outcome)).toEqual(['restart 1 h1 h1']);
  });

  it('never gives a host more than it has, ends, and does not care for the order of anything', () => {
    const world = fc.record({
      slots: fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 }),
      on: fc.array(fc.nat({ max: 4 }), { maxLength: 8 }),
      scale: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(world, ({ slots, on, scale }) => {
        const names = on.map((index) => `h${index % slots.length}`);
        const taken = (name: string) => names.filter((each) => each === name).length;
        const hosts = slots.map((room, index) => {
          const mine = taken(`h${index}`);
          return aPlace(`h${index}`, { slots: room + mine, taken: mine });
        });
        const app = anApp(names, { scale, hosts });
        const outcome = tryReconcile({ hosts, apps: [app] });
        expect(outcome.truncated).toBe(false);
        for (const { host, peak: most } of outcome.hosts)
          expect(most.reserved.memoryMb).toBeLessThanOrEqual(host.capacity?.memoryMb ?? 0);
        const shuffled = { ...app, snapshot: { ...app.snapshot, instances: [...app.snapshot.instances].reverse() } };
        expect(tryReconcile({ hosts: [...hosts].reverse(), apps: [shuffled] })).toEqual(outcome);
        expect(outcome.unplaced.length + after(outcome).reduce((sum, each) => sum + each, 0)).toBe(scale);
      }),
    );
  });
});

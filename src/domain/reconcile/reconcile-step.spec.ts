import { describe, expect, it } from 'vitest';
import { one, snapshot, standing, web } from '../../../test/factories/reconciles.js';
import { planReconcile } from './plan-reconcile.js';
import { stepsOf } from './reconcile-step.js';

const steps = (patch: Parameters<typeof snapshot>[0]) => stepsOf(planReconcile(snapshot(patch)), 'sample');

describe('stepsOf', () => {
  it('says what stops and what starts, and where', () => {
    expect(steps({ workers: [web(1)], instances: [one(2)] })).toEqual([
      {
        ...{ action: 'stop', app: 'sample', worker: 'web', slot: 2, host: 'h1' },
        ...{ instance: 'sample-production-web-2-d1', because: 'web is scaled to 1' },
      },
      {
        ...{ action: 'start', app: 'sample', worker: 'web', slot: 1, host: null, instance: null },
        because: 'web is scaled to 1, and slot 1 is empty',
      },
    ]);
  });

  it('calls an exchange a restart, and says where it goes', () => {
    const hosts = new Map([
      ['h1', standing()],
      ['h2', standing()],
    ]);
    expect(steps({ instances: [one(1), one(2)], hosts })).toMatchObject([
      { action: 'restart', slot: 2, host: 'h1', because: 'moves to h2: host h1 has 2 of it and h2 has 0' },
    ]);
  });

  it('calls a restart what is made again in its place', () => {
    expect(steps({ instances: [one(1), one(2, {}, { container: 'exited' })] })).toMatchObject([
      { action: 'restart', slot: 2, because: 'its container or its entry in Consul is gone' },
    ]);
  });

  it('says nothing where all is well, nor of what is only waited for', () => {
    expect(steps({ instances: [one(1), one(2)] })).toEqual([]);
    expect(steps({ instances: [one(1), one(2, { state: 'started', startedAt: 0 }, { check: 'passing' })] })).toEqual(
      [],
    );
  });
});

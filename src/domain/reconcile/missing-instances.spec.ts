import { describe, expect, it } from 'vitest';
import { NOW, one, snapshot, standing, web } from '../../../test/factories/reconciles.js';
import { missingInstances } from './missing-instances.js';

const missing = (patch: Parameters<typeof snapshot>[0], leaving: string[] = []) =>
  missingInstances(snapshot(patch), new Set(leaving));
const slots = (patch: Parameters<typeof snapshot>[0], leaving: string[] = []) =>
  missing(patch, leaving).due.map(({ slot }) => slot);

describe('missingInstances', () => {
  it('are the slots without a wanted instance of the current deploy', () => {
    expect(slots({})).toEqual([1, 2]);
    expect(slots({ instances: [one(1), one(2)] })).toEqual([]);
    expect(slots({ instances: [one(1), one(2, { deployId: '9' })] })).toEqual([2]);
    expect(slots({ instances: [one(1), one(2, { desired: 'stopped' })] })).toEqual([2]);
    expect(slots({ instances: [one(1), one(2, { id: 'leaving' })] }, ['leaving'])).toEqual([2]);
    expect(slots({ currentDeployId: null })).toEqual([]);
    expect(slots({ workers: [web(0)] })).toEqual([]);
  });

  it('say why, and go on counting the attempts of their slot', () => {
    const lastAttempts = [{ workerId: '1', slot: 1, attempt: 4, failures: 0, endedAt: NOW }];
    expect(missing({ workers: [web(1)], lastAttempts }).due).toMatchObject([
      { attempt: 5, deployId: '1', wave: 0, standby: false, onlyHost: null, predecessor: null },
    ]);
    expect(missing({}).due[0]?.because).toBe('web is scaled to 2, and slot 1 is empty');
  });

  it('wait after the second failure in a row, and are due when they have waited', () => {
    const after = (failures: number, endedAt: number | null) =>
      missing({ workers: [web(1)], lastAttempts: [{ workerId: '1', slot: 1, attempt: 9, failures, endedAt }] });
    expect(after(1, NOW).due).toHaveLength(1);
    expect(after(2, NOW)).toMatchObject({ due: [], dueAt: NOW + 5_000 });
    expect(after(2, NOW - 5_000).due).toHaveLength(1);
    expect(after(3, NOW)).toMatchObject({ due: [], dueAt: NOW + 10_000 });
    expect(after(1_000, NOW)).toMatchObject({ due: [], dueAt: NOW + 300_000 });
    expect(after(5, null).due).toHaveLength(1);
  });

  it('name the one that serves on where its first successor is gone', () => {
    const replaced = one(1, { id: 'replaced', desired: 'replace' });
    expect(missing({ workers: [web(1)], instances: [replaced] }).due[0]?.predecessor?.id).toBe('replaced');
  });
});

describe('missingInstances of what may not run twice', () => {
  const workers = [web(2, { strategy: 'recreate' })];

  it('wait until the slot is empty', () => {
    expect(slots({ workers, instances: [one(1, { desired: 'stopped', state: 'draining' }), one(2)] })).toEqual([]);
    expect(slots({ workers, instances: [one(2)] })).toEqual([1]);
  });

  it('wait until everything of another deploy is gone', () => {
    expect(slots({ workers, instances: [one(5, { deployId: '9', desired: 'stopped' })] })).toEqual([]);
  });

  it('do not wait for what a forgotten host took with it', () => {
    const gone = one(1, { desired: 'stopped' }, { container: 'unknown' });
    const on = (known: boolean) => ({ workers, instances: [gone], hosts: new Map([['h1', standing({ known })]]) });
    expect(slots(on(true))).toEqual([2]);
    expect(slots(on(false))).toEqual([1, 2]);
  });
});

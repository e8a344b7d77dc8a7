import { describe, expect, it } from 'vitest';
import { candidate, need } from '../../../test/factories/placement.js';
import type { CapacityHost, CapacitySnapshot } from '../capacity/capacity.js';
import { poolOutcome, withHostsOf, withoutHostOf, withScaleOf } from './pool-what-if.js';

const HOST = { memoryMb: 2048, cpus: 2 };
const EACH = { memoryMb: 1024, cpus: 0.1 };
const ROOM = { who: 'web of blog', app: '1', group: '7', worker: 'web', each: EACH, needsTcpDocker: false };

/** Hosts with so many instances each. */
function pool(...counts: readonly number[]): CapacitySnapshot {
  let slot = 0;
  const hosts = counts.map((count, index): CapacityHost => {
    const instances = Array.from({ length: count }, () => {
      slot += 1;
      const of = { key: `web-${slot}`, app: '1', group: '7', worker: 'web', slot, resources: EACH };
      return { ...need(of), mayMove: true, goes: false };
    });
    const name = `h${index + 1}`;
    const { host } = candidate(name, {}, { capacity: HOST });
    return { name, role: 'serves', host, capacity: HOST, instances, staysBecause: null, mayStay: false };
  });
  const times = {
    scaleInAfterSeconds: 600,
    coolDownSeconds: 120,
    joinDeadlineSeconds: 600,
    drainDeadlineSeconds: 1800,
  };
  const policy = {
    min: 0,
    max: 4,
    mode: 'automatic' as const,
    headRoomPercent: 0,
    scaleToZero: false,
    waitForRoomSeconds: 900,
  };
  const desired = hosts.length;
  return {
    now: 0,
    policy: { ...policy, ...times },
    desired,
    offer: HOST,
    hosts,
    waiting: [],
    surplusSince: null,
    scaledAt: null,
  };
}

describe('what a change costs a pool', () => {
  it('is the hosts that a bigger scale needs', () => {
    const now = pool(2, 1);
    expect(poolOutcome(now, withScaleOf(now, ROOM, { from: 3, to: 6 }))).toMatchObject({
      ...{ hosts: 2, neededNow: 2, neededAfter: 3, beyondMax: 0 },
      sentence: '2 hosts now, of which 2 are needed; after the change 3: 1 host more.',
    });
  });

  it('is nothing where the room is there', () => {
    const now = pool(2, 1);
    expect(poolOutcome(now, withScaleOf(now, ROOM, { from: 3, to: 4 })).sentence).toMatch(/no host more or fewer\.$/);
  });

  it('is what a smaller scale saves', () => {
    const now = pool(2, 1);
    expect(poolOutcome(now, withScaleOf(now, ROOM, { from: 3, to: 1 }))).toMatchObject({
      neededAfter: 1,
      sentence: '2 hosts now, of which 2 are needed; after the change 1: 1 host could be saved.',
    });
  });

  it('names the instances for which no more hosts may come', () => {
    const now = pool(2, 2);
    const outcome = poolOutcome(now, withScaleOf(now, ROOM, { from: 4, to: 10 }));
    expect(outcome).toMatchObject({ neededAfter: 4, beyondMax: 2 });
    expect(outcome.sentence).toContain('for 2 instances there is no room');
  });

  it('is the host that comes in the place of a lost one, where the others have no room', () => {
    const full = pool(2, 2);
    expect(poolOutcome(full, withoutHostOf(full, 'h1'))).toMatchObject({ hosts: 2, neededAfter: 2 });
    const roomy = pool(1, 1);
    expect(poolOutcome(roomy, withoutHostOf(roomy, 'h1'))).toMatchObject({ hosts: 2, neededAfter: 1 });
    expect(withoutHostOf(full, 'h9')).toBe(full);
  });

  it('is what somebody sets', () => {
    const now = pool(2, 1);
    expect(poolOutcome(now, withHostsOf(now, 4))).toMatchObject({ neededAfter: 4 });
    expect(poolOutcome(now, withHostsOf(now, 1)).beyondMax).toBe(0);
  });
});

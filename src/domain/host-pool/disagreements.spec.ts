import { describe, expect, it } from 'vitest';
import type { Host } from '../host/host.js';
import { disagreements } from './disagreements.js';
import { marksOf } from './group-marks.js';
import type {
  PoolHostLoad,
  PoolHostRecord,
  PoolHostSight,
  PoolSight,
  SightedGroup,
  SightedMachine,
} from './pool-sight.js';

const NOW = Date.UTC(2026, 10, 21);
const OWNER = { installationId: 'us', stack: 'api', environment: 'production' };
const WANTED = { min: 1, max: 5, desired: 1, groupName: 'web' };
const LOAD: PoolHostLoad = {
  ...{ reserved: { memoryMb: 0, cpus: 0 }, instances: 0, pinned: 0, wanted: 0, tasks: 0, capacity: null },
  ...{ cordoned: false, cordonReason: null, draining: false, lostSince: null },
};
const MACHINE: SightedMachine = {
  ...{ id: 'i-1', lifecycleState: 'InService', healthy: true, protectedFromScaleIn: true },
  ...{ instanceType: null, zone: null, address: null, launchedAt: null },
};
const NODE: Host = {
  ...{ name: 'n1', address: '', dockerUrl: '', agentUrl: '', healthy: true, unhealthyBecause: null },
  ...{ capacity: null, machine: 'i-1' },
};
const RECORD: PoolHostRecord = {
  ...{ id: '1', instanceId: 'i-1', host: 'n1', lifecycleState: 'InService', instanceType: null, zone: null },
  ...{ address: null, protected: true, launchedAt: NOW - 300_000, joinedAt: NOW, leavingCause: null },
  ...{ leavingReason: null, leavingSince: null, heartbeatAt: null, releasedAt: null, trouble: null },
};

function hostOf(parts: Partial<PoolHostSight> = {}): PoolHostSight {
  const all = { machine: MACHINE, host: NODE, record: RECORD, load: LOAD, capacity: null, takes: true };
  return { state: 'registered', name: 'n1', instanceId: 'i-1', ...all, ...parts };
}

function said(host: PoolHostSight | null, group: Partial<SightedGroup> = {}, more: Partial<PoolSight> = {}): string[] {
  const well = { min: 1, max: 5, desired: 1, instances: [MACHINE], suspended: [], lastFailure: null };
  const fitted = { terminationHooks: ['jockey-drain'], protectsNew: true, tags: marksOf(OWNER).tags };
  const asked = { groupTrouble: null, consulTrouble: null, mode: 'automatic' as const };
  const hosts = host === null ? [] : [host];
  const sight = { now: NOW, ...OWNER, kind: 'auto_scaling_group' as const, ...asked, hosts, ...more };
  return disagreements({ group: { ...well, ...fitted, ...group }, ...sight }, WANTED);
}

describe('disagreements', () => {
  it('are none where all say the same', () => {
    expect(said(hostOf())).toEqual([]);
  });

  it.each([
    [{ tags: { 'jockey:installation': 'them' } }, /marked as that of another Jockey \(them\)/],
    [{ tags: {} }, /not marked as Jockey's/],
    [{ min: 0 }, /limits 0 to 5, the pool 1 to 5/],
    [{ desired: 3 }, /Group web is to have 3 hosts, Jockey wants 1\./],
    [{ terminationHooks: [] }, /lacks the hook jockey-drain/],
    [{ protectsNew: false }, /does not protect new machines/],
    [{ suspended: ['Launch'] }, /not to do some of its work at present: Launch/],
    [{ lastFailure: 'no capacity' }, /could not do its last work: no capacity/],
  ])('of the group: %j', (group, sentence) => {
    const found = said(hostOf(), group);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  it('count who leaves because fewer are needed as the group does', () => {
    const leaver = hostOf({ record: { ...RECORD, leavingCause: 'scale_in', leavingSince: NOW } });
    expect(said(leaver, { desired: 2 })).toEqual([]);
    expect(said(leaver, { desired: 1 })).toEqual(['Group web is to have 1 host, Jockey wants 1, beside 1 that leave.']);
  });

  it.each([
    [
      { host: null, name: null, record: { ...RECORD, joinedAt: null } },
      /Machine i-1 .+ Consul does not know it yet, after 5 min/,
    ],
    [{ host: null }, /Consul has forgotten its host n1/],
    [{ machine: null }, /Consul still has host n1, whose machine i-1 group web has no more/],
    [
      { machine: null, record: null, host: { ...NODE, machine: null } },
      /says of no machine that it is it; group web does not have it/,
    ],
    [{ machine: { ...MACHINE, healthy: false } }, /holds machine i-1 for broken, Consul its host n1 for well/],
    [
      { host: { ...NODE, healthy: false, unhealthyBecause: 'Docker is away' } },
      /does not hold it for well: Docker is away/,
    ],
  ])('of a host: %j', (parts, sentence) => {
    const found = said(hostOf(parts as Partial<PoolHostSight>));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(sentence);
  });

  it('say who does not answer, and nothing that is only concluded from that', () => {
    const silent = said(hostOf({ host: null }), {}, { consulTrouble: 'Consul is away.' });
    expect(silent).toEqual(['Consul is away.']);
    expect(said(hostOf({ machine: null }), {}, { group: null, groupTrouble: 'AWS is away.' })).toEqual([
      'AWS is away.',
    ]);
  });
});

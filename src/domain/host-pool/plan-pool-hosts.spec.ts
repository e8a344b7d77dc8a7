import { describe, expect, it } from 'vitest';
import type { Host } from '../host/host.js';
import { marksOf } from './group-marks.js';
import { planPoolHosts } from './plan-pool-hosts.js';
import type { PoolHostStep } from './pool-host-step.js';
import type { PoolHostLoad, PoolHostRecord, PoolHostSight, PoolSight, SightedMachine } from './pool-sight.js';

const NOW = Date.UTC(2026, 10, 21);
const OWNER = { installationId: 'us', stack: 'api', environment: 'production' };
const RULES = { desired: 2, joinDeadlineSeconds: 600, drainDeadlineSeconds: 1800 };
const EMPTY: PoolHostLoad = {
  reserved: { memoryMb: 0, cpus: 0 },
  ...{ instances: 0, pinned: 0, wanted: 0, tasks: 0, lostSince: null, capacity: null },
  ...{ cordoned: false, cordonReason: null, draining: false },
};
const BUSY = { ...EMPTY, instances: 2, wanted: 2 };
const LEAVING = { cordoned: true, draining: true };

interface Given {
  readonly machine?: Partial<SightedMachine> | null;
  readonly host?: Partial<Host> | null;
  readonly record?: Partial<PoolHostRecord> | null;
  readonly load?: PoolHostLoad;
}

/** A host that is well: its machine in service, in Consul, written down. */
function hostOf(number: number, { machine = {}, host = {}, record = {}, load = EMPTY }: Given = {}): PoolHostSight {
  const [id, name] = [`i-${number}`, `n${number}`];
  const facts = { lifecycleState: 'InService', instanceType: null, zone: null, address: null };
  const made =
    machine === null ? null : { id, healthy: true, protectedFromScaleIn: true, launchedAt: NOW, ...facts, ...machine };
  const known = { lifecycleState: made?.lifecycleState ?? null, instanceType: null, zone: null, address: null };
  const times = { launchedAt: NOW, joinedAt: NOW, leavingSince: null, heartbeatAt: null, releasedAt: null };
  const words = { leavingCause: null, leavingReason: null, trouble: null };
  const written = { id: String(number), instanceId: id, host: name, protected: true, ...known, ...times, ...words };
  const node = { name, address: '10.0.0.1', dockerUrl: '', agentUrl: '', healthy: true, unhealthyBecause: null };
  return {
    ...{ state: 'registered', name, instanceId: id, load, capacity: null, takes: true },
    machine: made,
    host: host === null ? null : { ...node, capacity: null, machine: id, ...host },
    record: record === null ? null : { ...written, ...record },
  };
}

function sightOf(hosts: readonly PoolHostSight[], more: Partial<PoolSight> = {}, desired = hosts.length): PoolSight {
  const group = {
    ...{ min: 0, max: 9, desired, suspended: [], terminationHooks: ['jockey-drain'], protectsNew: true },
    ...{ instances: hosts.flatMap(({ machine }) => machine ?? []), tags: marksOf(OWNER).tags, lastFailure: null },
  };
  return {
    ...{ now: NOW, ...OWNER, kind: 'auto_scaling_group', group, groupTrouble: null, consulTrouble: null },
    ...{ mode: 'automatic', hosts, disagreements: [] },
    ...more,
  };
}

const leaves = (cause: PoolHostRecord['leavingCause'], seconds = 10): Partial<PoolHostRecord> => ({
  ...{ leavingCause: cause, leavingReason: 'why', leavingSince: NOW - seconds * 1000 },
});
const planned = (hosts: readonly PoolHostSight[], more?: Partial<PoolSight>, desired?: number): PoolHostStep[] =>
  planPoolHosts(sightOf(hosts, more, desired), RULES);
const kinds = (steps: readonly PoolHostStep[]): string[] => steps.map(({ kind }) => kind);
const held = { lifecycleState: 'Terminating:Wait' };

describe('planPoolHosts', () => {
  it('does nothing where all is well', () => {
    expect(planned([hostOf(1), hostOf(2)])).toEqual([]);
  });

  it('writes down what is new, and what changed', () => {
    expect(kinds(planned([hostOf(1, { record: null }), hostOf(2, { record: { host: null } })]))).toEqual([
      'note',
      'note',
    ]);
  });

  it('concludes nothing from a group that does not answer', () => {
    const hosts = [hostOf(1, { machine: null }), hostOf(2, { machine: null })];
    expect(planned(hosts, { group: null, groupTrouble: 'it asks to be asked less often' })).toEqual([]);
  });

  it('concludes nothing from a Consul that does not answer: who is not in it may have joined', () => {
    const record = { host: null, joinedAt: null, launchedAt: NOW - 3_600_000 };
    const late = hostOf(1, { host: null, record });
    expect(kinds(planned([late]))).toEqual(['leave']);
    expect(planned([late], { consulTrouble: 'it is away' })).toEqual([]);
    const going = hostOf(1, { host: null, machine: held, record: { ...record, ...leaves('group') } });
    expect(kinds(planned([going], { consulTrouble: 'it is away' }))).toEqual(['heartbeat']);
    expect(kinds(planned([going]))).toEqual(['release']);
  });

  it('leaves a group of another Jockey alone, but for what it writes down', () => {
    const sight = sightOf([hostOf(1, { machine: held, record: leaves('group') }), hostOf(2, { record: null })]);
    const tags = { 'jockey:installation': 'them' };
    const steps = planPoolHosts(
      { ...sight, group: sight.group && { ...sight.group, tags, protectsNew: false } },
      RULES,
    );
    expect(kinds(steps)).toEqual(['note']);
  });

  it('puts back what a group lacks, unless it only tells', () => {
    const sight = sightOf([hostOf(1, { machine: { protectedFromScaleIn: false }, record: { protected: false } })]);
    const bare = { ...sight, group: sight.group && { ...sight.group, terminationHooks: [], protectsNew: false } };
    expect(kinds(planPoolHosts(bare, RULES))).toEqual(['fit', 'protect']);
    expect(planPoolHosts({ ...bare, mode: 'advice' }, RULES)).toEqual([]);
  });

  it('forgets a machine that the group has no more, also where Consul still has its node', () => {
    expect(planned([hostOf(1, { machine: null })])).toMatchObject([{ kind: 'forget', recordId: '1' }]);
  });

  describe('of a machine that a hook holds', () => {
    it('has it leave, also where nothing is done by itself', () => {
      const steps = planned([hostOf(1, { machine: held })], { mode: 'advice' });
      expect(steps).toMatchObject([{ kind: 'leave', cause: 'group' }]);
      const sick = planned([hostOf(1, { machine: { ...held, healthy: false } })]);
      expect(sick).toMatchObject([{ kind: 'leave', cause: 'unhealthy' }]);
    });

    it('gives signs of life while it is emptied, and not at each look', () => {
      const load = { ...BUSY, ...LEAVING };
      const given = (heartbeatAt: number | null) =>
        kinds(planned([hostOf(1, { machine: held, record: { ...leaves('group'), heartbeatAt }, load })]));
      expect(given(null)).toEqual(['heartbeat']);
      expect(given(NOW - 60_000)).toEqual([]);
      expect(given(NOW - 150_000)).toEqual(['heartbeat']);
    });

    it('lets it go when nothing is on it, builds and release commands too, or its time is over', () => {
      const given = (load: PoolHostLoad, seconds = 10) =>
        kinds(planned([hostOf(1, { machine: held, record: { ...leaves('group', seconds), heartbeatAt: NOW }, load })]));
      expect(given({ ...EMPTY, ...LEAVING })).toEqual(['release']);
      expect(given({ ...EMPTY, ...LEAVING, tasks: 1 })).toEqual([]);
      expect(given({ ...BUSY, ...LEAVING }, 1799)).toEqual([]);
      expect(given({ ...BUSY, ...LEAVING }, 1800)).toEqual(['release']);
    });

    it('lets a lost one go when all that was on it was replaced', () => {
      const given = (wanted: number) => {
        const load = { ...BUSY, ...LEAVING, wanted, lostSince: NOW - 60_000 };
        const record = { ...leaves('unhealthy'), heartbeatAt: NOW };
        return kinds(planned([hostOf(1, { machine: held, record, load, host: { healthy: false } })]));
      };
      expect(given(1)).toEqual([]);
      expect(given(0)).toEqual(['release']);
    });
  });

  describe('of a host that leaves because fewer are needed', () => {
    const leaver = (number: number, load: PoolHostLoad = { ...EMPTY, ...LEAVING }) =>
      hostOf(number, { record: leaves('scale_in'), load });

    it('waits until it is empty, and then makes the group smaller by each', () => {
      expect(planned([leaver(1, { ...BUSY, ...LEAVING }), hostOf(2), hostOf(3)])).toEqual([]);
      const steps = planned([leaver(1), leaver(2), hostOf(3), hostOf(4)]);
      expect(steps).toMatchObject([
        { kind: 'terminate', machine: 'i-1', smaller: true, letGo: true },
        { kind: 'terminate', machine: 'i-2', smaller: true, letGo: true },
      ]);
    });

    it('never makes a group smaller that is already so', () => {
      const steps = planned([leaver(1), leaver(2), hostOf(3), hostOf(4)], {}, 3);
      expect(steps).toMatchObject([{ smaller: false }, { smaller: true }]);
      expect(planned([leaver(1), hostOf(3), hostOf(4)], {}, 2)).toMatchObject([{ smaller: false }]);
    });

    it('ends none where it only tells', () => {
      expect(planned([leaver(1), hostOf(3), hostOf(4)], { mode: 'advice' })).toEqual([]);
    });

    it('asks for its end once, and again only after a while', () => {
      const given = (releasedAt: number) =>
        planned([hostOf(1, { record: { ...leaves('scale_in'), releasedAt }, load: { ...EMPTY, ...LEAVING } })]);
      expect(given(NOW - 5_000)).toEqual([]);
      expect(kinds(given(NOW - 60_000))).toEqual(['terminate']);
    });

    it('keeps it when somebody lets it take instances again; what leaves in any case is cordoned again', () => {
      expect(kinds(planned([hostOf(1, { record: leaves('scale_in'), load: BUSY })]))).toEqual(['stay']);
      expect(kinds(planned([hostOf(1, { record: leaves('never_joined'), load: BUSY })]))).toEqual(['empty']);
    });
  });

  it('ends a machine that is taken back at once where a hook holds it, and else when it is empty', () => {
    const hosts = [hostOf(1, { record: leaves('spot_interruption'), load: { ...BUSY, ...LEAVING } })];
    expect(planned(hosts)).toMatchObject([{ kind: 'terminate', smaller: false, letGo: false }]);
    const sight = sightOf(hosts, { mode: 'automatic' });
    const bare = { ...sight, group: sight.group && { ...sight.group, terminationHooks: ['another'] } };
    expect(kinds(planPoolHosts(bare, RULES))).toContain('fit');
    const none = { ...sight, group: sight.group && { ...sight.group, terminationHooks: [] } };
    expect(kinds(planPoolHosts(none, RULES))).toEqual(['fit']);
  });

  it('replaces what never joined, and what is lost for too long, one after the other', () => {
    const record = { host: null, joinedAt: null, launchedAt: NOW - 601_000 };
    const mute = [hostOf(1, { host: null, record }), hostOf(2, { host: null, record })];
    expect(planned(mute)).toMatchObject([{ kind: 'leave', recordId: '1', cause: 'never_joined' }]);
    const load = { ...BUSY, lostSince: NOW - 601_000 };
    const lost = hostOf(3, { host: { healthy: false }, load });
    expect(planned([lost])).toMatchObject([{ kind: 'leave', cause: 'unhealthy' }]);
    expect(planned([lost], { mode: 'advice' })).toEqual([]);
    const waiting = hostOf(4, { host: null, record: { ...record, launchedAt: NOW - 599_000 } });
    expect(planned([waiting])).toEqual([]);
  });

  it('only writes down the hosts of a static pool, and forgets one that is gone when nothing is on it', () => {
    const of = (given: Given) => hostOf(1, { machine: null, ...given });
    const given = (each: PoolHostSight) => kinds(planned([each], { kind: 'static', group: null }));
    const instanceId = null;
    expect(given(of({ record: null }))).toEqual(['note']);
    expect(given(of({ record: { instanceId }, load: { ...EMPTY, draining: true } }))).toEqual([]);
    expect(given(of({ host: null, record: { instanceId }, load: BUSY }))).toEqual([]);
    expect(given(of({ host: null, record: { instanceId } }))).toEqual(['forget']);
  });
});

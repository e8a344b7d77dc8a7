import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { LaunchSettings } from '../../src/domain/host-pool/host-pool.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { GroupInstance, GroupRef, GroupSeen, HostGroups } from '../../src/ports/host-groups.js';
import { eventually } from '../support/eventually.js';
import { freshName } from './cluster.js';

/** What goes wrong with the cloud. */
export type CloudTrouble = 'throttle' | 'expire' | 'deny';

/** What the suite needs of a side, fake or real. */
export interface HostGroupsSetUp {
  readonly groups: HostGroups;
  readonly region: string;
  /** What machines can be started from. */
  readonly launch: LaunchSettings;
  /** Makes a group as somebody does by hand: without hook, protection or tags. */
  makeByHand(ref: GroupRef, desired: number): Promise<void>;
  resizeByHand(ref: GroupRef, desired: number): Promise<void>;
  deleteByHand(ref: GroupRef): Promise<void>;
  /** From now on the cloud has so many machines for a group; null: as many as it wants. */
  setStock(count: number | null): Promise<void>;
  /** Has every call of this action fail, until mended. */
  trouble(kind: CloudTrouble, action: string): Promise<void>;
  mend(): Promise<void>;
  close(): Promise<void>;
}

const HOOK = 'jockey-drain';
const HELD = 'Terminating:Wait';
const FITTING = { hook: HOOK, heartbeatSeconds: 600, tags: { 'jockey:installation': 'one' } };

/** What every implementation of {@link HostGroups} holds. */
export function hostGroupsContract(name: string, begin: () => Promise<HostGroupsSetUp>): void {
  describe(`HostGroups, ${name}`, () => {
    const made: GroupRef[] = [];
    let side: HostGroupsSetUp;
    let groups: HostGroups;

    beforeAll(async () => {
      side = await begin();
      groups = side.groups;
    });
    afterEach(async () => {
      await side.mend();
      await side.setStock(null);
      for (const ref of made.splice(0)) await groups.remove(ref);
    });
    afterAll(() => side?.close());

    function fresh(): GroupRef {
      const ref = { region: side.region, name: freshName('web') };
      made.push(ref);
      return ref;
    }

    /** A group made by hand whose machines are in service; fitted unless told. */
    async function aGroup(desired: number, fitted = true): Promise<GroupRef> {
      const ref = fresh();
      await side.makeByHand(ref, desired);
      if (fitted) await groups.fit(ref, FITTING);
      await until(ref, 'all machines to serve', ({ instances }) => inService(instances).length === desired);
      return ref;
    }

    async function seen(ref: GroupRef): Promise<GroupSeen> {
      const group = await groups.read(ref);
      if (group === null) throw new Error(`there is no group ${ref.name}`);
      return group;
    }

    const until = (ref: GroupRef, what: string, condition: (group: GroupSeen) => boolean): Promise<GroupSeen> =>
      eventually(what, async () => {
        const group = await seen(ref);
        return condition(group) && group;
      });

    const idsOf = async (ref: GroupRef): Promise<string[]> => (await seen(ref)).instances.map(({ id }) => id);

    /** A machine of a fitted group that its hook holds. */
    async function held(ref: GroupRef, smaller = true): Promise<string> {
      const [id = ''] = await idsOf(ref);
      await groups.terminate(ref, id, smaller);
      await until(ref, `${id} to be held`, ({ instances }) => stateOf(instances, id) === HELD);
      return id;
    }

    describe('read', () => {
      it('tells a group with its machines', async () => {
        const ref = await aGroup(2, false);
        const group = await seen(ref);
        expect(group).toMatchObject({ min: 0, desired: 2, suspended: [], terminationHooks: [], protectsNew: false });
        expect(group.max).toBeGreaterThanOrEqual(2);
        expect(group.instanceTypes).not.toEqual([]);
        expect(group.lastFailure).toBeNull();
        expect(group.instances).toHaveLength(2);
        for (const machine of group.instances) {
          expect(machine).toMatchObject({ healthy: true, protectedFromScaleIn: false });
          expect(machine.id).toMatch(/^i-[0-9a-f]{17}$/);
          expect(machine.address).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
          expect(machine.zone).toContain(ref.region);
          expect(group.instanceTypes).toContain(machine.instanceType);
          expect(machine.launchedAt).toBeGreaterThan(1_600_000_000_000);
        }
      });

      it('tells null where there is none, never made or deleted by hand', async () => {
        expect(await groups.read(fresh())).toBeNull();
        const ref = await aGroup(1, false);
        await side.deleteByHand(ref);
        expect(await groups.read(ref)).toBeNull();
      });

      it('tells why there are fewer machines than desired, as long as there are', async () => {
        const ref = await aGroup(1, false);
        await side.setStock(1);
        await groups.update(ref, { desired: 2 });
        const poor = await until(ref, 'the failure', ({ lastFailure }) => lastFailure !== null);
        expect(poor.lastFailure).toMatch(/capacity/i);
        await groups.update(ref, { desired: 1 });
        await until(ref, 'no failure', ({ lastFailure }) => lastFailure === null);
      });
    });

    describe('create', () => {
      it('makes a group whose machines are protected', async () => {
        const ref = fresh();
        const tags = { 'jockey:installation': 'one' };
        const wanted = { min: 1, max: 3, desired: 2, launch: side.launch, userData: '#cloud-config\n', tags };
        await groups.create(ref, wanted);
        const group = await until(ref, 'two machines', ({ instances }) => inService(instances).length === 2);
        expect(group).toMatchObject({ min: 1, max: 3, desired: 2, protectsNew: true, tags });
        expect(group.instanceTypes).toEqual(side.launch.instanceTypes);
        expect(group.instances.map((each) => each.protectedFromScaleIn)).toEqual([true, true]);
      });

      it('refuses a name that is taken, and leaves what is there alone', async () => {
        const ref = await aGroup(1, false);
        const wanted = { min: 0, max: 9, desired: 0, launch: side.launch, userData: '', tags: {} };
        await expectFault(groups.create(ref, wanted), 'conflict', ref.name);
        expect((await seen(ref)).desired).toBe(1);
      });
    });

    describe('fit', () => {
      it('gives hook, protection and tags, however often, and keeps the tags of others', async () => {
        const ref = await aGroup(1, false);
        await groups.fit(ref, { ...FITTING, tags: { ...FITTING.tags, owner: 'ann' } });
        await groups.fit(ref, FITTING);
        const group = await seen(ref);
        expect(group).toMatchObject({ terminationHooks: [HOOK], protectsNew: true });
        expect(group.tags).toMatchObject({ 'jockey:installation': 'one', owner: 'ann' });
        await groups.update(ref, { desired: 2 });
        const { instances } = await until(ref, 'two machines', (each) => inService(each.instances).length === 2);
        expect(instances.map((each) => each.protectedFromScaleIn).sort()).toEqual([false, true]);
      });

      it('says which group is not there', async () => {
        const ref = fresh();
        await expectFault(groups.fit(ref, FITTING), 'not_found', ref.name);
      });
    });

    describe('update', () => {
      it('changes what is said and nothing else', async () => {
        const ref = await aGroup(1);
        const { max } = await seen(ref);
        await groups.update(ref, { desired: 3 });
        await until(ref, 'three machines', ({ instances }) => inService(instances).length === 3);
        expect(await seen(ref)).toMatchObject({ min: 0, max, desired: 3 });
        await groups.update(ref, { min: 2, max: 4 });
        expect(await seen(ref)).toMatchObject({ min: 2, max: 4, desired: 3 });
      });

      it('holds machines that are too many, but never a protected one', async () => {
        const ref = await aGroup(3);
        const [one = '', ...others] = await idsOf(ref);
        await groups.protect(ref, others, true);
        await groups.update(ref, { desired: 1 });
        const group = await until(ref, 'one to be held', ({ instances }) => stateOf(instances, one) === HELD);
        expect(
          inService(group.instances)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(others.sort());
        expect(group.desired).toBe(1);
      });

      it('refuses what is outside of the limits, and says which group is not there', async () => {
        const ref = await aGroup(1);
        const { max } = await seen(ref);
        await expectFault(groups.update(ref, { desired: max + 1 }), 'unprocessable_entity', ref.name);
        const gone = fresh();
        await expectFault(groups.update(gone, { desired: 1 }), 'not_found', gone.name);
      });
    });

    describe('relaunch', () => {
      it('has machines started from other settings from now on', async () => {
        const ref = await aGroup(0);
        const launch = { ...side.launch, instanceTypes: [...side.launch.instanceTypes].reverse() };
        await groups.relaunch(ref, launch, '#cloud-config\n# other\n');
        await groups.relaunch(ref, launch, '#cloud-config\n# another\n');
        await groups.update(ref, { desired: 1 });
        const group = await until(ref, 'a machine', ({ instances }) => inService(instances).length === 1);
        expect(group.instanceTypes).toEqual(launch.instanceTypes);
        expect(group.instances[0]?.instanceType).toBe(launch.instanceTypes[0]);
      });

      it('says which group is not there', async () => {
        const ref = fresh();
        await expectFault(groups.relaunch(ref, side.launch, ''), 'not_found', ref.name);
      });
    });

    describe('protect', () => {
      it('protects machines and takes it back', async () => {
        const ref = await aGroup(2);
        const [one = '', other = ''] = await idsOf(ref);
        await groups.protect(ref, [one], true);
        const protectedIds = async () =>
          (await seen(ref)).instances.filter((each) => each.protectedFromScaleIn).map(({ id }) => id);
        expect(await protectedIds()).toEqual([one]);
        await groups.protect(ref, [one, other], true);
        await groups.protect(ref, [one], false);
        expect(await protectedIds()).toEqual([other]);
        await groups.protect(ref, [], true);
        expect(await protectedIds()).toEqual([other]);
      });
    });

    describe('terminate', () => {
      it('lets the group get smaller by the machine that was chosen, once however often it is said', async () => {
        const ref = await aGroup(3);
        const [, chosen = '', ...others] = await idsOf(ref);
        await groups.terminate(ref, chosen, true);
        await groups.terminate(ref, chosen, true);
        const group = await until(ref, 'it to be held', ({ instances }) => stateOf(instances, chosen) === HELD);
        expect(group.desired).toBe(2);
        expect(inService(group.instances)).toHaveLength(2);
        expect(inService(group.instances).map(({ id }) => id)).toEqual(expect.arrayContaining(others));
      });

      it('has another started in its place where the group shall not get smaller', async () => {
        const ref = await aGroup(1);
        const id = await held(ref, false);
        const group = await until(ref, 'another', ({ instances }) => inService(instances).length === 1);
        expect(group.desired).toBe(1);
        expect(inService(group.instances)[0]?.id).not.toBe(id);
      });

      it('ends a protected one too: it is chosen', async () => {
        const ref = await aGroup(2);
        const [one = ''] = await idsOf(ref);
        await groups.protect(ref, [one], true);
        await groups.terminate(ref, one, true);
        await until(ref, 'it to be held', ({ instances }) => stateOf(instances, one) === HELD);
      });

      it('is done for one that is gone, and refused below the minimum', async () => {
        const ref = await aGroup(1);
        await groups.terminate(ref, 'i-0123456789abcdef0', true);
        expect((await seen(ref)).desired).toBe(1);
        await groups.update(ref, { min: 1 });
        const [one = ''] = await idsOf(ref);
        await expectFault(groups.terminate(ref, one, true), 'unprocessable_entity', one);
      });

      it('ends one at once where no hook holds it', async () => {
        const ref = await aGroup(1, false);
        const [one = ''] = await idsOf(ref);
        await groups.terminate(ref, one, true);
        await until(ref, 'it to be gone', ({ instances }) => instances.length === 0);
      });
    });

    describe('a held machine', () => {
      it('stays while there are signs of life, and goes when it is released', async () => {
        const ref = await aGroup(1);
        const instance = await held(ref);
        await groups.heartbeat(ref, { hook: HOOK, instance });
        expect(stateOf((await seen(ref)).instances, instance)).toBe(HELD);
        await groups.release(ref, { hook: HOOK, instance });
        await until(ref, 'it to be gone', ({ instances }) => stateOf(instances, instance) === null);
      });

      it('that is gone is released already, and has no sign of life', async () => {
        const ref = await aGroup(1);
        const instance = await held(ref);
        await groups.release(ref, { hook: HOOK, instance });
        await until(ref, 'it to be gone', ({ instances }) => stateOf(instances, instance) === null);
        await groups.release(ref, { hook: HOOK, instance });
        await expectFault(groups.heartbeat(ref, { hook: HOOK, instance }), 'not_found', ref.name);
      });

      it('of a group that is gone is released', async () => {
        await expect(groups.release(fresh(), { hook: HOOK, instance: 'i-0123456789abcdef0' })).resolves.toBeUndefined();
      });

      it('is held too when somebody makes the group smaller by hand', async () => {
        const ref = await aGroup(2);
        await side.resizeByHand(ref, 1);
        const { instances } = await until(ref, 'one to be held', (group) =>
          group.instances.some(({ lifecycleState }) => lifecycleState === HELD),
        );
        expect(inService(instances)).toHaveLength(1);
      });
    });

    describe('remove', () => {
      it('takes the group with its machines, held ones too, and is done when it is gone', async () => {
        const ref = await aGroup(2);
        await held(ref);
        await groups.remove(ref);
        await eventually('it to be gone', async () => (await groups.read(ref)) === null);
        await expect(groups.remove(ref)).resolves.toBeUndefined();
      });
    });

    describe('offerOf', () => {
      it('tells what the smallest has', async () => {
        const small = { memoryMb: 2_048, cpus: 2 };
        expect(await groups.offerOf(side.region, ['m5.xlarge', 't3.small'])).toEqual(small);
        expect(await groups.offerOf(side.region, ['m5.xlarge'])).toEqual({ memoryMb: 16_384, cpus: 4 });
      });

      it('tells null where none is known', async () => {
        expect(await groups.offerOf(side.region, ['z9.enormous'])).toBeNull();
        expect(await groups.offerOf(side.region, [])).toBeNull();
      });
    });

    describe('a cloud in trouble', () => {
      it.each([
        ['throttle', /less often/],
        ['expire', /credentials.* have expired/],
        ['deny', /autoscaling:UpdateAutoScalingGroup/],
      ] as const)('%s: it says what is wrong', async (kind, words) => {
        const ref = await aGroup(1);
        await side.trouble(kind, 'UpdateAutoScalingGroup');
        const error = await expectFault(groups.update(ref, { desired: 2 }), 'unavailable', ref.name);
        expect(error.message).toMatch(words);
        await side.mend();
        expect((await seen(ref)).desired).toBe(1);
      });
    });
  });
}

function inService(instances: readonly GroupInstance[]): readonly GroupInstance[] {
  return instances.filter(({ lifecycleState }) => lifecycleState === 'InService');
}

/** Null for one that is gone. */
function stateOf(instances: readonly GroupInstance[], id: string): string | null {
  return instances.find((each) => each.id === id)?.lifecycleState ?? null;
}

/** Expects a DomainError whose sentence names the thing. */
async function expectFault(deed: Promise<unknown>, code: DomainError['code'], thing: string): Promise<DomainError> {
  const error: unknown = await deed.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DomainError);
  expect(error).toMatchObject({ code });
  expect((error as DomainError).message).toContain(thing);
  return error as DomainError;
}

import { SystemClock } from '../../src/adapters/clock/system-clock.js';
import type { Resources } from '../../src/domain/host/host.js';
import type { LaunchSettings } from '../../src/domain/host-pool/host-pool.js';
import { DomainError } from '../../src/domain/kernel/errors.js';
import type { Clock } from '../../src/ports/clock.js';
import type {
  GroupChange,
  GroupFitting,
  GroupInstance,
  GroupRef,
  GroupSeen,
  GroupWanted,
  HeldInstance,
  HostGroups,
} from '../../src/ports/host-groups.js';
import type { FakeHostNotices } from './fake-host-notices.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** A machine of the fake cloud. */
export type FakeInstance = Mutable<GroupInstance>;

/** A group of the fake cloud; a test may change it as somebody does by hand, and then calls `settle`. */
export interface FakeGroup {
  readonly ref: GroupRef;
  min: number;
  max: number;
  desired: number;
  instances: FakeInstance[];
  suspended: string[];
  /** Seconds without a sign of life after which a hook lets go, by the hook's name. */
  readonly hooks: Map<string, number>;
  protectsNew: boolean;
  instanceTypes: string[];
  tags: Record<string, string>;
  lastFailure: string | null;
  /** What its next hosts are started with; null for a group that was made elsewhere. */
  launch: LaunchSettings | null;
  userData: string | null;
  /** False: new machines stay `Pending` until `arrive`. */
  startsAtOnce: boolean;
  /** Why no machine can be launched: it gets the `lastFailure`; null: they can. */
  cannotLaunch: string | null;
}

/** One question to the cloud. */
export interface GroupCall {
  readonly method: keyof HostGroups;
  /** Name of the group; the region for what is about none. */
  readonly group: string;
  /** The machine or machines that it is about. */
  readonly about: string;
}

/** What goes wrong with the cloud, for `before`: `groups.before = () => { throw GROUP_FAULTS.throttled(); }`. */
export const GROUP_FAULTS = {
  throttled: (action = 'autoscaling:DescribeAutoScalingGroups', group = 'web') =>
    failed(action, group, 'it asks to be asked less often; Jockey asks again later (Throttling: Rate exceeded)'),
  expired: (action = 'autoscaling:DescribeAutoScalingGroups', group = 'web') =>
    failed(action, group, 'the credentials of Jockey have expired: give it new ones (ExpiredToken)'),
  denied: (action = 'autoscaling:DescribeAutoScalingGroups', group = 'web') =>
    failed(action, group, `Jockey lacks the right ${action}: allow it in its IAM policy (AccessDenied)`),
} as const;

function failed(action: string, group: string, why: string): DomainError {
  return new DomainError('unavailable', `${action} of the Auto Scaling Group ${group} in eu-central-1 failed: ${why}.`);
}

const HELD = 'Terminating:Wait';

/**
 * A cloud with groups of machines, in memory. It keeps as many as a group desires, holds those that are to terminate
 * where the group has a hook, and spares protected ones. What it does by itself it does at once.
 */
export class FakeHostGroups implements HostGroups {
  /** By `region/name`. */
  readonly groups = new Map<string, FakeGroup>();
  /** All that was asked, oldest first. */
  readonly calls: GroupCall[] = [];
  /** What kinds of machine have. */
  readonly offers = new Map<string, Resources>([
    ['t3.small', { memoryMb: 2_048, cpus: 2 }],
    ['t3.large', { memoryMb: 8_192, cpus: 2 }],
    ['m5.large', { memoryMb: 8_192, cpus: 2 }],
    ['m5.xlarge', { memoryMb: 16_384, cpus: 4 }],
  ]);
  /** Runs before every question: may wait, or throw in its place; see {@link GROUP_FAULTS}. */
  before: (call: GroupCall) => Promise<void> | void = () => undefined;
  /** Runs when a machine comes into service: a test lets it join Consul here. */
  onInService: (group: FakeGroup, instance: FakeInstance) => void = () => undefined;
  /** Runs when a machine is gone. */
  onGone: (group: FakeGroup, instance: FakeInstance) => void = () => undefined;
  private launched = 0;
  private stock: number | null = null;

  constructor(
    private readonly notices: FakeHostNotices | null = null,
    private readonly clock: Clock = new SystemClock(),
  ) {}

  /** Adds a group as somebody made it by hand: without hook, protection or tags, of so many machines as it desires. */
  add(ref: GroupRef, options: Partial<Omit<FakeGroup, 'ref' | 'instances'>> = {}): FakeGroup {
    const group: FakeGroup = {
      ref,
      min: 0,
      max: 10,
      desired: 0,
      instances: [],
      suspended: [],
      hooks: new Map(),
      protectsNew: false,
      instanceTypes: ['t3.large'],
      tags: {},
      lastFailure: null,
      launch: null,
      userData: null,
      startsAtOnce: true,
      cannotLaunch: null,
      ...options,
    };
    this.groups.set(keyOf(ref), group);
    this.settle(group);
    return group;
  }

  /** The group of this name in any region; throws where there is none. */
  group(name: string): FakeGroup {
    const group = [...this.groups.values()].find(({ ref }) => ref.name === name);
    if (group === undefined) throw new Error(`the fake cloud has no group ${name}`);
    return group;
  }

  /** As when somebody deletes it by hand: its machines go without being held. */
  delete(name: string): void {
    const group = this.group(name);
    this.groups.delete(keyOf(group.ref));
    for (const instance of [...group.instances]) this.drop(group, instance);
  }

  /** As when somebody sets how many it desires by hand; which machines go is the group's choice then. */
  resize(name: string, desired: number): void {
    const group = this.group(name);
    group.desired = desired;
    this.settle(group);
  }

  /** From now on no group gets more machines than so many; null: as many as it wants. */
  setStock(count: number | null): void {
    this.stock = count;
  }

  /** Brings machines that are `Pending` into service, one or all. */
  arrive(name: string, instance?: string): void {
    const group = this.group(name);
    for (const each of group.instances)
      if (each.lifecycleState === 'Pending' && (instance ?? each.id) === each.id) this.serve(group, each);
  }

  /** As the group does with a machine that it holds for unhealthy: it goes by the hook, and another comes. */
  fail(name: string, instance: string): void {
    const group = this.group(name);
    const found = this.instance(group, instance);
    found.healthy = false;
    this.end(group, found);
    this.settle(group);
  }

  /** As when a machine dies, or is taken back without a hook: it is gone at once, and another comes. */
  lose(name: string, instance: string): void {
    const group = this.group(name);
    this.drop(group, this.instance(group, instance));
    this.settle(group);
  }

  /** As when a held machine gave no sign of life for too long: the hook lets it go. */
  timeOut(name: string, instance: string): void {
    const group = this.group(name);
    const found = this.instance(group, instance);
    if (found.lifecycleState === HELD) this.drop(group, found);
  }

  /** Does what the group does by itself: launches what lacks, ends what is too many. */
  settle(group: FakeGroup): void {
    const counted = () => group.instances.filter(({ lifecycleState }) => !lifecycleState.startsWith('Terminating'));
    if (!group.suspended.includes('Launch'))
      while (counted().length < group.desired && this.canLaunch(group)) this.launch(group);
    if (group.suspended.includes('Terminate')) return;
    const spare = counted().filter(({ protectedFromScaleIn }) => !protectedFromScaleIn);
    for (const instance of spare.slice(0, Math.max(0, counted().length - group.desired))) this.end(group, instance);
  }

  async read(ref: GroupRef): Promise<GroupSeen | null> {
    await this.ask('read', ref);
    const group = this.groups.get(keyOf(ref));
    if (group === undefined) return null;
    const { min, max, desired, suspended, hooks, protectsNew, instanceTypes, tags } = group;
    const serving = group.instances.filter(({ lifecycleState }) => lifecycleState === 'InService');
    return structuredClone({
      min,
      max,
      desired,
      instances: group.instances,
      suspended,
      terminationHooks: [...hooks.keys()],
      protectsNew,
      instanceTypes,
      tags,
      lastFailure: serving.length < desired ? group.lastFailure : null,
    });
  }

  async create(ref: GroupRef, wanted: GroupWanted): Promise<void> {
    await this.ask('create', ref);
    if (this.groups.has(keyOf(ref)))
      throw new DomainError('conflict', `There is a group ${ref.name} in ${ref.region} already.`);
    const { min, max, desired, launch, userData, tags } = wanted;
    checkLimits(ref, { min, max, desired });
    const instanceTypes = [...launch.instanceTypes];
    this.add(ref, { min, max, desired, launch, userData, instanceTypes, tags: { ...tags }, protectsNew: true });
  }

  async fit(ref: GroupRef, { hook, heartbeatSeconds, tags }: GroupFitting): Promise<void> {
    await this.ask('fit', ref);
    const group = this.require(ref);
    group.hooks.set(hook, heartbeatSeconds);
    group.protectsNew = true;
    Object.assign(group.tags, tags);
  }

  async update(ref: GroupRef, change: GroupChange): Promise<void> {
    await this.ask('update', ref, JSON.stringify(change));
    const group = this.require(ref);
    const { min = group.min, max = group.max } = change;
    const desired = change.desired ?? Math.min(Math.max(group.desired, min), max);
    checkLimits(ref, { min, max, desired });
    Object.assign(group, { min, max, desired });
    this.settle(group);
  }

  async relaunch(ref: GroupRef, launch: LaunchSettings, userData: string): Promise<void> {
    await this.ask('relaunch', ref);
    Object.assign(this.require(ref), { launch, userData, instanceTypes: [...launch.instanceTypes] });
  }

  async remove(ref: GroupRef): Promise<void> {
    await this.ask('remove', ref);
    if (this.groups.has(keyOf(ref))) this.delete(ref.name);
  }

  async protect(ref: GroupRef, instances: readonly string[], isProtected: boolean): Promise<void> {
    await this.ask('protect', ref, `${instances.join(' ')} ${isProtected}`);
    const group = this.require(ref);
    for (const each of instances.map((id) => this.requireInstance(group, id))) each.protectedFromScaleIn = isProtected;
    this.settle(group);
  }

  async terminate(ref: GroupRef, id: string, smaller: boolean): Promise<void> {
    await this.ask('terminate', ref, id);
    const group = this.groups.get(keyOf(ref));
    const instance = group?.instances.find((each) => each.id === id);
    if (group === undefined || instance === undefined || instance.lifecycleState === HELD) return;
    if (smaller && group.desired - 1 < group.min)
      throw new DomainError(
        'unprocessable_entity',
        `The machine ${id} cannot go: the group ${ref.name} has its minimum of ${group.min}.`,
      );
    if (smaller) group.desired -= 1;
    this.end(group, instance);
    this.settle(group);
  }

  async heartbeat(ref: GroupRef, held: HeldInstance): Promise<void> {
    await this.ask('heartbeat', ref, held.instance);
    if (this.heldOne(this.require(ref), held) === undefined)
      throw new DomainError('not_found', `The hook ${held.hook} of the group ${ref.name} holds no ${held.instance}.`);
  }

  async release(ref: GroupRef, held: HeldInstance): Promise<void> {
    await this.ask('release', ref, held.instance);
    const group = this.groups.get(keyOf(ref));
    const instance = group && this.heldOne(group, held);
    if (group !== undefined && instance !== undefined) this.drop(group, instance);
  }

  async offerOf(region: string, instanceTypes: readonly string[]): Promise<Resources | null> {
    await this.ask('offerOf', { region, name: region }, instanceTypes.join(' '));
    const known = instanceTypes.flatMap((each) => this.offers.get(each) ?? []);
    if (known.length === 0) return null;
    return {
      memoryMb: Math.min(...known.map(({ memoryMb }) => memoryMb)),
      cpus: Math.min(...known.map(({ cpus }) => cpus)),
    };
  }

  private async ask(method: GroupCall['method'], { name }: GroupRef, about = ''): Promise<void> {
    const call = { method, group: name, about };
    this.calls.push(call);
    await this.before(call);
  }

  private canLaunch(group: FakeGroup): boolean {
    const isShort = this.stock !== null && group.instances.length >= this.stock;
    const why = group.cannotLaunch ?? (isShort ? 'We currently do not have sufficient capacity.' : null);
    if (why !== null) group.lastFailure = why;
    return why === null;
  }

  private launch(group: FakeGroup): void {
    const number = (this.launched += 1);
    const instance: FakeInstance = {
      id: `i-${String(number).padStart(17, '0')}`,
      lifecycleState: 'Pending',
      healthy: true,
      protectedFromScaleIn: group.protectsNew,
      instanceType: group.instanceTypes[0] ?? null,
      zone: `${group.ref.region}${'abc'.charAt(number % 3)}`,
      address: `10.2.${Math.floor(number / 250)}.${(number % 250) + 1}`,
      launchedAt: this.clock.now(),
    };
    group.instances.push(instance);
    if (group.startsAtOnce) this.serve(group, instance);
  }

  private serve(group: FakeGroup, instance: FakeInstance): void {
    instance.lifecycleState = 'InService';
    group.lastFailure = null;
    this.onInService(group, instance);
  }

  /** Ends one: where there is a hook, it is held, and a notice says so. */
  private end(group: FakeGroup, instance: FakeInstance): void {
    if (group.hooks.size === 0 || instance.lifecycleState !== 'InService') return this.drop(group, instance);
    instance.lifecycleState = HELD;
    const { region, name } = group.ref;
    this.notices?.send({ kind: 'terminating', region, instance: instance.id, group: name });
  }

  private drop(group: FakeGroup, instance: FakeInstance): void {
    group.instances = group.instances.filter((each) => each !== instance);
    this.onGone(group, instance);
  }

  private instance(group: FakeGroup, id: string): FakeInstance {
    const found = group.instances.find((each) => each.id === id);
    if (found === undefined) throw new Error(`the group ${group.ref.name} has no machine ${id}`);
    return found;
  }

  private heldOne(group: FakeGroup, { hook, instance }: HeldInstance): FakeInstance | undefined {
    if (!group.hooks.has(hook)) return undefined;
    return group.instances.find(({ id, lifecycleState }) => id === instance && lifecycleState === HELD);
  }

  private require(ref: GroupRef): FakeGroup {
    const group = this.groups.get(keyOf(ref));
    if (group === undefined)
      throw new DomainError('not_found', `There is no Auto Scaling Group ${ref.name} in ${ref.region}.`);
    return group;
  }

  private requireInstance(group: FakeGroup, id: string): FakeInstance {
    const found = group.instances.find((each) => each.id === id);
    if (found === undefined)
      throw new DomainError('not_found', `The group ${group.ref.name} has no machine ${id} any more.`);
    return found;
  }
}

function keyOf({ region, name }: GroupRef): string {
  return `${region}/${name}`;
}

function checkLimits({ name }: GroupRef, { min, max, desired }: Required<GroupChange>): void {
  if (min > max || desired < min || desired > max)
    throw new DomainError(
      'unprocessable_entity',
      `The group ${name} cannot have ${desired} machines between ${min} and ${max}.`,
    );
}

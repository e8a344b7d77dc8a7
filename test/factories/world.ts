import type { Resources } from '../../src/domain/host/host.js';
import { addResources } from '../../src/domain/host/resources.js';
import type { Instance } from '../../src/domain/instance/instance.js';
import { type InstanceStep, ROUTERS_SEE_AFTER } from '../../src/domain/instance/plan-instance.js';
import { type Leaving, placeWaves } from '../../src/domain/placement/place-waves.js';
import { planReconcile, type ReconcilePlan } from '../../src/domain/reconcile/plan-reconcile.js';
import type {
  AskedRestart,
  LastAttempt,
  MissingInstance,
  ReconcileSnapshot,
  WantedWorker,
} from '../../src/domain/reconcile/reconcile-snapshot.js';
import { planRollout, type RolloutPlan, type RolloutSnapshot } from '../../src/domain/rollout/plan-rollout.js';
import { spreadOn } from '../../src/domain/reconcile/spread.js';
import { rolloutNeeds } from '../../src/domain/rollout/rollout-needs.js';
import { Chance } from './chance.js';
import { anInstance } from './instances.js';
import { need } from './placement.js';
import {
  age,
  type Fate,
  land,
  nextEventOf,
  seenOf,
  servingContainer,
  takesRoom,
  type ToyContainer,
  toyContainer,
} from './toy-container.js';
import { candidateOf, standingOf, type ToyHost } from './toy-host.js';

/** What a world begins with. */
export interface Beginning {
  readonly seed: number;
  readonly hosts: readonly ToyHost[];
  /** What deploy 1 runs; null where nothing was ever deployed. */
  readonly current: readonly WantedWorker[] | null;
  /** What becomes of the containers that are started, one after another; behind the last all work. */
  readonly fates: readonly Fate[];
}

/** A rollout that is under way. */
interface ToyRollout {
  readonly id: string;
  readonly workers: readonly WantedWorker[];
  begunAt: number;
  continuedAt: number | null;
  paused: boolean;
  failing: boolean;
}

/** A plan, and what it was made from. */
export type Planned =
  | { readonly kind: 'rollout'; readonly snapshot: RolloutSnapshot; readonly plan: RolloutPlan }
  | { readonly kind: 'reconcile'; readonly snapshot: ReconcileSnapshot; readonly plan: ReconcilePlan };

/** How long a lost host's instances wait for it, in milliseconds. */
const GRACE = 10_000;

/**
 * A toy of Docker, Consul, Postgres and the engine between them, for property tests: it looks and plans as the engine
 * does, and its steps land one by one in any order, late, or on hosts that do not answer.
 */
export class World {
  now = 1_000_000;
  current: { readonly id: string; readonly workers: readonly WantedWorker[] } | null;
  rollout: ToyRollout | null = null;
  restarts: AskedRestart[] = [];
  /** Ids of deploys that ended, and how. */
  readonly ended = new Map<string, 'deployed' | 'failed'>();
  /** Told of every plan before it is applied. */
  onPlan: (planned: Planned) => void = () => undefined;
  /** Told after everything that changed. */
  onChange: () => void = () => undefined;
  /** Hosts that Consul once forgot: what is on them may run beside what took its place. */
  readonly writtenOff = new Set<string>();
  /** Ids of instances as they were told to stop. */
  readonly stops: string[] = [];
  readonly chance: Chance;
  readonly hosts: Map<string, ToyHost>;
  readonly containers = new Map<string, ToyContainer>();
  private readonly flying = new Map<string, InstanceStep>();
  private started = 0;
  private dueAt: number | null = null;

  constructor(readonly given: Beginning) {
    this.chance = new Chance(given.seed);
    this.hosts = new Map(given.hosts.map((host) => [host.name, { ...host }]));
    this.current = given.current === null ? null : { id: '1', workers: given.current };
    for (const missing of (given.current ?? []).flatMap((worker) => slotsOf(worker, '1'))) this.put(missing, 'serving');
  }

  /** Everything that is not stopped. */
  living(): ToyContainer[] {
    return [...this.containers.values()].filter(({ instance }) => instance.state !== 'stopped');
  }

  /** How many of a worker routers find now; of one deploy where it is given. */
  serving(workerId: string, deployId?: string): number {
    return this.living().filter(
      ({ instance, passing, foundSince }) =>
        instance.workerId === workerId &&
        (deployId === undefined || instance.deployId === deployId) &&
        passing &&
        foundSince !== null &&
        foundSince + ROUTERS_SEE_AFTER <= this.now,
    ).length;
  }

  /** Begins a rollout as the engine does; false where it has no place for everything. */
  begin(id: string, workers: readonly WantedWorker[]): boolean {
    const instances = this.living().map(({ instance }) => instance);
    const currentDeployId = this.current?.id ?? null;
    const { missing, leaving } = rolloutNeeds({ deployId: id, workers, instances, currentDeployId });
    if (!this.reserve(missing, leaving, 'all').every(({ host }) => host !== null)) return false;
    const fresh = { continuedAt: null, paused: false, failing: false };
    this.rollout = { id, workers, begunAt: this.now, ...fresh };
    return true;
  }

  /** Says that a paused rollout, or its canaries, go on. */
  goOn(): void {
    if (this.rollout !== null) Object.assign(this.rollout, { paused: false, continuedAt: this.now, begunAt: this.now });
  }

  /** Looks, lands and lets time pass until nothing is left to do; throws when that takes too many rounds. */
  settle(): void {
    for (let round = 0; round < 2_000; round += 1) if (!this.round()) return;
    throw new Error(`not at rest after 2000 rounds: ${this.describe()}`);
  }

  /** One look, some landings, and time until the next. False when nothing moves any more. */
  round(): boolean {
    this.age();
    const changed = this.look();
    const flew = this.flying.size > 0;
    for (const [id, step] of this.chance.shuffled([...this.flying])) if (this.chance.in(60)) this.landOne(id, step);
    const next = this.nextTime();
    if (flew || changed) this.now += 1 + this.chance.upTo(300);
    else if (next !== null) this.now = Math.max(this.now + 1, next);
    this.age();
    return changed || flew || next !== null;
  }

  /** What a rollout is decided from. */
  rolloutSnapshot(rollout: ToyRollout): RolloutSnapshot {
    const { id, begunAt, continuedAt, paused } = rollout;
    const failures = [...this.containers.values()]
      .map(({ instance }) => instance)
      .filter(({ deployId, failure }) => deployId === id && failure !== null)
      .sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0) || (one.id < other.id ? -1 : 1));
    const room = new Map([...this.hosts.values()].map((host) => [host.name, this.roomOf(host, id)]));
    const base = { now: this.now, begunAt, continuedAt, paused, failures, room };
    return { ...base, deployId: id, currentDeployId: this.current?.id ?? null, instances: this.seen() };
  }

  /** What a reconcile is decided from. */
  reconcileSnapshot(): ReconcileSnapshot {
    const standings = [...this.hosts.values()].map(
      (host) => [host.name, standingOf(host, this.reservedOn(host.name))] as const,
    );
    const base = { now: this.now, graceMs: GRACE, hosts: new Map(standings), restarts: [...this.restarts] };
    const { current } = this;
    const lastAttempts = current === null ? [] : this.lastAttempts(current.id);
    return {
      ...base,
      currentDeployId: current?.id ?? null,
      workers: current?.workers ?? [],
      lastAttempts,
      instances: this.seen(),
    };
  }

  /** What stands in the world, for a failed test. */
  describe(): string {
    const rows = this.living().map(
      ({ instance: { id, state, desired, host, standby }, container, passing }) =>
        `${id} ${desired}/${state}${standby ? '/standby' : ''} on ${host}: ${container}${passing ? ', passing' : ''}`,
    );
    const hosts = [...this.hosts.values()].map(
      ({ name, standing, draining }) => `${name} ${standing}${draining ? ', draining' : ''}`,
    );
    return [`deploy ${this.rollout?.id ?? 'none'} in progress`, ...hosts, ...rows].join('; ');
  }

  private look(): boolean {
    const { rollout } = this;
    return rollout === null || rollout.failing ? this.mend() : this.rollOut(rollout);
  }

  private rollOut(rollout: ToyRollout): boolean {
    const snapshot = this.rolloutSnapshot(rollout);
    const plan = planRollout(snapshot);
    this.onPlan({ kind: 'rollout', snapshot, plan });
    this.dueAt = plan.lookAgainAt;
    if (plan.verdict.kind === 'failing') rollout.failing = true;
    if (rollout.failing) return true;
    const pauses = plan.verdict.kind === 'paused' && !rollout.paused;
    rollout.paused ||= pauses;
    this.stop(plan.stop);
    if (plan.verdict.kind === 'succeeded') return this.succeed(rollout);
    if (plan.retry.length > 0) return this.retry(rollout, plan.retry);
    this.launch(plan.steps);
    return pauses || plan.stop.length > 0;
  }

  private succeed(rollout: ToyRollout): boolean {
    for (const [id, step] of [...this.flying]) this.landOne(id, step);
    this.current = rollout;
    this.end(rollout, 'deployed');
    return true;
  }

  private end({ id }: ToyRollout, how: 'deployed' | 'failed'): void {
    this.ended.set(id, how);
    this.rollout = null;
    this.onChange();
  }

  private retry(rollout: ToyRollout, failed: readonly Instance[]): boolean {
    const missing = failed.map(({ workerId, spec, slot, deployId, attempt, wave, standby }) => ({
      ...aMissing({ workerId, spec, scale: slot }, slot, deployId),
      ...{ attempt: attempt + 1, wave, standby },
    }));
    if (!this.reserve(missing, [], 'all').every(({ host }) => host !== null)) rollout.failing = true;
    return true;
  }

  private mend(): boolean {
    const snapshot = this.reconcileSnapshot();
    const plan = planReconcile(snapshot);
    this.onPlan({ kind: 'reconcile', snapshot, plan });
    this.dueAt = soonest(plan.dueAt, plan.lookAgainAt);
    this.stop(plan.stop.map(({ instance }) => instance));
    const placed = this.reserve(plan.start, [], 'some').filter(({ host }) => host !== null).length;
    if (placed > 0 || plan.stop.length > 0) return true;
    this.launch(plan.steps);
    if (!plan.converged || this.flying.size > 0 || this.rollout === null) return false;
    this.end(this.rollout, 'failed');
    return true;
  }

  private stop(instances: readonly Instance[]): void {
    for (const { id } of instances) {
      const each = this.containerOf(id);
      this.stops.push(id);
      each.instance = { ...each.instance, desired: 'stopped' };
    }
    if (instances.length > 0) this.onChange();
  }

  private launch(steps: readonly InstanceStep[]): void {
    for (const step of steps)
      if (step.kind !== 'wait' && !this.flying.has(step.instance.id)) this.flying.set(step.instance.id, step);
  }

  private landOne(id: string, step: InstanceStep): void {
    this.flying.delete(id);
    const each = this.containerOf(id);
    land(step, each, { now: this.now, host: this.hostOf(each), draw: () => this.drawFate(each.instance) });
    this.onChange();
  }

  /** What was healthy works when it is made again; what is put back relapses never, as nobody monitors it. */
  private drawFate({ deployId, state }: Instance): { fate: Fate; passesAfter: number } {
    const drawn = (state === 'planned' ? this.given.fates[this.started] : undefined) ?? 'works';
    this.started += state === 'planned' ? 1 : 0;
    const fate = drawn === 'relapses' && deployId === this.current?.id ? 'works' : drawn;
    return { fate, passesAfter: this.chance.upTo(3_000) };
  }

  /** Gives out places as the engine does: all or none, or as many as there are. */
  private reserve(
    missing: readonly MissingInstance[],
    leaving: readonly Leaving[],
    mode: 'all' | 'some',
  ): { readonly host: string | null }[] {
    const key = ({ deployId, worker, slot, attempt }: MissingInstance) =>
      `${deployId}-${worker.workerId}-${slot}-${attempt}`;
    const needs = missing.map((each) => {
      const { worker, slot, wave, onlyHost } = each;
      const { resources, name } = worker.spec;
      return { need: need({ key: key(each), group: worker.workerId, worker: name, slot, resources }), wave, onlyHost };
    });
    const instances = this.living().map(({ instance }) => instance);
    const candidates = [...this.hosts.values()].flatMap((host) =>
      candidateOf(host, this.reservedOn(host.name), spreadOn(host.name, instances, missing)),
    );
    const { placed, unplaced } = placeWaves(needs, candidates, leaving);
    const hosts = new Map(placed.map((each) => [each.need.key, each.host]));
    if (mode === 'some' || unplaced.length === 0)
      for (const each of missing) if (hosts.has(key(each))) this.put(each, 'planned', hosts.get(key(each)));
    return missing.map((each) => ({ host: hosts.get(key(each)) ?? null }));
  }

  private put(missing: MissingInstance, as: 'planned' | 'serving', host?: string): void {
    const { worker, slot, deployId, attempt, wave, standby, predecessor } = missing;
    const { workerId, spec } = worker;
    const names = [...this.hosts.keys()];
    const on = host ?? names[(slot - 1) % names.length] ?? '';
    const id = `${deployId}-${workerId}-${slot}-${attempt}`;
    const base = { id, workerId, deployId, slot, attempt, wave, standby, host: on, containerName: id };
    const served = { state: 'healthy', startedAt: 0, healthyAt: 0, liveAt: 0 } as const;
    const instance = anInstance(
      { ...base, plannedAt: as === 'planned' ? this.now : 0, ...(as === 'serving' ? served : {}) },
      spec,
    );
    if (this.containers.has(id)) throw new Error(`there is an instance ${id} already`);
    if (predecessor !== null) this.replace(predecessor.id);
    this.containers.set(id, as === 'serving' ? servingContainer(instance) : toyContainer(instance));
    this.onChange();
  }

  private replace(id: string): void {
    const each = this.containerOf(id);
    if (each.instance.desired === 'running') each.instance = { ...each.instance, desired: 'replace' };
  }

  private lastAttempts(id: string): LastAttempt[] {
    const tries = [...this.containers.values()]
      .map(({ instance }) => instance)
      .filter(({ deployId }) => deployId === id);
    const keys = [...new Set(tries.map(({ workerId, slot }) => `${workerId}/${slot}`))];
    return keys.flatMap((key) => {
      const own = tries.filter(({ workerId, slot }) => `${workerId}/${slot}` === key);
      const last = own.reduce((one, other) => (one.attempt > other.attempt ? one : other));
      const healthy = Math.max(0, ...own.map(({ healthyAt, attempt }) => (healthyAt === null ? 0 : attempt)));
      const failures = own.filter(({ failure, attempt }) => failure !== null && attempt > healthy).length;
      return [{ workerId: last.workerId, slot: last.slot, attempt: last.attempt, failures, endedAt: last.endedAt }];
    });
  }

  private seen() {
    return this.living().map((each) => seenOf(each, this.hostOf(each)));
  }

  private reservedOn(name: string): Resources {
    const own = this.living().filter(({ instance }) => instance.host === name);
    return own.map(({ instance }) => instance.spec.resources).reduce(addResources, { memoryMb: 0, cpus: 0 });
  }

  private roomOf({ name, capacity }: ToyHost, deployId: string): Resources {
    const counted = this.living().filter(
      ({ instance }) => instance.host === name && (instance.deployId !== deployId || instance.state !== 'planned'),
    );
    const { memoryMb, cpus } = counted
      .map(({ instance }) => instance.spec.resources)
      .reduce(addResources, { memoryMb: 0, cpus: 0 });
    return { memoryMb: capacity.memoryMb - memoryMb, cpus: capacity.cpus - cpus };
  }

  /** Memory that containers on a host really take. */
  takenOn(name: string): number {
    return this.living()
      .filter((each) => each.instance.host === name && takesRoom(each))
      .reduce((sum, { instance }) => sum + instance.spec.resources.memoryMb, 0);
  }

  private age(): void {
    for (const each of this.living()) age(each, this.now);
    this.onChange();
  }

  private nextTime(): number | null {
    const events = this.living().map((each) => nextEventOf(each, this.now));
    const times = [this.dueAt, ...events].filter((at): at is number => at !== null && at > this.now);
    return times.length === 0 ? null : Math.min(...times);
  }

  private hostOf({ instance }: ToyContainer): ToyHost {
    const host = this.hosts.get(instance.host);
    if (host === undefined) throw new Error(`no host ${instance.host}`);
    return host;
  }

  private containerOf(id: string): ToyContainer {
    const each = this.containers.get(id);
    if (each === undefined) throw new Error(`no instance ${id}`);
    return each;
  }
}

function soonest(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.min(one, other);
}

function slotsOf(worker: WantedWorker, deployId: string): MissingInstance[] {
  return Array.from({ length: worker.scale }, (_, index) => aMissing(worker, index + 1, deployId));
}

function aMissing(worker: WantedWorker, slot: number, deployId: string): MissingInstance {
  const plain = { attempt: 1, wave: 0, standby: false, onlyHost: null, predecessor: null, because: 'it is missing' };
  return { worker, slot, deployId, ...plain };
}

import type { Instance } from '../../src/domain/instance/instance.js';
import type { Planned, World } from './world.js';

/** What was seen of a run that should never be seen; each is empty when all is well. */
export interface Faults {
  /** Two wanted instances in one slot of one deploy. */
  readonly doubles: Set<string>;
  /** Hosts whose containers took more than the host has. */
  readonly overfull: Set<string>;
  /** Plans that named an instance which they were not given. */
  readonly strangers: Set<string>;
  /** Containers of one worker that may not run twice, in one slot or of two deploys. */
  readonly twins: Set<string>;
  /** Rollouts that failed though nothing of them was proven not to work. */
  readonly stalls: Set<string>;
}

/** Watches a world while it runs. Every tenth plan is kept with what it was made from. */
export class RunRecord {
  readonly faults: Faults = {
    ...{ doubles: new Set(), overfull: new Set(), strangers: new Set(), twins: new Set(), stalls: new Set() },
  };
  readonly plans: Planned[] = [];
  /** The fewest of each worker that routers found at any time. */
  readonly fewest = new Map<string, number>();
  /** The most of each worker and deploy that were started and not proven at any time. */
  readonly mostUnderWay = new Map<string, number>();
  /** The most of each worker that had a place and were not healthy at any time. */
  readonly mostBegun = new Map<string, number>();
  /** The most slots of each worker without a healthy instance of the current deploy at any time. */
  readonly mostDown = new Map<string, number>();
  private seen = 0;

  constructor(private readonly world: World) {
    world.onChange = () => this.look();
    world.onPlan = (planned) => this.judge(planned);
    this.look();
  }

  private look(): void {
    const at = `at ${this.world.now}`;
    const all = this.world.living().map(({ instance }) => instance);
    const wanted = all.filter(({ desired, state }) => desired === 'running' && state !== 'failed');
    for (const [key, count] of countsOf(
      wanted.map(({ workerId, slot, deployId }) => `${workerId}/${slot}/${deployId}`),
    ))
      if (count > 1) this.faults.doubles.add(`${key} ${at}`);
    const started = all.filter(({ desired, state }) => desired !== 'stopped' && state === 'started');
    const begun = wanted.filter(({ state }) => state === 'planned' || state === 'started');
    keepMost(this.mostUnderWay, countsOf(started.map(({ workerId, deployId }) => `${workerId}/${deployId}`)));
    keepMost(this.mostBegun, countsOf(begun.map(({ workerId }) => workerId)));
    keepMost(this.mostDown, this.down(all));
    for (const { name, capacity } of this.world.hosts.values())
      if (this.world.takenOn(name) > capacity.memoryMb) this.faults.overfull.add(`${name} ${at}`);
    for (const { workerId } of this.world.given.current ?? [])
      this.fewest.set(workerId, Math.min(this.world.serving(workerId), this.fewest.get(workerId) ?? Infinity));
    this.lookForTwins(at);
  }

  private down(all: readonly Instance[]): ReadonlyMap<string, number> {
    const { current } = this.world;
    const healthy = all.filter(({ state, desired, deployId }) => {
      return state === 'healthy' && desired !== 'stopped' && deployId === current?.id;
    });
    const workers = current?.workers ?? [];
    return new Map(
      workers.map(({ workerId, scale }) => {
        const slots = new Set(healthy.filter((each) => each.workerId === workerId).map(({ slot }) => slot));
        return [workerId, scale - slots.size];
      }),
    );
  }

  private lookForTwins(at: string): void {
    const once = this.world.living().filter(({ instance: { spec, host }, container }) => {
      return spec.policy.strategy === 'recreate' && container === 'running' && !this.world.writtenOff.has(host);
    });
    for (const { instance: one } of once)
      for (const { instance: other } of once) {
        const beside = one.slot === other.slot || one.deployId !== other.deployId;
        if (one.id < other.id && one.workerId === other.workerId && beside)
          this.faults.twins.add(`${one.id} and ${other.id} ${at}`);
      }
  }

  private judge(planned: Planned): void {
    const given = new Set(planned.snapshot.instances.map(({ instance }) => instance.id));
    for (const { id } of namedIn(planned)) if (!given.has(id)) this.faults.strangers.add(id);
    const verdict = planned.kind === 'rollout' ? planned.plan.verdict : null;
    if (verdict?.kind === 'failing' && verdict.because !== null) this.faults.stalls.add(verdict.because);
    this.seen += 1;
    if (this.seen % 10 === 1) this.plans.push(planned);
  }
}

/** Every instance that a plan names, but those that it only begins again under another name. */
function namedIn(planned: Planned): Instance[] {
  const steps = planned.plan.steps.map(({ instance }) => instance);
  if (planned.kind === 'rollout') return [...steps, ...planned.plan.stop];
  const predecessors = planned.plan.start.flatMap(({ predecessor }) => (predecessor === null ? [] : [predecessor]));
  return [...steps, ...planned.plan.stop.map(({ instance }) => instance), ...predecessors];
}

function countsOf(keys: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function keepMost(most: Map<string, number>, counts: ReadonlyMap<string, number>): void {
  for (const [key, count] of counts) most.set(key, Math.max(count, most.get(key) ?? 0));
}

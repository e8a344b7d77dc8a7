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
  /** Rollouts that failed though nothing of them was proven not to work. */
  readonly stalls: Set<string>;
}

/** Watches a world while it runs. Every tenth plan is kept with what it was made from. */
export class RunRecord {
  readonly faults: Faults = { doubles: new Set(), overfull: new Set(), strangers: new Set(), stalls: new Set() };
  readonly plans: Planned[] = [];
  /** The fewest of each worker that routers found at any time. */
  readonly fewest = new Map<string, number>();
  /** The most of each worker and deploy that were started and not proven at any time. */
  readonly mostUnderWay = new Map<string, number>();
  private seen = 0;

  constructor(
    private readonly world: World,
    private readonly workerIds: readonly string[],
  ) {
    world.onChange = () => this.look();
    world.onPlan = (planned) => this.judge(planned);
    this.look();
  }

  private look(): void {
    const living = this.world.living();
    const wanted = new Map<string, number>();
    const underWay = new Map<string, number>();
    for (const { instance } of living) {
      const { desired, state, workerId, deployId, slot } = instance;
      if (desired === 'running' && state !== 'failed') add(wanted, `${workerId}/${slot}/${deployId}`);
      if (state === 'started' && desired !== 'stopped') add(underWay, `${workerId}/${deployId}`);
    }
    for (const [key, count] of wanted) if (count > 1) this.faults.doubles.add(`${key} at ${this.world.now}`);
    for (const [key, count] of underWay) this.mostUnderWay.set(key, Math.max(count, this.mostUnderWay.get(key) ?? 0));
    for (const { name, capacity } of this.world.hosts.values())
      if (this.world.takenOn(name) > capacity.memoryMb) this.faults.overfull.add(`${name} at ${this.world.now}`);
    for (const id of this.workerIds)
      this.fewest.set(id, Math.min(this.world.serving(id), this.fewest.get(id) ?? Infinity));
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

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

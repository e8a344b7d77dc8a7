import type { Instance, Observation } from '../../src/domain/instance/instance.js';
import { instanceLifecycle, type InstanceState } from '../../src/domain/instance/instance-lifecycle.js';
import type { InstanceStep } from '../../src/domain/instance/plan-instance.js';
import { planRollout, type RolloutSnapshot } from '../../src/domain/rollout/plan-rollout.js';
import { anInstance } from './instances.js';

/** What happens to a container in the world, apart from what the plan does. */
interface Fate {
  instance: Instance;
  container: Observation['container'];
  check: Observation['check'];
}

/** What a world begins with. */
export interface Beginning {
  readonly old: number;
  readonly fresh: number;
  /** Chance, drawn by the property test: which step lands next, and how often a check says nothing yet. */
  readonly seed: readonly number[];
  /** The n-th started container ends at once. */
  readonly failsFrom: number;
}

/** A toy of Docker, Consul and Postgres for property tests: it applies plans one step at a time, in any order. */
export class World {
  now = 1_000_000;
  fewestServing: number;
  readonly removals: string[] = [];
  private started = 0;
  private draws = 0;
  private failing = false;

  private constructor(
    private readonly fates: Map<string, Fate>,
    private readonly given: Beginning,
  ) {
    this.fewestServing = this.serving();
  }

  /** A world with healthy old instances of deploy 1 and planned new ones of deploy 2. */
  static of(given: Beginning): World {
    const old = Array.from({ length: given.old }, (_, index) => ({
      instance: anInstance({ slot: index + 1, deployId: '1', state: 'healthy', startedAt: 0, healthyAt: 0 }),
      container: 'running' as const,
      check: 'passing' as const,
    }));
    const fresh = Array.from({ length: given.fresh }, (_, index) => ({
      instance: anInstance({ slot: index + 1, deployId: '2' }),
      container: 'absent' as const,
      check: 'absent' as const,
    }));
    return new World(new Map([...old, ...fresh].map((fate) => [fate.instance.id, fate])), given);
  }

  /** Plans and applies until the rollout ends; throws when it does not within bounded steps. */
  rollOut(deployId: string): 'succeeded' | 'failed' {
    for (let round = 0; round < 500; round += 1) {
      const { verdict, stop, steps } = planRollout(this.snapshot(deployId));
      if (verdict.kind === 'succeeded' || verdict.kind === 'failed') return verdict.kind;
      if (verdict.kind === 'failing') this.failing = true;
      for (const { id } of stop) this.change(id, { desired: 'stopped' });
      this.applyOne(steps.filter(({ kind }) => kind !== 'wait'));
      this.fewestServing = Math.min(this.fewestServing, this.serving());
      this.now += 500;
    }
    throw new Error('the rollout did not end in 500 rounds');
  }

  /** What a planner sees. */
  snapshot(deployId: string): RolloutSnapshot {
    const instances = [...this.fates.values()]
      .filter(({ instance }) => instance.state !== 'stopped')
      .map(({ instance, container, check }) => ({
        instance,
        seen: {
          ...{ container, check, hostLostBecause: null, exitCode: container === 'exited' ? 1 : null },
          ...{ outOfMemory: false, restarts: 0, checkOutput: null },
        },
      }));
    return { now: this.now, deployId, failing: this.failing, instances };
  }

  /** Instances that are not stopped. */
  living(): Instance[] {
    return [...this.fates.values()].map(({ instance }) => instance).filter(({ state }) => state !== 'stopped');
  }

  /** How many of a deploy take traffic. */
  servingOf(deployId: string): number {
    return [...this.fates.values()].filter(
      ({ instance, check }) => instance.deployId === deployId && check === 'passing',
    ).length;
  }

  private serving(): number {
    return [...this.fates.values()].filter(({ container, check }) => container === 'running' && check === 'passing')
      .length;
  }

  private draw(): number {
    this.draws += 1;
    return this.given.seed[this.draws % this.given.seed.length] ?? 0;
  }

  private applyOne(steps: readonly InstanceStep[]): void {
    for (const fate of this.fates.values())
      if (fate.container === 'running' && fate.check === 'critical' && this.draw() > 3) fate.check = 'passing';
    const step = steps[this.draw() % Math.max(1, steps.length)];
    if (step !== undefined) this.apply(step);
  }

  private apply({ kind, instance }: InstanceStep): void {
    const fate = this.fateOf(instance.id);
    if (kind === 'start') {
      this.started += 1;
      const dies = this.started === this.given.failsFrom;
      Object.assign(fate, { container: dies ? 'exited' : 'running', check: 'critical' });
      this.move(instance.id, 'started', { startedAt: this.now });
    } else if (kind === 'confirm') this.move(instance.id, 'healthy', { healthyAt: this.now });
    else if (kind === 'fail') this.move(instance.id, 'failed', {});
    else if (kind === 'take_out') {
      fate.check = 'absent';
      this.move(instance.id, 'draining', { drainingAt: this.now });
    } else if (kind === 'remove') {
      this.removals.push(instance.id);
      Object.assign(fate, { container: 'absent', check: 'absent' });
      this.move(instance.id, 'stopped', {});
    }
  }

  private move(id: string, to: InstanceState, patch: Partial<Instance>): void {
    const { instance } = this.fateOf(id);
    if (!instanceLifecycle.canMove(instance.state, to)) throw new Error(`${to} may not follow ${instance.state}`);
    this.change(id, { ...patch, state: to });
  }

  private change(id: string, patch: Partial<Instance>): void {
    const fate = this.fateOf(id);
    fate.instance = { ...fate.instance, ...patch };
  }

  private fateOf(id: string): Fate {
    const fate = this.fates.get(id);
    if (fate === undefined) throw new Error(`no instance ${id}`);
    return fate;
  }
}

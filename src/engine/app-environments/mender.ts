import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { InstanceStep } from '../../domain/instance/plan-instance.js';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import { planReconcile, type ReconcilePlan } from '../../domain/reconcile/plan-reconcile.js';
import { stepsOf, type ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import { HostSurvey } from '../../observation/host-survey.js';
import { Observer, type Observed } from '../../observation/observer.js';
import { reconcileSnapshotOf } from '../../observation/reconcile-snapshot.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { Instances } from '../../store/repositories/instances.js';
import { earlier } from './earlier.js';
import { GoneHosts } from './gone-hosts.js';
import type { Look } from './pass.js';
import { Placer } from './placer.js';
import { StepRunner } from './step-runner.js';
import { nameOf } from './story.js';

/** What one look at what should run has come to. */
export interface Mended {
  /** What was found to be done, in words. */
  readonly steps: readonly ReconcileStep[];
  /** Whether rows were written that are to be read before anything else is decided. */
  readonly again: boolean;
  /** Whether steps were under way when this was said: what they come to is not in it. */
  readonly busy: boolean;
  /** Whether everything is as it should be, and nothing is under way. */
  readonly converged: boolean;
  /** What stands in the way of a slot that has no place; null for nothing. */
  readonly problem: string | null;
  /** When a step that is waited for is due; null for none. */
  readonly dueAt: number | null;
  /** When to look again though nothing is waited for; null for never. */
  readonly lookAgainAt: number | null;
}

/** Makes what runs equal to the current deploy, whatever it is that stands in its place. */
@Injectable()
export class Mender {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly environment: Environment,
    private readonly observer: Observer,
    private readonly appEnvironments: AppEnvironments,
    private readonly instances: Instances,
    private readonly survey: HostSurvey,
    private readonly placer: Placer,
    private readonly runner: StepRunner,
    private readonly goneHosts: GoneHosts,
  ) {}

  /** Observes, plans, writes what should stop and start, and launches what is due. */
  async mend(look: Look): Promise<Mended> {
    const observed = await this.observer.observe(look.state);
    const now = this.clock.now();
    const time = { now, graceMs: this.environment.HOST_GRACE_SECONDS * 1000 };
    const plan = planReconcile(reconcileSnapshotOf(look.state, observed, time));
    const steps = stepsOf(plan, look.state.app.name);
    await this.instances.stop(plan.stop.map(({ instance }) => instance));
    for (const { instance, because } of plan.stop) await look.story.tell(`${nameOf(instance)}: stopping, ${because}`);
    const ended = await this.goneHosts.writeOff(look, observed);
    const { placed, problem } = await this.startMissing(look, plan);
    await this.removeStrays(look, observed);
    const { lookAgainAt } = plan;
    if (placed > 0 || ended || plan.stop.length > 0)
      return { steps, again: true, busy: false, converged: false, problem, dueAt: null, lookAgainAt };
    const run = (step: InstanceStep) => this.runner.run(step, { ...look.context, hosts: observed.hosts });
    const dueAt = earlier(plan.dueAt, look.flights.launch(plan.steps, { now, run }));
    const busy = look.flights.count > 0;
    return { steps, again: false, busy, converged: plan.converged && !busy, problem, dueAt, lookAgainAt };
  }

  /** Reserves places for missing slots; answers how many, and what stands in the way of the rest. */
  private async startMissing({ state, story }: Look, { start }: ReconcilePlan): Promise<Started> {
    if (start.length === 0 || state.current === null) return { placed: 0, problem: null };
    const { image } = await this.appEnvironments.contentsOf(state.current.id);
    const hosts = await this.survey.of(state, image);
    const request = { state, missing: start, image, hosts, leaving: [], allOrNothing: false };
    const { reserved, unplaced } = await this.placer.reserve(request);
    for (const { spec, slot, host, because } of reserved)
      await story.tell(`placed ${spec.name} ${slot} on ${host}: ${because}`);
    if (unplaced.length === 0) return { placed: reserved.length, problem: null };
    const problem = explainUnplaced(unplaced);
    await story.tell(problem, 'error');
    return { placed: reserved.length, problem };
  }

  private async removeStrays(look: Look, { strays, hosts }: Observed): Promise<void> {
    await Promise.all(strays.map((stray) => this.runner.removeStray(stray, { ...look.context, hosts })));
  }
}

interface Started {
  readonly placed: number;
  readonly problem: string | null;
}

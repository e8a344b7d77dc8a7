import { Inject, Injectable } from '@nestjs/common';
import { explainUnplaced } from '../../domain/placement/explain-unplaced.js';
import { earliestOf, type InstanceStep } from '../../domain/instance/plan-instance.js';
import { planReconcile, type ReconcilePlan } from '../../domain/reconcile/plan-reconcile.js';
import { stepsOf } from '../../domain/reconcile/reconcile-step.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import type { ReconcileRow } from '../../store/entities/index.js';
import { AppEnvironments, type AppEnvironment } from '../../store/repositories/app-environments.js';
import { DeployProgress } from '../../store/repositories/deploy-progress.js';
import { Instances } from '../../store/repositories/instances.js';
import { Observer, type Observed } from '../../observation/observer.js';
import type { Look, Outlook } from './pass.js';
import { HostSurvey } from '../../observation/host-survey.js';
import { Placer } from './placer.js';
import { earlier } from './rollout-driver.js';
import { StepRunner } from './step-runner.js';
import { nameOf } from './story.js';

/** A slot without a place is tried again after so long, in milliseconds: a host may have come or got room. */
const PLACE_AGAIN_AFTER = 30_000;

/** Makes what runs equal to what should run, while no deploy is in progress. */
@Injectable()
export class ReconcileDriver {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly observer: Observer,
    private readonly appEnvironments: AppEnvironments,
    private readonly instances: Instances,
    private readonly progress: DeployProgress,
    private readonly survey: HostSurvey,
    private readonly placer: Placer,
    private readonly runner: StepRunner,
  ) {}

  /** Observes, plans, launches what is due. */
  async look(look: Look): Promise<Outlook> {
    const observed = await this.observer.observe(look.state);
    const now = this.clock.now();
    const plan = planReconcile(snapshotOf(look.state, observed, now));
    const steps = stepsOf(plan, look.state.app.name);
    for (const { id } of look.state.reconciles) await this.progress.addToReconcile(id, steps);
    await this.instances.stop(plan.stop.map(({ instance }) => instance));
    for (const { instance, because } of plan.stop) await look.story.tell(`${nameOf(instance)}: stopping, ${because}`);
    const { placed, problem } = await this.startMissing(look, plan);
    await this.removeStrays(look, observed);
    if (placed > 0 || plan.stop.length > 0) return { kind: 'again' };
    return this.launch(look, { plan, observed, now, problem });
  }

  private async launch(look: Look, { plan, observed, now, problem }: Decided): Promise<Outlook> {
    const run = (step: InstanceStep) => this.runner.run(step, { ...look.context, hosts: observed.hosts });
    const due = look.flights.launch(plan.steps, { now, run });
    const dueAt = earlier(earliestOf(plan.steps), due);
    if (look.flights.count > 0 || dueAt !== null) return { kind: 'wait', until: dueAt };
    for (const reconcile of look.state.reconciles) await this.end(look, reconcile, problem);
    const retryAt = problem === null ? null : now + PLACE_AGAIN_AFTER;
    return { kind: 'settled', lookAgainAt: earlier(plan.lookAgainAt, retryAt) };
  }

  /** Reserves places for missing slots; answers how many, and what stands in the way of the rest. */
  private async startMissing({ state, story }: Look, { start }: ReconcilePlan): Promise<Started> {
    if (start.length === 0 || state.current === null) return { placed: 0, problem: null };
    const { image } = await this.appEnvironments.contentsOf(state.current.id);
    const hosts = await this.survey.of(state, image);
    const { reserved, unplaced } = await this.placer.reserve({
      state,
      missing: start,
      image,
      hosts,
      allOrNothing: false,
    });
    for (const { spec, slot, host } of reserved) await story.tell(`placed ${spec.name} ${slot} on ${host}`);
    if (unplaced.length === 0) return { placed: reserved.length, problem: null };
    const problem = explainUnplaced(unplaced);
    await story.tell(problem, 'error');
    return { placed: reserved.length, problem };
  }

  private async removeStrays(look: Look, { strays, hosts }: Observed): Promise<void> {
    await Promise.all(strays.map((stray) => this.runner.removeStray(stray, { ...look.context, hosts })));
  }

  private async end({ story, state }: Look, reconcile: ReconcileRow, problem: string | null): Promise<void> {
    const failed = state.lastAttempts.find(
      ({ failed, endedAt }) => failed && (endedAt ?? 0) > reconcile.createdAt.getTime(),
    );
    const reason = problem ?? (failed === undefined ? null : `slot ${failed.slot} failed and waits to be tried again`);
    await this.progress.endReconcile(reconcile.id, state.app.id, reason);
    await story.tell(
      reason === null ? 'reconciled' : `reconcile failed: ${reason}`,
      reason === null ? 'info' : 'error',
    );
  }
}

interface Decided {
  readonly plan: ReconcilePlan;
  readonly observed: Observed;
  readonly now: number;
  readonly problem: string | null;
}

interface Started {
  readonly placed: number;
  readonly problem: string | null;
}

function snapshotOf(state: AppEnvironment, { instances }: Observed, now: number) {
  const currentDeployId = state.app.deletedAt === null ? (state.current?.id ?? null) : null;
  return { now, currentDeployId, workers: state.workers, lastAttempts: state.lastAttempts, instances };
}

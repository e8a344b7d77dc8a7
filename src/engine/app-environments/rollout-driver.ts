import { Inject, Injectable } from '@nestjs/common';
import { planRollout, type RolloutPlan } from '../../domain/rollout/plan-rollout.js';
import type { InstanceStep } from '../../domain/instance/plan-instance.js';
import type { Instance } from '../../domain/instance/instance.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import type { DeployRow } from '../../store/entities/index.js';
import { DeployProgress } from '../../store/repositories/deploy-progress.js';
import { Instances } from '../../store/repositories/instances.js';
import { Observer } from '../../observation/observer.js';
import type { Look, Outlook } from './pass.js';
import { StepRunner } from './step-runner.js';
import { nameOf } from './story.js';

/** Makes the plan of a rollout so, one look at a time. */
@Injectable()
export class RolloutDriver {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly observer: Observer,
    private readonly instances: Instances,
    private readonly progress: DeployProgress,
    private readonly runner: StepRunner,
  ) {}

  /** Observes, plans, launches what is due. */
  async look(look: Look, deploy: DeployRow): Promise<Outlook> {
    const { hosts, instances } = await this.observer.observe(look.state);
    const now = this.clock.now();
    const plan = planRollout({ now, deployId: deploy.id, failing: deploy.failure !== null, instances });
    if (plan.verdict.kind === 'failing') await this.keepFailure(look, deploy, plan.verdict.instance);
    await this.instances.stop(plan.stop);
    if (plan.verdict.kind === 'succeeded' || plan.verdict.kind === 'failed') return this.end(look, deploy, plan);
    const run = (step: InstanceStep) => this.runner.run(step, { ...look.context, hosts });
    const due = look.flights.launch(plan.steps, { now, run });
    return { kind: 'wait', until: earlier(plan.lookAgainAt, due) };
  }

  private async keepFailure({ story }: Look, deploy: DeployRow, instance: Instance): Promise<void> {
    const { failure } = instance;
    if (failure === null || deploy.failure !== null) return;
    const reason = `${nameOf(instance)}: ${failure.cause}`;
    await this.progress.keepFailure(
      deploy,
      { ...failure, instance: instance.containerName, host: instance.host },
      reason,
    );
    await story.tell(`${reason}; the new instances are taken back, the old serve on`, 'error');
  }

  private async end({ story, flights }: Look, deploy: DeployRow, plan: RolloutPlan): Promise<Outlook> {
    await flights.land();
    if (plan.verdict.kind === 'succeeded') {
      if (await this.progress.succeed(deploy)) await story.tell(`deployed ${deploy.rref.slice(0, 12)}`);
      return { kind: 'again' };
    }
    const outcome = deploy.failure?.kind === 'unhealthy' ? 'timed_out' : 'reverted';
    const reason = deploy.failureReason ?? 'an instance failed';
    if (await this.progress.fail(deploy, { outcome, reason })) await story.tell(`failed: ${reason}`, 'error');
    return { kind: 'again' };
  }
}

/** The earlier of two times, where null is never. */
export function earlier(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}

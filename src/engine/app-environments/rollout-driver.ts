import { Inject, Injectable } from '@nestjs/common';
import type { DeployOutcome } from '../../domain/deploy/deploy-lifecycle.js';
import type { Resources } from '../../domain/host/host.js';
import { addResources } from '../../domain/host/resources.js';
import type { InstanceFailure } from '../../domain/instance/instance.js';
import type { InstanceStep } from '../../domain/instance/plan-instance.js';
import {
  planRollout,
  type RolloutPlan,
  type RolloutSnapshot,
  type Verdict,
} from '../../domain/rollout/plan-rollout.js';
import { Observer, type Observed } from '../../observation/observer.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import type { DeployRow } from '../../store/entities/index.js';
import type { AppEnvironment } from '../../store/repositories/app-environments.js';
import { DeployProgress, type Failing as Failure } from '../../store/repositories/deploy-progress.js';
import { Instances } from '../../store/repositories/instances.js';
import { earlier } from './earlier.js';
import { GoneHosts } from './gone-hosts.js';
import type { Look, Outlook } from './pass.js';
import { Prober, probesOf } from './prober.js';
import { ReleaseCommandRunner } from './release-command.js';
import { RetryPlacer } from './retry-placer.js';
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
    private readonly retries: RetryPlacer,
    private readonly commands: ReleaseCommandRunner,
    private readonly prober: Prober,
    private readonly goneHosts: GoneHosts,
    private readonly runner: StepRunner,
  ) {}

  /** Observes, plans, launches what is due. */
  async look(look: Look, deploy: DeployRow): Promise<Outlook> {
    return (await this.runReleaseCommand(look, deploy)) ?? (await this.moveOn(look, deploy));
  }

  private async moveOn(look: Look, deploy: DeployRow): Promise<Outlook> {
    const dropped = await this.probe(look, deploy);
    if (dropped !== null) return dropped;
    const observed = await this.observer.observe(look.state);
    if (await this.goneHosts.writeOff(look, observed)) return { kind: 'again' };
    const now = this.clock.now();
    const plan = planRollout(snapshotOf(look.state, deploy, { observed, now }));
    if (plan.verdict.kind === 'failing') return this.fail(look, deploy, plan.verdict);
    if (plan.verdict.kind === 'paused') await this.pause(look, deploy, plan.verdict.because);
    await this.instances.stop(plan.stop);
    if (plan.verdict.kind === 'succeeded') return this.succeed(look, deploy);
    const retried = await this.retry(look, deploy, plan);
    if (retried !== null) return retried;
    const run = (step: InstanceStep) => this.runner.run(step, { ...look.context, hosts: observed.hosts });
    const due = look.flights.launch(plan.steps, { now, run });
    return { kind: 'wait', until: earlier(plan.lookAgainAt, due) };
  }

  /** Answers what holds the rollout back; null when there is no release command, or it has done its work. */
  private async runReleaseCommand(look: Look, deploy: DeployRow): Promise<Outlook | null> {
    if (look.state.app.releaseCommand === '' || deploy.kind === 'rollback') return null;
    const answer = await this.commands.look(look, deploy);
    if (answer.kind === 'done') return null;
    if (answer.kind === 'wait') return answer;
    const run = deploy.releaseCommand;
    const at = { instance: run?.containerName ?? '', host: run?.host ?? '' };
    const failure = answer.failure === null ? null : { ...answer.failure, ...at };
    return this.takeBack(look, deploy, { outcome: 'release_command_failed', reason: answer.reason, failure });
  }

  /** Asks through routers while traffic moves; where nothing serves yet there is none to move. */
  private async probe(look: Look, deploy: DeployRow): Promise<Outlook | null> {
    if (look.state.current === null) return null;
    const probes = probesOf(deploy.workers ?? []);
    await this.prober.begin({ deployId: deploy.id, probes, signal: look.pass.signal });
    const reason = this.prober.broken(deploy.id);
    return reason === null ? null : this.takeBack(look, deploy, { outcome: 'reverted', reason, failure: null });
  }

  private async takeBack(look: Look, deploy: DeployRow, failing: Failure): Promise<Outlook> {
    if (await this.progress.beginRevert(deploy, failing))
      await look.story.tell(`${failing.reason}; what was there is put back`, 'error');
    return { kind: 'again' };
  }

  private async fail(look: Look, deploy: DeployRow, { instance, because }: Failing): Promise<Outlook> {
    const cause = because ?? instance.failure?.cause ?? 'it does not work';
    const reason = `${nameOf(instance)}: ${cause}`;
    const outcome = outcomeOf(instance.failure, because);
    const proof = instance.failure ?? nothingKnown(cause);
    const failure = { ...proof, instance: instance.containerName, host: instance.host };
    return this.takeBack(look, deploy, { outcome, reason, failure });
  }

  private async pause({ story }: Look, deploy: DeployRow, because: string): Promise<void> {
    if (!(await this.progress.pause(deploy, because))) return;
    const ways = `POST /deploys/${deploy.id}/continue tries again, POST /deploys/${deploy.id}/cancel takes it back`;
    await story.tell(`paused: ${because}. ${ways}`, 'warn');
  }

  /** Places what failed and may be tried again; without a place for it the rollout has failed. */
  private async retry(look: Look, deploy: DeployRow, { retry }: RolloutPlan): Promise<Outlook | null> {
    const [first] = retry;
    if (first === undefined) return null;
    const problem = await this.retries.place(look, deploy, retry);
    if (problem === null) return { kind: 'again' };
    return this.fail(look, deploy, { kind: 'failing', instance: first, because: problem });
  }

  private async succeed(look: Look, deploy: DeployRow): Promise<Outlook> {
    const { story, flights } = look;
    await flights.land();
    const reason = await this.prober.end(deploy.id);
    if (reason !== null) return this.takeBack(look, deploy, { outcome: 'reverted', reason, failure: null });
    if (await this.progress.succeed(deploy)) await story.tell(`deployed ${deploy.rref.slice(0, 12)}`);
    return { kind: 'again' };
  }
}

type Failing = Extract<Verdict, { kind: 'failing' }>;

function outcomeOf(failure: InstanceFailure | null, because: string | null): DeployOutcome {
  return failure?.kind === 'unhealthy' || (failure === null && because !== null) ? 'timed_out' : 'reverted';
}

/** What a failure is kept as that no instance has proven. */
function nothingKnown(cause: string): InstanceFailure {
  const none = { exitCode: null, outOfMemory: false, signal: null, lastCheck: null, lastChecks: [], lastLines: [] };
  return { cause, kind: 'not_started', ...none };
}

function snapshotOf(
  state: AppEnvironment,
  deploy: DeployRow,
  { observed, now }: { observed: Observed; now: number },
): RolloutSnapshot {
  const timeOf = (time: Date | null) => time?.getTime() ?? null;
  const commandEndedAt = deploy.releaseCommand?.endedAt ?? 0;
  return {
    ...{ now, deployId: deploy.id, currentDeployId: state.current?.id ?? null, instances: observed.instances },
    begunAt: Math.max(timeOf(deploy.deployingAt) ?? now, timeOf(deploy.continuedAt) ?? 0, commandEndedAt),
    continuedAt: timeOf(deploy.continuedAt),
    paused: deploy.pausedAt !== null,
    failures: state.failures,
    room: roomOf(state, deploy, observed),
  };
}

/** What is free on each host; what this deploy has reserved and not started counts as free: it is what is asked for. */
function roomOf({ instances }: AppEnvironment, deploy: DeployRow, { standings }: Observed): Map<string, Resources> {
  const planned = instances.filter(({ deployId, state }) => deployId === deploy.id && state === 'planned');
  const rooms = [...standings].flatMap(([host, { capacity, reserved }]) => {
    if (capacity === null) return [];
    const own = planned.filter((each) => each.host === host).map(({ spec }) => spec.resources);
    const free = own.reduce(addResources, addResources(capacity, negative(reserved)));
    return [[host, free] as const];
  });
  return new Map(rooms);
}

function negative({ memoryMb, cpus }: Resources): Resources {
  return { memoryMb: -memoryMb, cpus: -cpus };
}

import { Inject, Injectable } from '@nestjs/common';
import type { ReleaseCommandRun } from '../../domain/deploy/deploy-lifecycle.js';
import {
  exitCause,
  planReleaseCommand,
  planTakingBack,
  releaseContainerName,
  releaseFailure,
  type ReleaseCommandSnapshot,
  type ReleaseCommandStep,
} from '../../domain/deploy/plan-release-command.js';
import type { Host } from '../../domain/host/host.js';
import type { InstanceFailure } from '../../domain/instance/instance.js';
import { DomainError, sentenceOf, unavailable } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { HOST_CATALOG, type HostCatalog } from '../../ports/host-catalog.js';
import type { DeployRow } from '../../store/entities/index.js';
import { ReleaseCommands } from '../../store/repositories/release-commands.js';
import type { Look } from './pass.js';
import { releaseHosts } from './release-container-plan.js';
import { ReleaseContainers, type ReleaseOnHost, type SeenRelease } from './release-containers.js';

/** Whether the rollout may begin. */
export type ReleaseCommandAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'wait'; readonly until: number | null }
  | { readonly kind: 'failed'; readonly reason: string; readonly failure: InstanceFailure | null };

/** What is under way for it, in the pass's flights. */
const FLIGHT = 'release-command';

/** Runs the release command of a deploy: once, in the new image with the deploy's variables, before anything is moved. */
@Injectable()
export class ReleaseCommandRunner {
  /** Tries to begin that met a silent host, by deploy: the next one takes the next host. */
  private readonly tries = new Map<string, number>();

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    private readonly containers: ReleaseContainers,
    private readonly runs: ReleaseCommands,
  ) {}

  /** Called in each look of a deploy in state `deploying` before anything of it is started; brings it one step on. */
  async look(look: Look, deploy: DeployRow): Promise<ReleaseCommandAnswer> {
    return endOf(deploy.releaseCommand) ?? this.goOn(look, deploy, planReleaseCommand);
  }

  /** Called in each look of a deploy that is canceled: `done` when no container of it is left. */
  async takeBack(look: Look, deploy: DeployRow): Promise<Exclude<ReleaseCommandAnswer, { kind: 'failed' }>> {
    const answer = await this.goOn(look, deploy, planTakingBack);
    return answer.kind === 'failed' ? { kind: 'done' } : answer;
  }

  private async goOn(look: Look, deploy: DeployRow, plan: Plan): Promise<ReleaseCommandAnswer> {
    const { flights, state } = look;
    if (flights.isFlying(FLIGHT)) return { kind: 'wait', until: null };
    const hosts = await this.catalog.hosts({ stack: state.stack, environment: state.environment });
    const host = hosts.find(({ name }) => name === deploy.releaseCommand?.host) ?? null;
    const seen = await this.containers.see(deploy.releaseCommand, host);
    const now = this.clock.now();
    const step = plan(snapshotOf(look, deploy, { ...seen, now }));
    if (step.kind === 'wait') return step;
    if (step.kind === 'go_on' || step.kind === 'give_up') return endOf(deploy.releaseCommand) ?? { kind: 'done' };
    const work = { look, deploy, hosts, seen, host: host ?? this.choose(look, deploy, hosts) };
    return { kind: 'wait', until: flights.launchOne(FLIGHT, now, () => this.run(step, work)) };
  }

  /** Where it runs: the host of the deploy's first place, or after a try that met a silent host the next one. */
  private choose({ state }: Look, deploy: DeployRow, hosts: readonly Host[]): Host | null {
    if (deploy.releaseCommand !== null) return null;
    const candidates = releaseHosts(state, deploy, hosts);
    return candidates[(this.tries.get(deploy.id) ?? 0) % Math.max(1, candidates.length)] ?? null;
  }

  /** Never throws: a host that does not answer is told and tried again; whatever else goes wrong ends it. */
  private async run(step: ReleaseCommandStep, work: Work): Promise<boolean> {
    try {
      await this.apply(step, work);
      return true;
    } catch (error) {
      if (
        error instanceof DomainError &&
        error.code !== 'unavailable' &&
        (step.kind === 'begin' || step.kind === 'start')
      ) {
        const why = await this.containers.redact(work.deploy, sentenceOf(error));
        const cause = `the release command could not be started: ${why}`;
        return this.close(work, { cause, lines: [] }).then(...TOLD);
      }
      await work.look.story.tell(`release command: ${step.kind} did not work: ${sentenceOf(error)}`, 'warn');
      this.tries.set(work.deploy.id, (this.tries.get(work.deploy.id) ?? 0) + 1);
      return false;
    }
  }

  private async apply(step: ReleaseCommandStep, work: Work): Promise<void> {
    if (step.kind === 'begin') await this.begin(work);
    else if (step.kind === 'start') await this.start(work);
    else if (step.kind === 'end') await this.end(step.exitCode, work);
    else if (step.kind === 'stop') await this.stop(step.cause, work);
  }

  /** The image is fetched first, so that it takes nothing of the command's time. What is written is started next. */
  private async begin({ look, deploy, host, hosts }: Work): Promise<void> {
    if (host === null) throw unavailable(`the pool ${look.state.stack}`, 'none of its hosts is healthy');
    await this.containers.fetch(host, await look.context.contentsOf(deploy.id));
    await this.containers.removeOthers({ state: look.state, deploy }, hosts);
    const run = runOn(host, look, { deploy, now: this.clock.now() });
    if (!(await this.runs.begin(look.pass.lease, deploy.id, run))) return;
    this.tries.delete(deploy.id);
    await look.story.tell(`release command: "${look.state.app.releaseCommand}" on ${host.name}`);
  }

  private async start({ look, deploy, host }: Work): Promise<void> {
    if (host === null) return;
    const contents = await look.context.contentsOf(deploy.id);
    await this.containers.fetch(host, contents);
    // A fetch is long enough for the lease to be lost, and for another engine to have run it to its end.
    if (!(await this.runs.isRunning(look.pass.lease, deploy.id))) return;
    const env = await look.context.variablesOf(deploy.id);
    await this.containers.start({ state: look.state, deploy, host }, { ...contents, env });
  }

  private async end(exitCode: number, work: Work): Promise<void> {
    const { look, deploy, seen } = work;
    const run = deploy.releaseCommand;
    const on = onHost(work);
    if (run === null || on === null) return;
    const lines = await this.containers.lines(on);
    if (exitCode !== 0) {
      await this.close(work, { cause: exitCause({ exitCode, outOfMemory: seen.outOfMemory }, lines), lines });
      return;
    }
    await look.story.quote(lines.map(quoted));
    const endedAt = this.clock.now();
    if (!(await this.runs.end(look.pass.lease, deploy.id, { ...run, state: 'succeeded', endedAt, exitCode }))) return;
    await look.story.tell(`release command: done in ${((endedAt - run.startedAt) / 1000).toFixed(1)} s`);
    await this.containers.remove(on);
  }

  /** Its container is gone before the end is written, so that nothing of it runs beside what comes next. */
  private async stop(cause: string, work: Work): Promise<void> {
    const on = onHost(work);
    const lines = on === null ? [] : await this.containers.lines(on);
    if (on !== null) await this.containers.remove(on);
    await this.close(work, { cause, lines });
  }

  /** Writes that it failed, and why; what it printed is in the log before. */
  private async close(work: Work, { cause, lines }: { cause: string; lines: readonly string[] }): Promise<void> {
    const { look, deploy, seen, host } = work;
    await look.story.quote(lines.map(quoted), 'error');
    const { exitCode, outOfMemory } = seen;
    const failure = releaseFailure(cause, { exitCode, outOfMemory }, lines);
    const now = this.clock.now();
    const begun = deploy.releaseCommand;
    const run = { ...(begun ?? runOn(host, look, { deploy, now })), endedAt: now, exitCode, failure };
    const write = begun === null ? this.runs.begin.bind(this.runs) : this.runs.end.bind(this.runs);
    if (!(await write(look.pass.lease, deploy.id, { ...run, state: 'failed' }))) return;
    await look.story.tell(`release command: failed, ${cause}`, 'error');
    const on = onHost(work);
    if (on !== null) await this.containers.remove(on);
  }
}

type Plan = (snapshot: ReleaseCommandSnapshot) => ReleaseCommandStep;

interface Work {
  readonly look: Look;
  readonly deploy: DeployRow;
  readonly hosts: readonly Host[];
  /** Where it is written to run, or where it will; null for nowhere. */
  readonly host: Host | null;
  readonly seen: SeenRelease;
}

/** What a flight answers by what became of the last word on it. */
const TOLD = [() => true, () => false] as const;

function endOf(run: ReleaseCommandRun | null): ReleaseCommandAnswer | null {
  if (run?.state === 'succeeded') return { kind: 'done' };
  if (run?.state !== 'failed') return null;
  const failure = run.failure ?? null;
  return { kind: 'failed', reason: failure?.cause ?? 'the release command failed', failure };
}

function snapshotOf({ state }: Look, deploy: DeployRow, seen: SeenRelease & { now: number }): ReleaseCommandSnapshot {
  const waitingSince = (deploy.deployingAt ?? deploy.createdAt).getTime();
  return { ...seen, run: deploy.releaseCommand, waitingSince, timeoutSeconds: state.app.releaseTimeoutSeconds };
}

function runOn(host: Host | null, { state }: Look, of: { deploy: DeployRow; now: number }): ReleaseCommandRun {
  const containerName = releaseContainerName(state.app.name, state.environment, of.deploy.id);
  const times = { startedAt: of.now, endedAt: null, exitCode: null };
  return { state: 'running', host: host?.name ?? '', containerName, ...times };
}

/** Null where there is nothing to ask: it was never begun, or its host is silent. */
function onHost({ look, deploy, host, seen }: Work): ReleaseOnHost | null {
  const reachable = host !== null && deploy.releaseCommand !== null && seen.container !== 'unknown';
  return reachable ? { state: look.state, deploy, host } : null;
}

const quoted = (line: string): string => `release | ${line}`;

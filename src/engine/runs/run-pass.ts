import { sentenceOf } from '../../domain/kernel/errors.js';
import { endFor, endOfRun, endWithout, type RunEnd } from '../../domain/run/end-of-run.js';
import { planRun, type RunStep } from '../../domain/run/plan-run.js';
import type { Host } from '../../domain/host/host.js';
import type { Clock } from '../../ports/clock.js';
import type { ContainerLogs } from '../../ports/container-logs.js';
import type { RunRow } from '../../store/entities/index.js';
import type { Lease } from '../../store/leases.js';
import type { RunChange, RunProgress } from '../../store/repositories/run-progress.js';
import type { BuildLog } from '../builds/build-log.js';
import type { RunPlace } from './run-container.js';
import { RunOutput } from './run-output.js';
import type { RunSight, SeenRun } from './run-sight.js';
import { type HeldRun, isFinal, type RunSteps } from './run-steps.js';

/** What a pass works with. */
export interface RunPassParts {
  readonly clock: Clock;
  readonly logs: ContainerLogs;
  readonly sight: RunSight;
  readonly steps: RunSteps;
  readonly progress: RunProgress;
}

/** Under what a pass works. */
export interface RunPassHeld {
  readonly lease: Lease;
  readonly place: RunPlace;
  readonly log: BuildLog;
}

/** Brings one run on, step by step, under one lease. */
export class RunPass {
  private output: RunOutput | null = null;
  private told: string | null = null;

  constructor(
    private readonly parts: RunPassParts,
    private readonly held: RunPassHeld,
  ) {}

  /** Goes one step; true when it should look again at once. */
  async step(run: RunRow): Promise<boolean> {
    const { sight } = this.parts;
    const host = await sight.hostOf(run, this.held.place).catch(() => null);
    const seen = await sight.see(run, host);
    const step = planRun(sight.snapshot(run, seen));
    const held = { run, host, place: this.held.place, lease: this.held.lease };
    if (run.state === 'running' && host !== null) this.listen(run, host);
    try {
      return await this.apply(step, held, seen);
    } catch (error) {
      return this.fail(step, held, error);
    }
  }

  /** Lets go; what was printed so far is in the log. */
  stop(): void {
    this.output?.stop();
  }

  private async apply(step: RunStep, held: HeldRun, seen: SeenRun): Promise<boolean> {
    switch (step.kind) {
      case 'place':
        await this.parts.steps.place(held);
        return (await this.parts.progress.read(held.run.id))?.state === 'starting';
      case 'start':
        return this.start(held);
      case 'began':
        return this.began(held);
      case 'stop':
        return this.change(held, { stopReason: step.because, stopAt: new Date(this.parts.clock.now()) });
      case 'signal':
        await this.parts.steps.signal(held, step.signal);
        return false;
      case 'exited':
        return this.end(held, endOfRun({ ...held.run, ...seen, exitCode: step.exitCode }));
      case 'drop':
        return this.end(held, this.dropped(step.because, held.run));
      case 'lose':
        return this.end(held, endWithout('lost', lostSentence(step.because, held.run)));
      case 'wait':
      case 'none':
        return false;
    }
  }

  private dropped(because: Extract<RunStep, { kind: 'drop' }>['because'], run: RunRow): RunEnd {
    if (because === 'no_room') return endWithout('failed', run.waitingFor ?? 'there is no room for it');
    return endFor(because, run.timeLimitSeconds);
  }

  private async start(held: HeldRun): Promise<boolean> {
    const console = await this.parts.steps.start(held);
    if (console !== null) {
      this.output = new RunOutput(this.held.log, this.parts.progress);
      this.output.take(console);
    }
    return true;
  }

  private async began(held: HeldRun): Promise<boolean> {
    const begun = await this.change(held, { state: 'running', startedAt: new Date(this.parts.clock.now()) });
    if (begun) this.held.log.add('engine', `begun on ${held.run.host ?? ''}`);
    return begun;
  }

  /** What somebody types to a terminal, and what it shows, is in no log. */
  private listen(run: RunRow, host: Host): void {
    if (this.output !== null || run.interactive || run.kind === 'exec') return;
    this.output = new RunOutput(this.held.log, this.parts.progress);
    this.output.follow(this.parts.logs, host, run);
  }

  private async end(held: HeldRun, end: RunEnd): Promise<boolean> {
    await this.output?.ended();
    await this.held.log.end(lastLineOf(end), end.outcome === 'succeeded' ? 'info' : 'error');
    return this.change(held, { ...end, waitingFor: null, completedAt: new Date(this.parts.clock.now()) });
  }

  private change(held: HeldRun, change: RunChange): Promise<boolean> {
    return this.parts.progress.change(held, change);
  }

  /** What cannot be done is told once, and ends a run that never began; all else is tried again. */
  private async fail(step: RunStep, held: HeldRun, error: unknown): Promise<boolean> {
    const why = sentenceOf(error);
    if (this.told !== why) this.held.log.add('engine', `${step.kind} did not work: ${why}`, 'warn');
    this.told = why;
    if (step.kind === 'start' && isFinal(error)) return this.end(held, endWithout('failed', why));
    if (step.kind === 'signal' && isFinal(error)) return this.end(held, unstoppable(held.run, why));
    return false;
  }
}

function unstoppable(run: RunRow, why: string): RunEnd {
  const end = endFor(run.stopReason ?? 'canceled', run.timeLimitSeconds);
  return { ...end, failureReason: `${end.failureReason ?? ''}; it may still run: ${why}` };
}

function lostSentence(because: 'gone' | 'silent', { host, containerName }: RunRow): string {
  if (because === 'gone') return `${containerName ?? 'its container'} on ${host ?? 'its host'} is gone`;
  return `host ${host ?? ''} does not answer, so nobody knows how it ended`;
}

function lastLineOf({ outcome, exitCode, failureReason }: RunEnd): string {
  return outcome === 'succeeded' ? 'ended with exit code 0' : `${outcome}: ${failureReason ?? `exit code ${exitCode}`}`;
}

import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { runLifecycle } from '../../domain/run/run-lifecycle.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { CONTAINER_LOGS, type ContainerLogs } from '../../ports/container-logs.js';
import type { RunRow } from '../../store/entities/index.js';
import { type Lease, Leases } from '../../store/leases.js';
import { LogBook } from '../../store/log-book.js';
import { AppEnvironments } from '../../store/repositories/app-environments.js';
import { RunProgress } from '../../store/repositories/run-progress.js';
import { BuildLog } from '../builds/build-log.js';
import { HeldLease } from '../builds/held-lease.js';
import { EngineIdentity } from '../engine-identity.js';
import type { RunPlace } from './run-container.js';
import { RunPass, type RunPassParts } from './run-pass.js';
import { RunSight } from './run-sight.js';
import { RunSteps } from './run-steps.js';

/** How long a lease lasts, in milliseconds: a dead engine is followed within it and a look. */
const LEASE = 15_000;

/** Between two looks at a run that another engine holds, in milliseconds. */
const HELD_ELSEWHERE = 5_000;

/** Between two looks at a run, in milliseconds: people wait for its beginning and its end. */
const LOOK = 500;

/** A container stays so long after its program ended, in milliseconds, for who connects late to see what it printed. */
const LINGER = 10_000;

/** Where Consul, Docker or Postgres does not answer, it is tried again after so many milliseconds. */
const AFTER_A_FAULT = 2_000;

/** Brings runs from their asking to their end, each once however many engines there are and however they die. */
@Injectable()
export class RunRunner {
  private readonly passes = new Map<string, Promise<void>>();
  private readonly parts: RunPassParts;

  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONTAINER_LOGS) logs: ContainerLogs,
    private readonly engine: EngineIdentity,
    private readonly leases: Leases,
    private readonly logBook: LogBook,
    private readonly appEnvironments: AppEnvironments,
    private readonly sight: RunSight,
    private readonly steps: RunSteps,
    private readonly progress: RunProgress,
    private readonly settings: Environment,
  ) {
    this.parts = { clock, logs, sight, steps, progress };
  }

  /** Sees to a run until nothing is left of it. Never rejects. */
  async run(id: string, signal: AbortSignal): Promise<void> {
    const known = this.passes.get(id);
    if (known !== undefined) return known;
    const done = this.untilOver(id, signal).finally(() => this.passes.delete(id));
    this.passes.set(id, done);
    return done;
  }

  private async untilOver(id: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (await this.underLease(id, signal)) return;
        await this.clock.sleep(HELD_ELSEWHERE, signal);
      } catch (error) {
        this.engine.log.warn({ run: id, error: sentenceOf(error) }, 'a run could not be seen to');
        await this.clock.sleep(AFTER_A_FAULT, signal);
      }
    }
  }

  /** False where another engine is at it. */
  private async underLease(id: string, signal: AbortSignal): Promise<boolean> {
    const run = await this.progress.read(id);
    if (run === null || isTidy(run)) return true;
    const request = { key: `run:${id}`, holder: this.engine.name, reason: 'running a command', milliseconds: LEASE };
    const lease = await this.leases.take(request);
    if (lease === null) return false;
    const held = HeldLease.hold(this.leases, lease, { milliseconds: LEASE, clock: this.clock });
    try {
      return await this.pass(run, lease, AbortSignal.any([signal, held.signal]));
    } finally {
      await held.release();
    }
  }

  private async pass(first: RunRow, lease: Lease, signal: AbortSignal): Promise<boolean> {
    const place = await this.placeOf(first);
    const of = { subject: 'run', id: first.id } as const;
    const log = new BuildLog(this.logBook, of, this.settings.LOG_LINES_PER_BUILD);
    const pass = new RunPass(this.parts, { lease, place, log });
    try {
      for (let run: RunRow | null = first; run !== null && !signal.aborted; run = await this.progress.read(first.id)) {
        if (runLifecycle.isFinal(run.state)) return await this.tidy(run, { place, lease, signal });
        if (!(await pass.step(run))) await this.clock.sleep(LOOK, signal);
      }
      return !signal.aborted;
    } finally {
      pass.stop();
    }
  }

  /** Removes the container of a run that has ended; that of a lost host is left to the next sweep. */
  private async tidy(run: RunRow, held: { place: RunPlace; lease: Lease; signal: AbortSignal }): Promise<boolean> {
    if (isTidy(run)) return true;
    const { place, lease, signal } = held;
    const since = this.clock.now() - (run.completedAt?.getTime() ?? 0);
    if (since < LINGER) await this.clock.sleep(LINGER - since, signal);
    if (signal.aborted) return false;
    try {
      await this.steps.remove({ run, place, lease, host: await this.sight.hostOf(run, place) });
      await this.progress.change({ lease, run }, { removedAt: new Date(this.clock.now()) });
    } catch (error) {
      this.engine.log.warn({ run: run.id, error: sentenceOf(error) }, 'the container of a run could not be removed');
    }
    return true;
  }

  private async placeOf({ appId, environmentId }: RunRow): Promise<RunPlace> {
    const state = await this.appEnvironments.read({ appId, environmentId });
    if (state === null) throw new Error('its app or its environment is not there any more');
    return { app: state.app.name, environment: state.environment, stack: state.stack };
  }
}

/** Whether nothing is left to do for it. */
function isTidy(run: RunRow): boolean {
  if (!runLifecycle.isFinal(run.state)) return false;
  return run.kind === 'exec' || run.host === null || run.removedAt !== null;
}

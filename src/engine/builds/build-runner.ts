import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { BUILD_FAILURES, MOST_ATTEMPTS } from '../../domain/build/failure-sentence.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { Leases } from '../../store/leases.js';
import { LogBook } from '../../store/log-book.js';
import { BuildProgress, type BuildWithApp } from '../../store/repositories/build-progress.js';
import { EngineIdentity } from '../engine-identity.js';
import { EngineTraces } from '../engine-traces.js';
import { BuildAttempt, type Interruption, type TryEnd } from './build-attempt.js';
import { BuildLog } from './build-log.js';
import type { TakenBuild } from './build-turns.js';
import { HeldLease } from './held-lease.js';

/** How long a lease lasts, in milliseconds: a dead engine's build is begun again within it and a sweep. */
export const LEASE = 30_000;

type Ended = Extract<TryEnd, { readonly kind: 'made' | 'failed' }>;

/** Brings builds that were taken out of the queue to their end, under the lease that was taken with them. */
@Injectable()
export class BuildRunner {
  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly engine: EngineIdentity,
    private readonly leases: Leases,
    private readonly logBook: LogBook,
    private readonly progress: BuildProgress,
    private readonly attempt: BuildAttempt,
    private readonly environment: Environment,
    private readonly traces: EngineTraces,
  ) {}

  /**
   * Resolves when it has ended, when it is back in the queue, or when another engine is at it. Of what the build cannot
   * be blamed for the lease is left to run out, so that the next try comes after a pause. Never rejects.
   */
  async run(taken: TakenBuild, stop: AbortSignal): Promise<void> {
    const lease = HeldLease.hold(this.leases, taken.lease, { milliseconds: LEASE, clock: this.clock });
    try {
      const found = await this.progress.read(taken.id);
      if (found?.build.state === 'in_progress') await this.build(found, taken, { stop, lost: lease.signal });
      await lease.release();
    } catch (error) {
      lease.letRunOut();
      this.engine.log.error({ build: taken.id, error: sentenceOf(error) }, 'build run ended');
    }
  }

  /** The last line of one that ended unbuilt, and the deploys that waited for it. */
  async tellUnbuilt(id: string, reason: string): Promise<void> {
    await this.logOf(id).end(`failed: ${reason}`, 'error');
    await this.tellDeploys(id);
  }

  private async build(found: BuildWithApp, taken: TakenBuild, interruption: Interruption): Promise<void> {
    const { id } = found.build;
    const log = this.logOf(id);
    const attempt = { build: found.build, app: found.app.name, host: taken.place?.host.name ?? null };
    const run = (): Promise<TryEnd> => this.tryOnce(found, taken, { log, interruption });
    const end = await this.traces.attempt(attempt, run, ({ kind }) => (kind === 'made' ? null : kind));
    if (end.kind === 'interrupted') return this.leave(id, log, interruption);
    if (end.kind === 'host_lost') return this.lose(found, log, end.reason);
    await this.end(id, log, end);
  }

  private async tryOnce(found: BuildWithApp, taken: TakenBuild, { log, interruption }: Telling): Promise<TryEnd> {
    const { build } = found;
    if (build.cancelRequestedAt !== null)
      return { kind: 'failed', outcome: 'canceled', reason: await this.attempt.cancelSentence(build.id) };
    if (taken.place === null) return refused(found, taken.refusal);
    const attempt = await this.progress.begin(build.id);
    if (attempt > MOST_ATTEMPTS) return { kind: 'failed', outcome: 'failed', reason: BUILD_FAILURES.killed };
    return this.attempt.make({ found, place: taken.place, log, interruption });
  }

  private async end(id: string, log: BuildLog, end: Ended): Promise<void> {
    if (end.kind === 'made') {
      await log.end(`completed: ${end.image}`, 'info');
      await this.progress.complete(id, end.image);
    } else {
      await log.end(`failed: ${end.reason}`, 'error');
      await this.progress.fail(id, end.reason, end.outcome);
    }
    await this.tellDeploys(id);
  }

  /** Its host is gone: it goes back into the queue, for another host, but not for ever. */
  private async lose({ build }: BuildWithApp, log: BuildLog, reason: string): Promise<void> {
    const most = this.environment.BUILD_HOST_RETRIES;
    const next = build.hostLosses + 1;
    if (next > most) {
      const often = most === 0 ? reason : `${reason}; it was begun again ${most} times (BUILD_HOST_RETRIES)`;
      return this.end(build.id, log, { kind: 'failed', outcome: 'host_lost', reason: often });
    }
    await log.end(`${reason}; it is begun again on another host (${next} of ${most})`, 'warn');
    await this.progress.putBack(build.id, true);
  }

  /** An engine that is stopped puts the build back, and that it was begun does not count. */
  private async leave(id: string, log: BuildLog, { stop }: Interruption): Promise<void> {
    await log.end('the engine stops building here; the next one begins this build again', 'warn');
    if (stop.aborted) await this.progress.putBack(id);
  }

  private logOf(id: string): BuildLog {
    return new BuildLog(this.logBook, { subject: 'build', id }, this.environment.LOG_LINES_PER_BUILD);
  }

  private async tellDeploys(id: string): Promise<void> {
    const waiting = await this.progress.waitingFor(id);
    await Promise.all(waiting.map((key) => this.queue.send({ kind: 'app_environment', ...key })));
  }
}

interface Telling {
  readonly log: BuildLog;
  readonly interruption: Interruption;
}

/** No host can take it; where one was lost under it before, that is why. */
function refused({ build }: BuildWithApp, refusal: string | null): TryEnd {
  const reason = refusal ?? 'it was given no host';
  if (build.hostLosses === 0) return { kind: 'failed', outcome: 'failed', reason };
  const lost = `host ${build.containerHost} was lost while building, and there is no other: ${reason}`;
  return { kind: 'failed', outcome: 'host_lost', reason: lost };
}

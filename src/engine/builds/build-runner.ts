import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import {
  BUILD_FAILURES,
  failureSentence,
  LONGEST_BUILD_MINUTES,
  MOST_ATTEMPTS,
} from '../../domain/build/failure-sentence.js';
import { DomainError, sentenceOf } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { Leases } from '../../store/leases.js';
import { LogBook } from '../../store/log-book.js';
import { BuildProgress, type BuildWithApp } from '../../store/repositories/build-progress.js';
import { EngineIdentity } from '../engine-identity.js';
import { BuildLog } from './build-log.js';
import { HeldLease } from './held-lease.js';
import { ImageMaker } from './image-maker.js';
import { Slots } from './slots.js';
import { unlessAborted } from './unless-aborted.js';

/** How long a lease lasts, in milliseconds: a dead engine's build is begun again within it and a sweep. */
const LEASE = 30_000;
const MINUTE = 60_000;

/** What ends a build early, for which the build is not to blame. */
interface Interruption {
  /** The engine is stopped. */
  readonly stop: AbortSignal;
  /** Another engine may be at it. */
  readonly lost: AbortSignal;
}

/** How a build ended; null: it did not, and the next engine begins it again. */
type End = { readonly image: string } | { readonly failure: string } | null;

/** Runs builds: each once, however many ask, in one engine or in several. */
@Injectable()
export class BuildRunner {
  private readonly running = new Map<string, Promise<void>>();
  private readonly slots: Slots;

  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly engine: EngineIdentity,
    private readonly leases: Leases,
    private readonly logBook: LogBook,
    private readonly progress: BuildProgress,
    private readonly maker: ImageMaker,
    environment: Environment,
  ) {
    this.slots = new Slots(environment.ENGINE_CONCURRENCY);
  }

  /** Brings a build to its end. Resolves then, or when another engine is at it; never rejects. */
  async run(buildId: string, signal: AbortSignal): Promise<void> {
    const running = this.running.get(buildId);
    if (running !== undefined) return running;
    const run = this.runInTurn(buildId, signal)
      .catch((error: unknown) => this.engine.log.error({ build: buildId, error: sentenceOf(error) }, 'build run ended'))
      .finally(() => this.running.delete(buildId));
    this.running.set(buildId, run);
    return run;
  }

  private async runInTurn(buildId: string, signal: AbortSignal): Promise<void> {
    if (!(await this.slots.take(signal))) return;
    try {
      await this.runUnderLease(buildId, signal);
    } finally {
      this.slots.give();
    }
  }

  private async runUnderLease(buildId: string, stop: AbortSignal): Promise<void> {
    const request = { key: `build:${buildId}`, holder: this.engine.name, reason: 'building', milliseconds: LEASE };
    const lease = await HeldLease.take(this.leases, request, this.clock);
    // Its holder may have been killed: then the lease has run out when the trigger comes again.
    if (lease === null) return this.queue.send({ kind: 'build', buildId }, LEASE);
    try {
      const found = await this.progress.read(buildId);
      if (found?.build.state === 'in_progress') await this.build(found, { stop, lost: lease.signal });
    } finally {
      await lease.release();
    }
  }

  private async build(found: BuildWithApp, interruption: Interruption): Promise<void> {
    const { id } = found.build;
    const log = new BuildLog(this.logBook, { subject: 'build', id });
    const attempt = await this.progress.begin(id);
    const end =
      attempt > MOST_ATTEMPTS ? { failure: BUILD_FAILURES.killed } : await this.make(found, log, interruption);
    if (end === null) return this.leave(id, log, interruption);
    if ('failure' in end) {
      await log.end(`failed: ${end.failure}`, 'error');
      await this.progress.fail(id, end.failure);
    } else {
      await log.end(`completed: ${end.image}`, 'info');
      await this.progress.complete(id, end.image);
    }
    await this.tellDeploys(id);
  }

  /** Only what a build can be blamed for ends it. Any other fault is thrown: the sweep finds the build as it was. */
  private async make(found: BuildWithApp, log: BuildLog, { stop, lost }: Interruption): Promise<End> {
    const late = new AbortController();
    const done = new AbortController();
    void this.clock.sleep(LONGEST_BUILD_MINUTES * MINUTE, done.signal).then(() => {
      if (!done.signal.aborted) late.abort(new DomainError('unavailable', BUILD_FAILURES.tooLong));
    });
    const signal = AbortSignal.any([stop, lost, late.signal]);
    try {
      return { image: await unlessAborted(this.maker.make(found, { log, signal }), signal) };
    } catch (error) {
      if (stop.aborted || lost.aborted) return null;
      const cause = late.signal.aborted ? (late.signal.reason as unknown) : error;
      if (!(cause instanceof DomainError)) throw cause;
      return { failure: failureSentence(cause.message) };
    } finally {
      done.abort();
    }
  }

  /** An engine that is stopped leaves the build in progress, and that it was begun does not count. */
  private async leave(id: string, log: BuildLog, { stop }: Interruption): Promise<void> {
    await log.end('the engine stops building here; the next one begins this build again', 'warn');
    if (stop.aborted) await this.progress.giveBack(id);
  }

  private async tellDeploys(id: string): Promise<void> {
    const waiting = await this.progress.waitingFor(id);
    await Promise.all(waiting.map((key) => this.queue.send({ kind: 'app_environment', ...key })));
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { Leases, type Lease } from '../../store/leases.js';
import { LogBook } from '../../store/log-book.js';
import { BuildProgress, type BuildWithApp } from '../../store/repositories/build-progress.js';
import { EngineIdentity } from '../engine-identity.js';
import { BuildLog } from './build-log.js';
import { ImageMaker } from './image-maker.js';

/** How long a lease lasts, and how often it is renewed, in milliseconds. */
const LEASE = 30_000;
const RENEW_EVERY = 10_000;
/** A build that was begun so often without an end kills its engine, and is not begun again. */
const MOST_ATTEMPTS = 3;
/** A build that takes longer hangs, in milliseconds. */
const TIME_LIMIT = 60 * 60_000;

/** Runs builds: each once, however many ask, in one engine or in several. */
@Injectable()
export class BuildRunner {
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    private readonly engine: EngineIdentity,
    private readonly leases: Leases,
    private readonly logBook: LogBook,
    private readonly progress: BuildProgress,
    private readonly maker: ImageMaker,
  ) {}

  /** Brings a build to its end. Resolves then, or when another engine is at it; never rejects. */
  async run(buildId: string, signal: AbortSignal): Promise<void> {
    const running = this.running.get(buildId);
    if (running !== undefined) return running;
    const run = this.runUnderLease(buildId, signal)
      .catch((error: unknown) => this.engine.log.error({ build: buildId, error: sentenceOf(error) }, 'build run ended'))
      .finally(() => this.running.delete(buildId));
    this.running.set(buildId, run);
    return run;
  }

  private async runUnderLease(buildId: string, signal: AbortSignal): Promise<void> {
    const request = { key: `build:${buildId}`, holder: this.engine.name, reason: 'building', milliseconds: LEASE };
    const lease = await this.leases.take(request);
    if (lease === null) return;
    const lost = new AbortController();
    const renewal = setInterval(() => void this.renew(lease, lost), RENEW_EVERY);
    try {
      const found = await this.progress.read(buildId);
      if (found?.build.state === 'in_progress') await this.build(found, { stop: signal, lost: lost.signal });
    } finally {
      clearInterval(renewal);
      await this.leases.release(lease);
    }
  }

  private async renew(lease: Lease, lost: AbortController): Promise<void> {
    const held = await this.leases.renew(lease, LEASE).catch(() => null);
    if (held === false) lost.abort(new Error('another engine took the build over'));
  }

  /** An engine that is stopped leaves the build in progress, for the next one to begin again. */
  private async build(found: BuildWithApp, { stop, lost }: { stop: AbortSignal; lost: AbortSignal }): Promise<void> {
    const { id } = found.build;
    const log = new BuildLog(this.logBook, { subject: 'build', id });
    const end = await this.attempt(found, log, AbortSignal.any([stop, lost, AbortSignal.timeout(TIME_LIMIT)]));
    if ((stop.aborted || lost.aborted) && 'failure' in end) {
      log.add('engine', 'the engine stops; the next one begins this build again', 'warn');
      return log.flush();
    }
    if ('failure' in end) log.add('engine', `failed: ${end.failure}`, 'error');
    else log.add('engine', `completed: ${end.image}`);
    await log.flush();
    if ('failure' in end) await this.progress.fail(id, end.failure);
    else await this.progress.complete(id, end.image);
    for (const key of await this.progress.waitingFor(id)) await this.queue.send({ kind: 'app_environment', ...key });
  }

  private async attempt(
    found: BuildWithApp,
    log: BuildLog,
    signal: AbortSignal,
  ): Promise<{ readonly image: string } | { readonly failure: string }> {
    const attempt = await this.progress.begin(found.build.id);
    if (attempt > MOST_ATTEMPTS)
      return { failure: `it was begun ${MOST_ATTEMPTS} times, and each time the engine was gone before its end` };
    try {
      return { image: await this.maker.make(found, { log, signal }) };
    } catch (error) {
      return { failure: sentenceOf(error) };
    }
  }
}

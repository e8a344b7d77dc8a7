import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import type { BuildOutcome } from '../../domain/build/build-lifecycle.js';
import type { BuildHost } from '../../domain/build/choose-build-host.js';
import { canceledSentence, failureSentence, tookTooLong } from '../../domain/build/failure-sentence.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { BuildProgress, type BuildWithApp } from '../../store/repositories/build-progress.js';
import { Redactors } from '../../store/redactors.js';
import { BuildLog } from './build-log.js';
import { HostLost } from './build-places.js';
import { ImageMaker } from './image-maker.js';

const MINUTE = 60_000;
/** How often it is looked whether somebody said that a build should end, in milliseconds. */
const LOOK_FOR_CANCEL = 1_000;
/** So long is waited for the proof that nothing runs on the host any more, in milliseconds; less by an engine that stops. */
const PROOF = 30_000;
const PROOF_AT_STOP = 5_000;

/** What ends a build early, for which the build is not to blame. */
export interface Interruption {
  /** The engine is stopped. */
  readonly stop: AbortSignal;
  /** Another engine may be at it. */
  readonly lost: AbortSignal;
}

/** One try at a build. */
export interface Try {
  readonly found: BuildWithApp;
  readonly place: BuildHost;
  readonly log: BuildLog;
  readonly interruption: Interruption;
}

/** How a try ended: with an image, for good, or such that the build is begun again. */
export type TryEnd =
  | { readonly kind: 'made'; readonly image: string }
  | { readonly kind: 'failed'; readonly outcome: Exclude<BuildOutcome, 'succeeded'>; readonly reason: string }
  | { readonly kind: 'host_lost'; readonly reason: string }
  | { readonly kind: 'interrupted' };

/** Tries to make the image of a build once, within its time, until somebody says that it should end. */
@Injectable()
export class BuildAttempt {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly progress: BuildProgress,
    private readonly maker: ImageMaker,
    private readonly redactors: Redactors,
    private readonly environment: Environment,
  ) {}

  /**
   * Resolves when nothing of the try runs any more, or when its host did not prove that in time. Throws only what the
   * build cannot be blamed for.
   */
  async make({ found, place, log, interruption: { stop, lost } }: Try): Promise<TryEnd> {
    const { id } = found.build;
    const minutes = found.app.buildTimeoutMinutes ?? this.environment.BUILD_TIMEOUT_MINUTES;
    const done = new AbortController();
    const late = this.after(minutes * MINUTE, done.signal);
    const canceled = this.watchForCancel(id, done.signal);
    const signal = AbortSignal.any([stop, lost, late, canceled]);
    const phase = (to: 'building' | 'pushing') => this.progress.enter(id, to);
    try {
      const work = this.maker.make(found, { log, place, phase, signal });
      return { kind: 'made', image: await this.proven(work, { log, place, signal, stop, lost }) };
    } catch (error) {
      if (stop.aborted || lost.aborted) return { kind: 'interrupted' };
      if (canceled.aborted) return { kind: 'failed', outcome: 'canceled', reason: await this.cancelSentence(id) };
      if (late.aborted) return { kind: 'failed', outcome: 'timed_out', reason: tookTooLong(minutes) };
      if (!(error instanceof DomainError)) throw error;
      const reason = failureSentence(await this.withoutSecrets(found, error.message));
      return error instanceof HostLost ? { kind: 'host_lost', reason } : { kind: 'failed', outcome: 'failed', reason };
    } finally {
      done.abort();
    }
  }

  /** The reason may quote what the build printed. */
  private async withoutSecrets({ app }: BuildWithApp, words: string): Promise<string> {
    return (await this.redactors.of({ appId: app.id, environmentId: null })).quote(words);
  }

  /** Why it ends, where somebody said that it should. */
  async cancelSentence(id: string): Promise<string> {
    return canceledSentence((await this.progress.read(id))?.build.cancelReason ?? null);
  }

  /** The work's own end, also after the signal: it ends when the host has proven that nothing runs. Not for ever. */
  private async proven(work: Promise<string>, { log, place, signal, stop, lost }: Watched): Promise<string> {
    const over = new AbortController();
    const unproven = new Promise<never>((_resolve, reject) => {
      const giveUp = async () => {
        const patience = stop.aborted ? PROOF_AT_STOP : PROOF;
        if (!lost.aborted) await this.clock.sleep(patience, AbortSignal.any([over.signal, lost]));
        if (over.signal.aborted) return;
        const told = `host ${place.host.name} did not prove within ${patience / 1000} s that the build has stopped there`;
        if (!lost.aborted) log.add('engine', told, 'warn');
        reject(signal.reason as Error);
      };
      if (signal.aborted) void giveUp();
      else signal.addEventListener('abort', () => void giveUp(), { once: true, signal: over.signal });
    });
    return Promise.race([work, unproven]).finally(() => over.abort());
  }

  /** Aborted after so many milliseconds. */
  private after(milliseconds: number, done: AbortSignal): AbortSignal {
    const late = new AbortController();
    void this.clock.sleep(milliseconds, done).then(() => {
      if (!done.aborted) late.abort(new Error('the time of the build is over'));
    });
    return late.signal;
  }

  /** Aborted when the row says that the build should end. A database that is away is asked again. */
  private watchForCancel(id: string, done: AbortSignal): AbortSignal {
    const canceled = new AbortController();
    const watch = async () => {
      while (!done.aborted && !canceled.signal.aborted) {
        await this.clock.sleep(LOOK_FOR_CANCEL, done);
        if (done.aborted) return;
        if (await this.progress.isCanceled(id).catch(() => false)) canceled.abort(new Error('somebody canceled it'));
      }
    };
    void watch();
    return canceled.signal;
  }
}

/** What is waited for, and what may end the waiting. */
interface Watched extends Pick<Try, 'log' | 'place'>, Interruption {
  readonly signal: AbortSignal;
}

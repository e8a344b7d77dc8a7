import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { WORK_QUEUE, type WorkQueue } from '../../ports/work-queue.js';
import { EngineIdentity } from '../engine-identity.js';
import { BuildRunner, LEASE } from './build-runner.js';
import { BuildTurns, type Look } from './build-turns.js';

/** How long until the queue is looked at again where Consul or Postgres did not answer, in milliseconds. */
const AGAIN = 5_000;
/** After so many milliseconds another engine is asked to take what this one has no room for. */
const TO_OTHERS = 1_000;

/** Who had asked when a look began, and until when it counts. */
interface Asking {
  readonly asked: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Runs builds: each once, however many ask, in one engine or in several. A trigger only says "look": what is next, and
 * who takes it, is decided in Postgres for all engines together.
 */
@Injectable()
export class BuildDispatcher {
  private readonly working = new Map<string, Promise<void>>();
  /** Those that were asked for here, and who waits for their end. */
  private readonly asked = new Map<string, { readonly promise: Promise<void>; readonly resolve: () => void }>();
  private readonly heeded = new WeakSet<AbortSignal>();
  private looking: Promise<void> | null = null;
  private lookAgain = false;
  private waitsToLook = false;

  constructor(
    @Inject(WORK_QUEUE) private readonly queue: WorkQueue,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly engine: EngineIdentity,
    private readonly turns: BuildTurns,
    private readonly runner: BuildRunner,
    private readonly environment: Environment,
  ) {}

  /**
   * Sees to a build. Resolves when it has ended, when another engine is at it, or when this one is stopped; never
   * rejects. What `signal` says counts for all builds that are taken then.
   */
  async run(buildId: string, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const known = this.asked.get(buildId);
    const asked = known ?? this.ask(buildId, signal);
    void this.look(signal);
    return asked.promise;
  }

  /** Resolves when no work of this engine is under way: to be awaited once its signal is aborted. */
  async atRest(): Promise<void> {
    await this.looking;
    while (this.working.size > 0) await Promise.all(this.working.values());
  }

  private ask(id: string, signal: AbortSignal) {
    this.answerAllAfter(signal);
    let resolve = (): void => undefined;
    const promise = new Promise<void>((settle) => (resolve = settle));
    const asked = { promise, resolve };
    this.asked.set(id, asked);
    return asked;
  }

  private answerAllAfter(signal: AbortSignal): void {
    if (this.heeded.has(signal)) return;
    this.heeded.add(signal);
    const answerAll = () => void this.atRest().then(() => [...this.asked.keys()].forEach((id) => this.answer(id)));
    signal.addEventListener('abort', answerAll, { once: true });
  }

  private answer(id: string): void {
    this.asked.get(id)?.resolve();
    this.asked.delete(id);
  }

  /** One look at a time; asked for meanwhile, one more follows, which sees what the first did not. */
  private async look(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    this.lookAgain = true;
    this.looking ??= this.lookUntilSeen(signal);
    return this.looking;
  }

  private async lookUntilSeen(signal: AbortSignal): Promise<void> {
    while (this.lookAgain && !signal.aborted) {
      this.lookAgain = false;
      try {
        const mineNow = new Set(this.working.keys());
        // Whoever asks while the queue is read may ask for what was written after that.
        const asked = [...this.asked.keys()];
        const room = this.environment.ENGINE_CONCURRENCY - mineNow.size;
        await this.carryOut(await this.turns.take({ mineNow, room, lease: LEASE }), { asked, signal });
      } catch (error) {
        this.engine.log.warn({ error: sentenceOf(error) }, 'the queue of builds could not be looked at');
        void this.lookLater(AGAIN, signal);
      }
    }
    // In the same breath as the last question whether to look again: who asks after it begins anew.
    this.looking = null;
  }

  private async carryOut(look: Look, { asked, signal }: Asking): Promise<void> {
    for (const taken of look.taken) this.begin(taken.id, this.runner.run(taken, signal), signal);
    const [first] = look.leftToOthers;
    if (first !== undefined) await this.queue.send({ kind: 'build', buildId: first }, TO_OTHERS);
    for (const { id, reason } of look.superseded) await this.runner.tellUnbuilt(id, reason);
    for (const id of asked) {
      const waits = look.waiting.has(id) || look.leftToOthers.includes(id);
      if (!waits && !this.working.has(id)) this.answer(id);
    }
    // Their engine may be killed; its leases have run out by then.
    if (look.othersWork) void this.lookLater(LEASE, signal);
  }

  private begin(id: string, run: Promise<void>, signal: AbortSignal): void {
    const work = run.finally(() => {
      this.working.delete(id);
      void this.look(signal);
    });
    this.working.set(id, work);
  }

  /** By itself: a trigger through the queue may be lost by then. */
  private async lookLater(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.waitsToLook) return;
    this.waitsToLook = true;
    await this.clock.sleep(milliseconds, signal);
    this.waitsToLook = false;
    if (!signal.aborted) await this.look(signal);
  }
}

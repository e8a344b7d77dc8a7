import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { planScale } from '../../domain/autoscale/plan-scale.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import { ScaleSurvey } from '../../observation/scale-survey.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import type { Trigger } from '../../ports/work-queue.js';
import { Leases } from '../../store/leases.js';
import type { WorkerScalingRow } from '../../store/entities/index.js';
import { WorkerScalings } from '../../store/repositories/worker-scalings.js';
import { HeldLease } from '../builds/held-lease.js';
import { EngineIdentity } from '../engine-identity.js';
import { RepeatedWork } from '../lookout/repeated-work.js';

/** How long the lease lasts, in milliseconds; it is renewed while a pass goes on. */
const LEASE = 30_000;

/** So many workers are measured at once. */
const AT_ONCE = 8;

/** Scales workers by their schedules and metrics, in turns: one engine of all at a time. */
@Injectable()
export class Autoscaler {
  private readonly stopping = new AbortController();
  private readonly work = new RepeatedWork(() => this.repeat());
  private receive: (trigger: Trigger) => void = () => undefined;
  private passing: Promise<void> = Promise.resolve();

  constructor(
    private readonly scalings: WorkerScalings,
    private readonly survey: ScaleSurvey,
    private readonly leases: Leases,
    private readonly engine: EngineIdentity,
    private readonly environment: Environment,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Begins; the apps whose workers were scaled are handed to `receive`. */
  start(receive: (trigger: Trigger) => void): void {
    this.receive = receive;
    this.askAgain();
  }

  /** Begins nothing by itself any more; {@link pass} still can be asked for. */
  async rest(): Promise<void> {
    this.work.stop();
    await this.passing;
  }

  /** Begins nothing more, and resolves when what is under way is done. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.rest();
  }

  /** Looks at every worker that scales, unless another engine does. Never rejects. */
  async pass(): Promise<void> {
    try {
      const request = { key: 'autoscale', holder: this.engine.name, reason: 'scaling workers', milliseconds: LEASE };
      const taken = await this.leases.take(request);
      if (taken === null) return;
      const lease = HeldLease.hold(this.leases, taken, { milliseconds: LEASE, clock: this.clock });
      await this.lookAtAll(AbortSignal.any([this.stopping.signal, lease.signal])).finally(() => lease.release());
    } catch (error) {
      this.engine.log.warn({ error: sentenceOf(error) }, 'workers could not be scaled');
    }
  }

  private async repeat(): Promise<void> {
    this.passing = this.pass();
    await this.passing;
    this.askAgain();
  }

  private askAgain(): void {
    this.work.ask(this.environment.SCALING_INTERVAL_SECONDS * 1000);
  }

  private async lookAtAll(signal: AbortSignal): Promise<void> {
    const rest = (await this.scalings.all()).values();
    const one = async (): Promise<void> => {
      for (const scaling of rest) if (!signal.aborted) await this.lookAt(scaling, signal);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  }

  /** One that cannot be looked at does not keep the others from it. */
  private async lookAt(scaling: WorkerScalingRow, signal: AbortSignal): Promise<void> {
    try {
      const snapshot = await this.survey.take(scaling, signal);
      if (signal.aborted) return;
      const decision = { scaling, plan: planScale(snapshot), from: snapshot.current, at: snapshot.now };
      const written = await this.scalings.decide(decision);
      if (written === null) return;
      const { id, appId, environmentId } = written.worker;
      this.engine.log.info(
        { worker: id, scale: written.worker.scale, reason: decision.plan.reason },
        'scaled a worker',
      );
      this.receive({ kind: 'app_environment', appId, environmentId });
    } catch (error) {
      this.engine.log.warn({ worker: scaling.workerId, error: sentenceOf(error) }, 'a worker could not be scaled');
    }
  }
}

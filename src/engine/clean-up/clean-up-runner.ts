import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../../config/environment.js';
import { sentenceOf } from '../../domain/kernel/errors.js';
import type { Removal } from '../../domain/retention/removal.js';
import { whatMayGo } from '../../domain/retention/what-may-go.js';
import { RetentionSurvey } from '../../observation/retention-survey.js';
import { CLOCK, type Clock } from '../../ports/clock.js';
import { Leases } from '../../store/leases.js';
import { CleanUps } from '../../store/repositories/clean-ups.js';
import { OldLogs } from '../../store/repositories/old-logs.js';
import { HeldLease } from '../builds/held-lease.js';
import { EngineIdentity } from '../engine-identity.js';
import { Remover } from './remover.js';

/** How long the lease lasts, in milliseconds; it is renewed while the clean-up goes on. */
const LEASE = 30_000;

/** Runs clean-ups: one at a time among all engines, and again from its beginning where an engine was killed at it. */
@Injectable()
export class CleanUpRunner {
  private running: Promise<void> | null = null;

  constructor(
    private readonly cleanUps: CleanUps,
    private readonly survey: RetentionSurvey,
    private readonly remover: Remover,
    private readonly oldLogs: OldLogs,
    private readonly leases: Leases,
    private readonly engine: EngineIdentity,
    private readonly environment: Environment,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Runs what is asked for, and what is due; resolves when nothing is left that this engine could run. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    this.running ??= this.runAll(signal)
      .catch((error: unknown) => this.engine.log.warn({ error: sentenceOf(error) }, 'a clean-up did not come through'))
      .finally(() => (this.running = null));
    return this.running;
  }

  private async runAll(signal: AbortSignal): Promise<void> {
    const hours = this.environment.RETENTION_INTERVAL_HOURS;
    if (hours > 0) await this.cleanUps.askIfDue(hours);
    for (const id of await this.cleanUps.open()) await this.runUnderLease(id, signal);
  }

  private async runUnderLease(id: string, stop: AbortSignal): Promise<void> {
    const request = { key: 'clean_up', holder: this.engine.name, reason: `clean-up ${id}`, milliseconds: LEASE };
    const taken = await this.leases.take(request);
    if (taken === null) return;
    const lease = HeldLease.hold(this.leases, taken, { milliseconds: LEASE, clock: this.clock });
    try {
      if (await this.cleanUps.begin(id)) await this.cleanUp(id, AbortSignal.any([stop, lease.signal]));
    } finally {
      await lease.release();
    }
  }

  /** What one removal fails of is noted; the others are done all the same. One that is stopped is begun again later. */
  private async cleanUp(id: string, signal: AbortSignal): Promise<void> {
    const surveyed = await this.survey.take().catch((error: unknown) => this.giveUp(id, error));
    if (surveyed === null) return;
    const troubles = [...surveyed.troubles];
    const removed: Removal[] = [];
    for (const removal of whatMayGo(surveyed.snapshot).remove) {
      if (signal.aborted) return;
      const done = await this.remover
        .remove(removal, surveyed)
        .catch((error: unknown) => void troubles.push(sentenceOf(error)));
      if (done != null) removed.push(done);
    }
    const { logsBefore } = surveyed;
    const logsRemoved = logsBefore === null ? 0 : await this.oldLogs.remove(logsBefore);
    await this.cleanUps.complete(id, { removed, logsRemoved, troubles });
    this.engine.log.info({ cleanUp: id, removed: removed.length, troubles: troubles.length }, 'cleaned up');
  }

  private async giveUp(id: string, error: unknown): Promise<null> {
    await this.cleanUps.fail(id, sentenceOf(error));
    return null;
  }
}

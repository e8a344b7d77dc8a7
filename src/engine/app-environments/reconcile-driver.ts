import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../../ports/clock.js';
import type { ReconcileRow } from '../../store/entities/index.js';
import { DeployProgress } from '../../store/repositories/deploy-progress.js';
import { earlier } from './earlier.js';
import { Mender } from './mender.js';
import type { Look, Outlook } from './pass.js';
import { RoomSeeker } from './room-seeker.js';

/** A slot without a place is tried again after so long, in milliseconds: a host may have come or got room. */
const PLACE_AGAIN_AFTER = 30_000;

/** Makes what runs equal to what should run, while no deploy is in progress. */
@Injectable()
export class ReconcileDriver {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly progress: DeployProgress,
    private readonly mender: Mender,
    private readonly rooms: RoomSeeker,
  ) {}

  /** One look; ends the reconciles that were asked for when there is nothing left to do. */
  async look(look: Look): Promise<Outlook> {
    const { steps, again, busy, problem, dueAt, lookAgainAt } = await this.mender.mend(look);
    for (const { id } of look.state.reconciles) await this.progress.addToReconcile(id, steps);
    if (problem !== null) await this.rooms.call(look.state);
    if (again) return { kind: 'again' };
    if (busy || dueAt !== null) return { kind: 'wait', until: dueAt };
    for (const reconcile of look.state.reconciles) await this.end(look, reconcile, problem);
    const retryAt = problem === null ? null : this.clock.now() + PLACE_AGAIN_AFTER;
    return { kind: 'settled', lookAgainAt: earlier(lookAgainAt, retryAt) };
  }

  private async end({ story, state }: Look, reconcile: ReconcileRow, problem: string | null): Promise<void> {
    const failed = state.lastAttempts.find(
      ({ failures, endedAt }) => failures > 0 && (endedAt ?? 0) > reconcile.createdAt.getTime(),
    );
    const reason = problem ?? (failed === undefined ? null : `slot ${failed.slot} failed and waits to be tried again`);
    await this.progress.endReconcile(reconcile.id, state.app.id, reason);
    await story.tell(
      reason === null ? 'reconciled' : `reconcile failed: ${reason}`,
      reason === null ? 'info' : 'error',
    );
  }
}

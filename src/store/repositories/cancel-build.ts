import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { canceledSentence } from '../../domain/build/failure-sentence.js';
import { DomainError, notFound } from '../../domain/kernel/errors.js';
import { BuildRow } from '../entities/index.js';
import { BuildQueue } from './build-queue.js';
import { idOrNotFound } from './directory.js';

/** What came of the wish to cancel: it ended now, an engine is asked to end it, or that was said before. */
export type Canceling = 'ended' | 'asked' | 'known';

/** Ends builds that somebody does not want any more. */
@Injectable()
export class CancelBuild {
  constructor(private readonly dataSource: DataSource) {}

  /** One that waits ends at once. Throws `conflict` for one that has ended otherwise. */
  async cancel(id: string, reason: string | null): Promise<Canceling> {
    return this.dataSource.transaction(async (manager) => {
      const where = { id: idOrNotFound('build', id) };
      const build = await manager.findOne(BuildRow, { where, lock: { mode: 'pessimistic_write' } });
      if (build === null) throw notFound('build', id);
      if (build.outcome === 'canceled' || build.cancelRequestedAt !== null) return 'known';
      if (build.state !== 'in_progress') throw settledConflict(build);
      await manager.update(BuildRow, { id }, { cancelRequestedAt: new Date(), cancelReason: reason });
      const end = { outcome: 'canceled', reason: canceledSentence(reason) } as const;
      return (await BuildQueue.endWaiting(manager, id, end)) ? 'ended' : 'asked';
    });
  }
}

function settledConflict({ id, state, outcome }: BuildRow): DomainError {
  const end = outcome === null || state === 'completed' ? state : `${state}, ${outcome}`;
  return new DomainError('conflict', `Build ${id} has settled (${end}): there is nothing to cancel.`);
}

import { DomainError } from '../kernel/errors.js';
import { findRelease, PREVIOUS, type ReleaseSearch } from './find-release.js';
import { type ReleaseFacts, releaseName } from './release-facts.js';

/** What is to be rolled back to, and what stands before it. */
export interface RollbackSearch extends ReleaseSearch {
  /** Id of the deploy that the rollback waits for; null for one that begins now. */
  readonly waitsFor: string | null;
}

/**
 * The release that a rollback brings back. Throws `unprocessable_entity` for one that is current already, and for
 * `previous` while a deploy is waited for: what is current when that has ended decides what is previous then, and nobody
 * knows it now. A rollback that waits may go to what is current now, as the deploy before it may change that.
 */
export function rollbackTarget(search: RollbackSearch): ReleaseFacts {
  const { key, history, place, waitsFor } = search;
  if (waitsFor !== null && key.toLowerCase() === PREVIOUS)
    throw new DomainError(
      'unprocessable_entity',
      `Which release is previous is not known before deploy ${waitsFor} has ended: name it, as v41, or cancel that deploy.`,
    );
  const release = findRelease(search);
  const current = history.reduce((newest, each) => (each.number > newest.number ? each : newest));
  if (waitsFor === null && release.content === current.content) throw isCurrent(release, current, place);
  return release;
}

function isCurrent(release: ReleaseFacts, current: ReleaseFacts, place: string): DomainError {
  const as = release.id === current.id ? '' : `, as ${releaseName(current)}`;
  return new DomainError(
    'unprocessable_entity',
    `${releaseName(release)} of ${place} is current already${as}: there is nothing to bring back. A deploy in progress is taken back by POST /deploys/:id/cancel.`,
  );
}

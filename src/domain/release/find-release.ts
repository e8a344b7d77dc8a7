import { DomainError, invalid } from '../kernel/errors.js';
import { previousRelease } from './previous-release.js';
import { type ReleaseFacts, releaseName } from './release-facts.js';

/** The word for {@link previousRelease}. */
export const PREVIOUS = 'previous';

/** `v41`, a commit id of at least 7 digits, or `previous`. */
export const RELEASE_KEY = /^(?:v[1-9][0-9]{0,8}|[0-9a-f]{7,40}|previous)$/i;

/** What {@link RELEASE_KEY} says, in words. */
export const RELEASE_KEY_SHAPE = 'a release as v41, a commit id of 7 to 40 hexadecimal digits, or previous';

/** So many releases are named to somebody who asked for one that is not there. */
const NAMED = 5;

/** Where a release is looked for. */
export interface ReleaseSearch {
  /** The field that the key came in. */
  readonly field: string;
  /** See {@link RELEASE_KEY}. */
  readonly key: string;
  /** Every release of one app in one environment. */
  readonly history: readonly ReleaseFacts[];
  /** `sample in production`, for people. */
  readonly place: string;
}

/**
 * The release that a key names: of a commit the newest release, as that is how it ran last. Throws
 * `unprocessable_entity`, naming the newest releases, for one that is not there, and `record_invalid` for a shortened
 * commit id that is the beginning of several.
 */
export function findRelease(search: ReleaseSearch): ReleaseFacts {
  const { history, place } = search;
  const key = search.key.toLowerCase();
  if (history.length === 0)
    throw new DomainError('unprocessable_entity', `There is no release of ${place} yet: nothing was deployed there.`);
  const found = key === PREVIOUS ? previousRelease(history) : named(search, key);
  if (found !== null) return found;
  const what = key === PREVIOUS ? `nothing before ${newestName(history)} that differs from it` : `no release ${key}`;
  throw new DomainError('unprocessable_entity', `There is ${what} of ${place}. ${theNewest(history)}`);
}

function named({ field, history }: ReleaseSearch, key: string): ReleaseFacts | null {
  if (key.startsWith('v')) return history.find((release) => releaseName(release) === key) ?? null;
  const matching = newestFirst(history).filter(({ sha }) => sha.startsWith(key));
  const shas = [...new Set(matching.map(({ sha }) => sha))];
  if (shas.length > 1)
    throw invalid(
      field,
      `is the beginning of ${shas.length} commits (${shas.slice(0, NAMED).join(', ')}); say more of it.`,
    );
  return matching[0] ?? null;
}

function theNewest(history: readonly ReleaseFacts[]): string {
  const some = newestFirst(history).slice(0, NAMED);
  const names = some.map((release) => `${releaseName(release)} (${release.sha.slice(0, 12)})`).join(', ');
  return history.length > NAMED ? `The newest are ${names}; GET /releases has all.` : `There are ${names}.`;
}

function newestName(history: readonly ReleaseFacts[]): string {
  return newestFirst(history).slice(0, 1).map(releaseName).join('');
}

function newestFirst(history: readonly ReleaseFacts[]): readonly ReleaseFacts[] {
  return [...history].sort((a, b) => b.number - a.number);
}

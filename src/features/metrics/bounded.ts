/** So many environments, hosts, pools and workers get series of their own; the rest share one called `other`. */
export const MOST_PLACES = 50;
export const MOST_HOSTS = 500;
export const MOST_WORKERS = 1_000;

/** What stands for all that have no series of their own. No app, worker, environment or host needs that name. */
export const OTHER = 'other';

/** Says for each of some names what it is called: the first ones by the alphabet keep theirs. */
export function withinNames(names: readonly string[], most: number): (name: string) => string {
  const kept = new Set([...new Set(names)].sort().slice(0, most));
  return (name) => (kept.has(name) ? name : OTHER);
}

/** The first ones, and what is beyond the limit. */
export function splitAt<T>(all: readonly T[], most: number): readonly [readonly T[], readonly T[]] {
  return [all.slice(0, most), all.slice(most)];
}

/** The sum of something over all. */
export const sumOf = <T>(all: readonly T[], of: (each: T) => number): number =>
  all.reduce((sum, each) => sum + of(each), 0);

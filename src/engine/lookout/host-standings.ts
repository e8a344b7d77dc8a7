import type { Host } from '../../domain/host/host.js';
import type { Standings, WatchedPlace } from '../../store/repositories/lookout-records.js';

/** A pool's name in maps: `STACK/ENVIRONMENT`. */
export function poolOf({ stack, environment }: { readonly stack: string; readonly environment: string }): string {
  return `${stack}/${environment}`;
}

/** The hosts of pools as Consul last listed them; a pool that it was not asked for yet, or did not answer for, is not in it. */
export type PoolLists = ReadonlyMap<string, readonly Host[]>;

/**
 * Which hosts are lost. One that fails its checks in any pool is; so is one with living instances that is in no pool any
 * more, which only the lists of all pools can say: nothing is concluded from silence.
 */
export function standingsOf(places: readonly WatchedPlace[], lists: PoolLists): Standings {
  const listed = [...lists.values()].flat();
  const sick = listed.filter(({ healthy }) => !healthy).map(({ name }) => name);
  const known = new Set(listed.map(({ name }) => name));
  const complete = places.every((place) => lists.has(poolOf(place)));
  const gone = complete ? places.flatMap(({ hosts }) => hosts.filter((name) => !known.has(name))) : [];
  const lost = new Set([...sick, ...gone]);
  return { lost: [...lost], well: [...known].filter((name) => !lost.has(name)) };
}

/** Whether two lists of a pool say the same of what a pass decides from. */
export function sameHosts(one: readonly Host[], other: readonly Host[]): boolean {
  const words = (hosts: readonly Host[]) =>
    JSON.stringify(hosts.map((host) => [host.name, host.healthy, host.dockerUrl]));
  return words(one) === words(other);
}

import { type Need, TOO_MANY_FAILURES } from './placement.js';
import { mayTake } from './refuse-host.js';
import type { Room } from './room.js';

/** What the hosts have to do with the groups, apps and images of the needs; made in one pass over the hosts. */
export interface Lookup {
  /** The hosts that would do if they had room, by {@link Need.needsTcpDocker}. */
  readonly standing: ReadonlyMap<boolean, readonly Room[]>;
  /** Living instances of a group by host, and those that are placed now. Hosts without any are not in it. */
  readonly instances: ReadonlyMap<string, Map<Room, number>>;
  /** The hosts that keep failing an app. */
  readonly failing: ReadonlyMap<string, ReadonlySet<Room>>;
  /** The hosts that hold an image. */
  readonly holders: ReadonlyMap<string, readonly Room[]>;
}

/** Turns what each host knows into what is known of each group, app and image of these needs. */
export function lookUp(needs: readonly Need[], rooms: readonly Room[]): Lookup {
  const instances = new Map(needs.map(({ group }) => [group, new Map<Room, number>()]));
  const failing = new Map(needs.map(({ app }) => [app, new Set<Room>()]));
  const holders = new Map(needs.map(({ image }) => [image ?? '', [] as Room[]]));
  for (const room of rooms) {
    for (const [group, count] of room.candidate.groupCounts) if (count > 0) instances.get(group)?.set(room, count);
    for (const [app, count] of room.candidate.recentFailures)
      if (count >= TOO_MANY_FAILURES) failing.get(app)?.add(room);
    for (const image of room.candidate.images) holders.get(image)?.push(room);
  }
  return { standing: standingOf(needs, rooms), instances, failing, holders };
}

function standingOf(needs: readonly Need[], rooms: readonly Room[]): Map<boolean, readonly Room[]> {
  const kinds = new Map(needs.map((need) => [need.needsTcpDocker, need]));
  return new Map([...kinds].map(([kind, need]) => [kind, rooms.filter(({ candidate }) => mayTake(need, candidate))]));
}

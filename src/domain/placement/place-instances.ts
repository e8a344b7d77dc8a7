import { type Batch, type Shape, shapesOf } from './batches.js';
import { LeastLoaded } from './least-loaded.js';
import { type Lookup, lookUp } from './lookup.js';
import type { Candidate, Need, Placed, Placement, Refusal, Unplaced } from './placement.js';
import { PriorityQueue } from './priority-queue.js';
import { accepts, notFailing, refuseHost } from './refuse-host.js';
import { type Room, roomsOf } from './room.js';

/**
 * Finds a host for each need, or says why each host refuses. Hosts that keep failing the app come last. Among the
 * others: fewest instances of the group, then least full with the instance on it (the greater of the reserved shares
 * of memory and cores), then the image is there already, then by name.
 *
 * The same needs and hosts, in any order, give the same placement. Costs n log n in instances and hosts, and one pass
 * over the hosts for each different size of instance.
 */
export function placeInstances(needs: readonly Need[], candidates: readonly Candidate[]): Placement {
  const rooms = roomsOf(candidates);
  const lookup = lookUp(needs, rooms);
  const placements = shapesOf(needs).map((shape) => new ShapePlacer(shape, rooms, lookup).place());
  return {
    placed: placements.flatMap(({ placed }) => placed),
    unplaced: placements.flatMap(({ unplaced }) => unplaced),
  };
}

/** A host that a batch ranks by more than how full it is. */
interface Known {
  readonly room: Room;
  readonly failing: boolean;
  readonly instances: number;
  readonly load: number;
  readonly hasImage: boolean;
}

function ranksBefore(one: Known, other: Known): boolean {
  if (one.failing !== other.failing) return other.failing;
  if (one.instances !== other.instances) return one.instances < other.instances;
  if (one.load !== other.load) return one.load < other.load;
  if (one.hasImage !== other.hasImage) return one.hasImage;
  return one.room.order < other.room.order;
}

/** Places all needs of one size. */
class ShapePlacer {
  private readonly placed: Placed[] = [];
  private readonly unplaced: Unplaced[] = [];
  private readonly all: LeastLoaded;
  private readonly holders = new Map<string, LeastLoaded>();
  private refusals: readonly Refusal[] | null = null;

  constructor(
    private readonly shape: Shape,
    private readonly rooms: readonly Room[],
    private readonly lookup: Lookup,
  ) {
    this.all = new LeastLoaded(shape.first, rooms);
  }

  place(): Placement {
    for (const batch of this.shape.batches) this.placeBatch(batch);
    return { placed: this.placed, unplaced: this.unplaced };
  }

  /**
   * The hosts without an instance of the group come first, and of them only the least full is of interest; the hosts
   * with some, and those that keep failing the app, are few and stand in a queue of the batch's own.
   */
  private placeBatch({ first, needs }: Batch): void {
    const instances = this.lookup.instances.get(first.group) ?? new Map<Room, number>();
    const failing = this.lookup.failing.get(first.app) ?? new Set<Room>();
    const holders = this.holdersOf(first);
    const known = new PriorityQueue<Known>(ranksBefore, this.knownTo(first, instances, failing));
    const passOver = (room: Room): boolean => instances.has(room) || failing.has(room);
    for (const need of needs) {
      const room = this.firstNew(holders, passOver) ?? this.takeKnown(known, need);
      if (room === undefined) {
        this.unplaced.push({ need, refusals: this.refusalsOf(need) });
        continue;
      }
      this.assign(need, room);
      instances.set(room, (instances.get(room) ?? 0) + 1);
      known.push(this.rank(need, room, { instances, failing }));
    }
    this.all.restore();
    holders?.restore();
  }

  private firstNew(holders: LeastLoaded | undefined, passOver: (room: Room) => boolean): Room | undefined {
    const best = this.all.first(passOver);
    const holder = best && holders?.first(passOver);
    return holder !== undefined && holder.load === best?.load ? holder.room : best?.room;
  }

  /** A known host that is full is full for good: nothing is ever freed within a placement. */
  private takeKnown(known: PriorityQueue<Known>, need: Need): Room | undefined {
    for (let top = known.pop(); top !== undefined; top = known.pop()) {
      if (accepts(need, top.room.now)) return top.room;
    }
    return undefined;
  }

  private assign(need: Need, room: Room): void {
    this.placed.push({ need, host: room.now.host.name, despite: notFailing(need, room.now) });
    room.reserve(need);
  }

  private holdersOf({ image }: Need): LeastLoaded | undefined {
    const rooms = image === null ? undefined : this.lookup.holders.get(image);
    if (image === null || rooms === undefined || rooms.length === 0) return undefined;
    const holders = this.holders.get(image) ?? new LeastLoaded(this.shape.first, rooms);
    this.holders.set(image, holders);
    return holders;
  }

  private knownTo(need: Need, instances: ReadonlyMap<Room, number>, failing: ReadonlySet<Room>): Known[] {
    const rooms = new Set([...instances.keys(), ...failing]);
    return [...rooms].map((room) => this.rank(need, room, { instances, failing }));
  }

  private rank(
    need: Need,
    room: Room,
    { instances, failing }: { instances: ReadonlyMap<Room, number>; failing: ReadonlySet<Room> },
  ): Known {
    return {
      room,
      failing: failing.has(room),
      instances: instances.get(room) ?? 0,
      load: room.loadWith(need.resources),
      hasImage: need.image !== null && room.now.images.has(need.image),
    };
  }

  /** Where one need of this size finds no host, none will: the reasons are found once. */
  private refusalsOf(need: Need): readonly Refusal[] {
    this.refusals ??= this.rooms.map(({ now }) => ({ host: now.host.name, reason: refuseHost(need, now) ?? '' }));
    return this.refusals;
  }
}

import type { Batch, Shape } from './batches.js';
import { LeastLoaded } from './least-loaded.js';
import type { Lookup } from './lookup.js';
import type { Need, Placed, Refusal, Unplaced } from './placement.js';
import { PriorityQueue } from './priority-queue.js';
import { mayTake, notFailing, refuseHost } from './refuse-host.js';
import { type Room, type Size, sizeOf } from './room.js';

/** A host that holds instances of the group already, or keeps failing its app. */
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

/** What the hosts have to do with one batch. */
interface Relations {
  readonly instances: Map<Room, number>;
  readonly failing: ReadonlySet<Room>;
}

/** Places all needs of one size. */
export class ShapePlacer {
  private readonly size: Size;
  private readonly all: LeastLoaded;
  private readonly holders = new Map<string, LeastLoaded>();
  private refusals: readonly Refusal[] | null = null;

  constructor(
    private readonly shape: Shape,
    private readonly rooms: readonly Room[],
    private readonly lookup: Lookup,
  ) {
    this.size = sizeOf(shape.first);
    this.all = new LeastLoaded(this.size, lookup.standing.get(shape.first.needsTcpDocker) ?? []);
  }

  /** Adds the answer for each need to one of the lists. */
  placeInto(placed: Placed[], unplaced: Unplaced[]): void {
    for (const batch of this.shape.batches) {
      const rest = this.placeBatch(batch, placed);
      for (const need of rest) unplaced.push({ need, refusals: this.refusalsOf(need) });
    }
  }

  /**
   * New hosts of the group come first; only when none of them has room do the hosts that it knows come in. Answers the
   * needs that are left.
   */
  private placeBatch({ first, needs }: Batch, placed: Placed[]): readonly Need[] {
    const relations = {
      instances: this.lookup.instances.get(first.group) ?? new Map<Room, number>(),
      failing: this.lookup.failing.get(first.app) ?? new Set<Room>(),
    };
    const afterNew = this.placeOnNew(needs, relations, placed);
    return afterNew.length === 0 ? afterNew : this.placeOnKnown(afterNew, relations, placed);
  }

  /** On hosts without an instance of the group; of those only the least full is of interest. */
  private placeOnNew(needs: readonly Need[], { instances, failing }: Relations, placed: Placed[]): readonly Need[] {
    const holders = this.holdersOf(needs[0]?.image ?? null);
    const passOver = (room: Room): boolean => instances.has(room) || failing.has(room);
    let count = 0;
    for (const need of needs) {
      const best = this.all.first(passOver);
      if (best === undefined) break;
      const holder = holders?.first(passOver);
      const room = holder !== undefined && this.areEquallyFull(holder, best) ? holder : best;
      placed.push({ need, host: room.name, despite: null });
      this.assign(room, instances);
      count += 1;
    }
    this.all.restore();
    holders?.restore();
    return needs.slice(count);
  }

  /** On the others, in a queue of the batch's own. */
  private placeOnKnown(needs: readonly Need[], relations: Relations, placed: Placed[]): readonly Need[] {
    const rooms = new Set([...relations.instances.keys(), ...relations.failing]);
    const [first] = needs as [Need];
    const usable = [...rooms].filter((room) => mayTake(first, room.candidate) && room.fits(this.size));
    const queue = new PriorityQueue<Known>(
      ranksBefore,
      usable.map((room) => this.rank(first, room, relations)),
    );
    let count = 0;
    for (const need of needs) {
      const room = queue.pop()?.room;
      if (room === undefined) break;
      placed.push({ need, host: room.name, despite: notFailing(need, room.candidate) });
      this.assign(room, relations.instances);
      if (room.fits(this.size)) queue.push(this.rank(need, room, relations));
      count += 1;
    }
    return needs.slice(count);
  }

  private areEquallyFull(one: Room, other: Room): boolean {
    return one.loadWith(this.size) === other.loadWith(this.size);
  }

  private assign(room: Room, instances: Map<Room, number>): void {
    room.reserve(this.size);
    instances.set(room, (instances.get(room) ?? 0) + 1);
  }

  private rank({ image }: Need, room: Room, { instances, failing }: Relations): Known {
    return {
      room,
      failing: failing.has(room),
      instances: instances.get(room) ?? 0,
      load: room.loadWith(this.size),
      hasImage: image !== null && room.candidate.images.has(image),
    };
  }

  /** The hosts that hold the image, by the same order; undefined where none does. */
  private holdersOf(image: string | null): LeastLoaded | undefined {
    const rooms = image === null ? [] : (this.lookup.holders.get(image) ?? []);
    if (image === null || rooms.length === 0) return undefined;
    const known = this.holders.get(image);
    if (known !== undefined) return known;
    const usable = rooms.filter(({ candidate }) => mayTake(this.shape.first, candidate));
    const holders = new LeastLoaded(this.size, usable);
    this.holders.set(image, holders);
    return holders;
  }

  /** Where one need of this size finds no host, none will: the reasons are found once. */
  private refusalsOf(need: Need): readonly Refusal[] {
    this.refusals ??= this.rooms.map((room) => ({ host: room.name, reason: refuseHost(need, room.now()) ?? '' }));
    return this.refusals;
  }
}

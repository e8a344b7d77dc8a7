import type { Batch, Shape } from './batches.js';
import { LeastLoaded } from './least-loaded.js';
import type { Lookup } from './lookup.js';
import type { Need, Placed, Placement, Refusal, Unplaced } from './placement.js';
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
  private readonly placed: Placed[] = [];
  private readonly unplaced: Unplaced[] = [];
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
    this.all = this.leastLoadedOf(rooms);
  }

  place(): Placement {
    for (const batch of this.shape.batches) this.placeBatch(batch);
    return { placed: this.placed, unplaced: this.unplaced };
  }

  /** New hosts of the group come first; only when none of them has room do the hosts that it knows come in. */
  private placeBatch({ first, needs }: Batch): void {
    const relations = {
      instances: this.lookup.instances.get(first.group) ?? new Map<Room, number>(),
      failing: this.lookup.failing.get(first.app) ?? new Set<Room>(),
    };
    const onNew = this.placeOnNew(needs, relations);
    const onKnown = onNew < needs.length ? this.placeOnKnown(needs.slice(onNew), relations) : 0;
    for (const need of needs.slice(onNew + onKnown)) this.unplaced.push({ need, refusals: this.refusalsOf(need) });
  }

  /** On hosts without an instance of the group; of those only the least full is of interest. Answers how many fitted. */
  private placeOnNew(needs: readonly Need[], { instances, failing }: Relations): number {
    const holders = this.holdersOf(needs[0]?.image ?? null);
    const passOver = (room: Room): boolean => instances.has(room) || failing.has(room);
    let count = 0;
    for (const need of needs) {
      const best = this.all.first(passOver);
      if (best === undefined) break;
      const holder = holders?.first(passOver);
      const room = holder !== undefined && holder.load === best.load ? holder.room : best.room;
      this.assign(need, room, instances);
      count += 1;
    }
    this.all.restore();
    holders?.restore();
    return count;
  }

  /** On the others, in a queue of the batch's own. Answers how many fitted. */
  private placeOnKnown(needs: readonly Need[], relations: Relations): number {
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
      this.assign(need, room, relations.instances);
      if (room.fits(this.size)) queue.push(this.rank(need, room, relations));
      count += 1;
    }
    return count;
  }

  private assign(need: Need, room: Room, instances: Map<Room, number>): void {
    this.placed.push({ need, host: room.name, despite: notFailing(need, room.candidate) });
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

  private leastLoadedOf(rooms: readonly Room[]): LeastLoaded {
    return new LeastLoaded(
      this.size,
      rooms.filter(({ candidate }) => mayTake(this.shape.first, candidate)),
    );
  }

  /** The hosts that hold the image, by the same order; undefined where none does. */
  private holdersOf(image: string | null): LeastLoaded | undefined {
    const rooms = image === null ? [] : (this.lookup.holders.get(image) ?? []);
    if (image === null || rooms.length === 0) return undefined;
    const holders = this.holders.get(image) ?? this.leastLoadedOf(rooms);
    this.holders.set(image, holders);
    return holders;
  }

  /** Where one need of this size finds no host, none will: the reasons are found once. */
  private refusalsOf(need: Need): readonly Refusal[] {
    this.refusals ??= this.rooms.map((room) => ({ host: room.name, reason: refuseHost(need, room.now()) ?? '' }));
    return this.refusals;
  }
}

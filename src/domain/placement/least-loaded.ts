import { type Need } from './placement.js';
import { PriorityQueue } from './priority-queue.js';
import { accepts } from './refuse-host.js';
import type { Room } from './room.js';

/** A host and how full it would be with one more instance; may be older than the host's last instance. */
export interface Loaded {
  readonly room: Room;
  load: number;
}

/**
 * Hosts by how full they are, shared by all batches of one shape, so that a batch costs its own size and not the number
 * of hosts. Hosts only ever get fuller, so a rank that is out of date is too good, never too bad: it is enough to look
 * again at the host that comes first.
 */
export class LeastLoaded {
  private readonly queue: PriorityQueue<Loaded>;
  private aside: Loaded[] = [];

  /** @param need any need of the shape. */
  constructor(
    private readonly need: Need,
    rooms: readonly Room[],
  ) {
    const loaded = rooms.filter((room) => accepts(need, room.now)).map((room) => this.rank(room));
    this.queue = new PriorityQueue<Loaded>(lessLoaded, loaded);
  }

  /** The least loaded host that fits, passing over some until {@link restore}. */
  first(passOver: (room: Room) => boolean): Loaded | undefined {
    for (let top = this.queue.peek(); top !== undefined; top = this.queue.peek()) {
      if (passOver(top.room)) {
        this.aside.push(top);
        this.queue.pop();
      } else if (!accepts(this.need, top.room.now)) {
        this.queue.pop();
      } else if (!this.refresh(top)) {
        return top;
      }
    }
    return undefined;
  }

  /** Lets the hosts that were passed over in again. */
  restore(): void {
    for (const { room } of this.aside) if (accepts(this.need, room.now)) this.queue.push(this.rank(room));
    this.aside = [];
  }

  private rank(room: Room): Loaded {
    return { room, load: room.loadWith(this.need.resources) };
  }

  private refresh(top: Loaded): boolean {
    const load = top.room.loadWith(this.need.resources);
    if (load === top.load) return false;
    top.load = load;
    this.queue.demoteFirst();
    return true;
  }
}

function lessLoaded(one: Loaded, other: Loaded): boolean {
  return one.load === other.load ? one.room.order < other.room.order : one.load < other.load;
}

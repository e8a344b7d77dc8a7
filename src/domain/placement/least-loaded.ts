import { PriorityQueue } from './priority-queue.js';
import type { Room, Size } from './room.js';

/** A host and how full it would be with one more instance; may be older than the host's last instance. */
interface Loaded {
  readonly room: Room;
  /** The room's own, here too because every comparison reads it. */
  readonly order: number;
  load: number;
}

/**
 * Hosts by how full they are, shared by all batches of one size, so that a batch costs its own length and not the number
 * of hosts. Hosts only ever get fuller, so a rank that is out of date is too good, never too bad: it is enough to look
 * again at the host that comes first.
 */
export class LeastLoaded {
  private readonly queue: PriorityQueue<Loaded>;
  private aside: Loaded[] = [];

  constructor(
    private readonly size: Size,
    rooms: readonly Room[],
  ) {
    const loaded: Loaded[] = [];
    for (const room of rooms) if (room.fits(size)) loaded.push({ room, order: room.order, load: room.loadWith(size) });
    this.queue = new PriorityQueue(lessLoaded, loaded);
  }

  /** The least loaded host that fits, passing over some until {@link restore}. */
  first(passOver: (room: Room) => boolean): Room | undefined {
    for (let top = this.queue.peek(); top !== undefined; top = this.queue.peek()) {
      if (!top.room.fits(this.size)) {
        this.queue.pop();
      } else if (passOver(top.room)) {
        this.aside.push(top);
        this.queue.pop();
      } else if (this.isUpToDate(top)) {
        return top.room;
      }
    }
    return undefined;
  }

  /** Lets the hosts that were passed over in again. */
  restore(): void {
    for (const loaded of this.aside) {
      loaded.load = loaded.room.loadWith(this.size);
      this.queue.push(loaded);
    }
    this.aside = [];
  }

  /** A first host that has got fuller goes back to where it belongs. */
  private isUpToDate(top: Loaded): boolean {
    const load = top.room.loadWith(this.size);
    if (load === top.load) return true;
    top.load = load;
    this.queue.demoteFirst();
    return false;
  }
}

function lessLoaded(one: Loaded, other: Loaded): boolean {
  return one.load === other.load ? one.order < other.order : one.load < other.load;
}

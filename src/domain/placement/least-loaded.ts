import { PriorityQueue } from './priority-queue.js';
import type { Room, Size } from './room.js';

/**
 * Hosts by how full they are, shared by all batches of one size, so that a batch costs its own length and not the number
 * of hosts. Hosts only ever get fuller, so a rank that is out of date is too good, never too bad: it is enough to look
 * again at the host that comes first.
 */
export class LeastLoaded {
  private readonly rooms: readonly Room[];
  /** How full each would be with one more; may be older than the host's last instance. */
  private readonly loads: Float64Array;
  /** Places in `rooms`: numbers, so that most comparisons touch no object. */
  private readonly queue: PriorityQueue<number>;
  private aside: number[] = [];

  /** @param rooms ordered by name. */
  constructor(
    private readonly size: Size,
    rooms: readonly Room[],
  ) {
    this.rooms = rooms.filter((room) => room.fits(size));
    this.loads = Float64Array.from(this.rooms, (room) => room.loadWith(size));
    this.queue = new PriorityQueue<number>(
      (one, other) => this.isBefore(one, other),
      this.rooms.map((_, at) => at),
    );
  }

  /** The least loaded host that fits, passing over some until {@link restore}. */
  first(passOver: (room: Room) => boolean): Room | undefined {
    for (let at = this.queue.peek(); at !== undefined; at = this.queue.peek()) {
      const room = this.rooms[at] as Room;
      if (!room.fits(this.size)) {
        this.queue.pop();
      } else if (passOver(room)) {
        this.aside.push(at);
        this.queue.pop();
      } else if (this.isUpToDate(at, room)) {
        return room;
      }
    }
    return undefined;
  }

  /** Lets the hosts that were passed over in again. */
  restore(): void {
    for (const at of this.aside) {
      this.loads[at] = (this.rooms[at] as Room).loadWith(this.size);
      this.queue.push(at);
    }
    this.aside = [];
  }

  /** A first host that has got fuller goes back to where it belongs. */
  private isUpToDate(first: number, room: Room): boolean {
    const load = room.loadWith(this.size);
    if (load === this.loads[first]) return true;
    this.loads[first] = load;
    this.queue.demoteFirst();
    return false;
  }

  private isBefore(one: number, other: number): boolean {
    const load = this.loads[one] as number;
    const otherLoad = this.loads[other] as number;
    return load === otherLoad ? one < other : load < otherLoad;
  }
}

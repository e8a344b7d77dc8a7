import type { Resources } from '../host/host.js';

/** Instances that wait for room. */
export interface RoomWanted {
  /** What each reserves. */
  readonly each: Resources;
  readonly count: number;
}

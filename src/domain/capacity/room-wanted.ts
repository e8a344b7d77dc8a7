import type { Resources } from '../host/host.js';

/** Instances of one worker that wait for room. */
export interface RoomWanted {
  readonly workerId: string;
  /** Name of the worker. */
  readonly worker: string;
  /** What each reserves. */
  readonly each: Resources;
  readonly count: number;
  /** Whether their hosts have to be asked over TCP: a host whose Docker is a socket file is none. */
  readonly needsTcpDocker: boolean;
}

import type { Candidate, Placement } from '../../src/domain/placement/placement.js';
import { type Leaving, placeWaves, type WaveNeed } from '../../src/domain/placement/place-waves.js';
import type { MissingInstance } from '../../src/domain/reconcile/reconcile-snapshot.js';
import { waveNeedOf } from '../../src/domain/reconcile/wave-need.js';
import type { RoomRequest } from '../../src/domain/room/judge-room.js';
import { reservedOn, type SimHost, type SimState, type SimWorker } from './sim-state.js';

/** What of a worker needs a place, and the room that it makes on its way. */
export interface Wanted {
  readonly missing: readonly MissingInstance[];
  readonly leaving: readonly Leaving[];
}

/** Asks the real placement, and counts what it costs. */
export function place(state: SimState, worker: SimWorker, wanted: Wanted): Placement {
  if (wanted.missing.length === 0) return { placed: [], unplaced: [] };
  const { needs, hosts, leaving } = requestOf(state, worker, wanted);
  const begun = process.cpuUsage();
  const placement = placeWaves(needs, hosts, leaving);
  const { user, system } = process.cpuUsage(begun);
  state.tally.placing += (user + system) / 1000;
  state.tally.placements += placement.placed.length;
  return placement;
}

/** What the placement is asked, and also what is asked for room where it finds none. */
export function requestOf(state: SimState, worker: SimWorker, { missing, leaving }: Wanted): Omit<RoomRequest, 'pool'> {
  const counts = new Map<string, number>();
  for (const { instance } of worker.held.values()) {
    const counted = instance.desired === 'running' && missing.some(({ deployId }) => deployId === instance.deployId);
    if (counted) counts.set(instance.host, (counts.get(instance.host) ?? 0) + 1);
  }
  const hosts = [...state.hosts.values()]
    .filter(({ role }) => role === 'serves')
    .map((host) => candidateOf(host, worker, counts));
  return { needs: missing.map((each) => waveNeed(worker, each)), leaving, hosts };
}

/** A missing container as the placement sees it. */
export function waveNeed({ id }: SimWorker, missing: MissingInstance): WaveNeed {
  return waveNeedOf(missing, { app: { id, name: `app-${id}` }, environment: 'production', image: 'image' });
}

function candidateOf(host: SimHost, worker: SimWorker, counts: ReadonlyMap<string, number>): Candidate {
  const own = counts.get(host.name);
  return {
    ...{ host: host.host, cordoned: false, cordonReason: null, capacity: host.capacity, reserved: reservedOn(host) },
    groupCounts: own === undefined ? NONE : new Map([[worker.id, own]]),
    ...{ images: NO_IMAGES, recentFailures: NONE },
  };
}

const NONE: ReadonlyMap<string, number> = new Map();
const NO_IMAGES: ReadonlySet<string> = new Set();

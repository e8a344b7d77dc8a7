import type { Resources } from '../host/host.js';
import { freeResources, microCpus } from '../host/resources.js';
import type { ObservedInstance } from '../instance/plan-instance.js';
import type { HostStanding, ReconcileSnapshot, WantedWorker } from './reconcile-snapshot.js';
import type { Exchange } from './exchange.js';

/**
 * The moves that bring a worker's instances into balance over the hosts that take new ones: each from the host with the
 * most to the one with the fewest that has room, as long as that leaves them closer. A difference of one is balance:
 * moving it would change nothing. What may not run twice would be down meanwhile, and stays where it is.
 */
export function moveToBalance(
  worker: WantedWorker,
  settled: readonly ObservedInstance[],
  { hosts }: ReconcileSnapshot,
): Exchange[] {
  const shelves = shelvesOf(worker, settled, hosts);
  if (worker.spec.policy.strategy === 'recreate') return [];
  if (worker.scale < 2 || settled.length < worker.scale || shelves.length < 2) return [];
  const moves: Exchange[] = [];
  for (let move = nextMove(shelves); move !== null; move = nextMove(shelves)) moves.push(move);
  return moves;
}

/** A host with what is on it of the worker, while moves are made. */
interface Shelf {
  readonly host: string;
  readonly on: ObservedInstance[];
  /** How many more of the worker's size it has room for. */
  places: number;
}

function shelvesOf(
  { spec }: WantedWorker,
  settled: readonly ObservedInstance[],
  hosts: ReadonlyMap<string, HostStanding>,
): Shelf[] {
  return [...hosts]
    .filter(([, { takes }]) => takes)
    .map(([host, { capacity, reserved }]) => {
      const on = settled.filter(({ instance }) => instance.host === host);
      return { host, on, places: capacity === null ? 0 : placesIn(freeResources(capacity, reserved), spec.resources) };
    })
    .sort((one, other) => (one.host < other.host ? -1 : 1));
}

function placesIn(free: Resources, { memoryMb, cpus }: Resources): number {
  const byMemory = memoryMb === 0 ? Infinity : Math.floor(free.memoryMb / memoryMb);
  const byCpus = cpus === 0 ? Infinity : Math.floor(microCpus(free.cpus) / microCpus(cpus));
  return Math.min(byMemory, byCpus);
}

function nextMove(shelves: readonly Shelf[]): Exchange | null {
  const byCount = [...shelves].sort((one, other) => one.on.length - other.on.length);
  const fewest = byCount.find(({ places }) => places > 0);
  const most = byCount.at(-1);
  if (fewest === undefined || most === undefined || most.on.length - fewest.on.length < 2) return null;
  const because = `host ${most.host} has ${most.on.length} of it and ${fewest.host} has ${fewest.on.length}`;
  const each = most.on.pop();
  if (each === undefined) return null;
  fewest.on.push(each);
  fewest.places -= 1;
  most.places += 1;
  return { each, because, onlyHost: fewest.host };
}

import type { CapacityRole } from '../../src/domain/capacity/capacity.js';
import type { RoomWanted } from '../../src/domain/capacity/room-wanted.js';
import type { Host, Resources } from '../../src/domain/host/host.js';
import { cpusOf, microCpus } from '../../src/domain/host/resources.js';
import type { Instance } from '../../src/domain/instance/instance.js';
import type { HostStanding } from '../../src/domain/reconcile/reconcile-snapshot.js';
import type { WorkerSpec } from '../../src/domain/worker/worker.js';

/** A container of the simulation: its row, and from when on its check passes. */
export interface Held {
  instance: Instance;
  readonly worker: SimWorker;
  passesAt: number;
}

/** A worker, alone in its app. */
export interface SimWorker {
  readonly id: string;
  readonly spec: WorkerSpec;
  readonly mayMove: boolean;
  /** Its scale at the busiest hour. */
  readonly base: number;
  scale: number;
  /** The deploy that is current. */
  deploy: number;
  /** Milliseconds of simulated time when a deploy was asked for that has no room yet; null for none. */
  deployAskedAt: number | null;
  /** The room that it waits for. */
  deployWants: readonly RoomWanted[];
  readonly held: Map<string, Held>;
  /** Containers that find no host at present. */
  waiting: number;
  /** Since when something of it has been without a host; null while all has one. */
  wantedSince: number | null;
  /** When it is to be looked at again; null for when something happens. */
  lookAt: number | null;
}

/** A machine. */
export interface SimHost {
  readonly name: string;
  readonly host: Host;
  readonly capacity: Resources;
  role: CapacityRole;
  mayStay: boolean;
  /** When it joins, for one that is coming; null where it never does. */
  joinsAt: number | null;
  readonly launchedAt: number;
  lostSince: number | null;
  /** When the machine is gone, emptied or not; null while it is not known. */
  goneAt: number | null;
  readonly held: Map<string, Held>;
  reservedMb: number;
  reservedMicro: number;
}

/** What the simulation counts. */
export interface Tally {
  placements: number;
  moves: number;
  /** Milliseconds of the processor for placing, and of each decision on capacity. */
  placing: number;
  readonly decisions: number[];
  /** Simulated seconds from when a container was wanted until it had a host. */
  readonly timesToPlace: number[];
  deploys: number;
  /** Deploys that began later than their pool would have let them wait, and those that no host can make room for. */
  late: number;
  refused: number;
  lost: number;
  spot: number;
  launched: number;
  leaves: number;
  takenBack: number;
  mostHosts: number;
  fewestHosts: number;
  mostContainers: number;
  readonly violations: Map<string, number>;
}

/** All that there is. */
export interface SimState {
  now: number;
  readonly hosts: Map<string, SimHost>;
  readonly workers: readonly SimWorker[];
  /** Workers to be looked at in this tick. */
  readonly due: Set<SimWorker>;
  readonly tally: Tally;
  desired: number;
  machines: number;
  containers: number;
}

/** Adds a container to its host and worker. */
export function hold(state: SimState, each: Held): void {
  const { instance, worker } = each;
  worker.held.set(instance.id, each);
  state.containers += 1;
  const host = state.hosts.get(instance.host);
  if (host === undefined) return;
  host.held.set(instance.id, each);
  host.reservedMb += worker.spec.resources.memoryMb;
  host.reservedMicro += microCpus(worker.spec.resources.cpus);
}

/** Takes a container away from both. */
export function letGo(state: SimState, { instance, worker }: Held): void {
  worker.held.delete(instance.id);
  state.containers -= 1;
  const host = state.hosts.get(instance.host);
  if (host?.held.delete(instance.id) !== true) return;
  host.reservedMb -= worker.spec.resources.memoryMb;
  host.reservedMicro -= microCpus(worker.spec.resources.cpus);
}

/** A host as a reconcile sees it. */
export function standingOf(host: SimHost): HostStanding {
  return {
    lostSince: host.lostSince,
    known: true,
    draining: host.role === 'leaving',
    takes: host.role === 'serves',
    capacity: host.capacity,
    reserved: reservedOn(host),
  };
}

/** What is reserved on a host. */
export function reservedOn({ reservedMb, reservedMicro }: SimHost): Resources {
  return { memoryMb: reservedMb, cpus: cpusOf(reservedMicro) };
}

/** Notes a violation of a property by its name. */
export function violate({ tally }: SimState, property: string): void {
  tally.violations.set(property, (tally.violations.get(property) ?? 0) + 1);
}

/** Has a worker looked at in the next tick, and everything on a host's. */
export function touchHost({ due }: SimState, { held }: SimHost): void {
  for (const { worker } of held.values()) due.add(worker);
}

/** The states in which a container takes room of its host, and not only a promise of it. */
export const RUNNING: ReadonlySet<Instance['state']> = new Set(['started', 'healthy', 'draining']);

/** What really runs on a host: what is only planned is not in it. */
export function runningOn({ held }: SimHost): { readonly runningMb: number; readonly runningMicro: number } {
  let runningMb = 0;
  let runningMicro = 0;
  for (const { instance } of held.values()) {
    if (!RUNNING.has(instance.state)) continue;
    runningMb += instance.spec.resources.memoryMb;
    runningMicro += microCpus(instance.spec.resources.cpus);
  }
  return { runningMb, runningMicro };
}

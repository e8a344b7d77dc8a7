import type {
  CapacityHost,
  CapacityInstance,
  CapacitySnapshot,
  WaitingRoom,
} from '../../src/domain/capacity/capacity.js';
import type { Resources } from '../../src/domain/host/host.js';
import { candidate, need } from './placement.js';

/** What hosts of these tests have. */
export const OFFER: Resources = { memoryMb: 2048, cpus: 2 };

/** An instance of 512 MB and half a core, four of which fill a host, but for what is given. */
export function resident(key: string, given: Partial<CapacityInstance> = {}): CapacityInstance {
  return { ...need({ key, resources: { memoryMb: 512, cpus: 0.5 } }), mayMove: true, goes: false, ...given };
}

/** So many instances, each of a worker of its own. */
export function residents(host: string, count: number, given: Partial<CapacityInstance> = {}): CapacityInstance[] {
  return Array.from({ length: count }, (_, at) => resident(`${host}-${at}`, { group: `${host}-${at}`, ...given }));
}

/** A host that serves, empty, but for what is given. */
export function poolHost(name: string, given: Partial<CapacityHost> = {}): CapacityHost {
  return {
    ...{ name, role: 'serves', host: candidate(name).host, capacity: OFFER },
    ...{ instances: [], staysBecause: null, mayStay: false },
    ...given,
  };
}

/** One instance of 512 MB and half a core that waits, but for what is given. */
export function waiting(given: Partial<WaitingRoom> = {}): WaitingRoom {
  return {
    ...{ who: 'deploy 7 of shop', app: 'shop', group: 'shop/web', worker: 'web' },
    ...{ each: { memoryMb: 512, cpus: 0.5 }, count: 1, needsTcpDocker: false },
    ...given,
  };
}

/** A policy without delays or head-room. */
export const PROMPT: CapacitySnapshot['policy'] = {
  ...{ min: 0, max: 10, mode: 'automatic', headRoomPercent: 0, scaleInAfterSeconds: 0, coolDownSeconds: 0 },
  ...{ scaleToZero: false, joinDeadlineSeconds: 600, drainDeadlineSeconds: 1800, waitForRoomSeconds: 900 },
};

/** A pool of these hosts, as many desired as serve, come or are cordoned, but for what is given. */
export function pool(hosts: readonly CapacityHost[], given: Partial<CapacitySnapshot> = {}): CapacitySnapshot {
  const desired = hosts.filter(({ role }) => role !== 'leaving' && role !== 'lost').length;
  return {
    ...{ now: 1_000_000_000_000, policy: PROMPT, desired, offer: OFFER, hosts, waiting: [] },
    ...{ surplusSince: null, scaledAt: null },
    ...given,
  };
}

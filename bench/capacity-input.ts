import type { CapacityHost, CapacityInstance, CapacitySnapshot, WaitingRoom } from '../src/domain/capacity/capacity.js';
import type { ScalingPolicy } from '../src/domain/host-pool/host-pool.js';
import type { Resources } from '../src/domain/host/host.js';
import { pick, seeded } from './placement-input.js';

/** What a pool is in the middle of when it is looked at. */
export const SITUATIONS = [
  'at rest',
  'deploys wait',
  'a tenth is lost',
  'too many hosts',
  'what may not move',
] as const;

/** One of {@link SITUATIONS}. */
export type Situation = (typeof SITUATIONS)[number];

/** What a decision is measured on. */
export interface PoolSize {
  readonly hosts: number;
  readonly containers: number;
  readonly situation: Situation;
}

/** Sizes as people choose them. */
export const SIZES: readonly Resources[] = [
  { memoryMb: 128, cpus: 0.1 },
  { memoryMb: 256, cpus: 0.25 },
  { memoryMb: 512, cpus: 0.5 },
  { memoryMb: 1024, cpus: 0.5 },
  { memoryMb: 2048, cpus: 1 },
];

/** A policy as a pool begins with, with room for growth. */
export const POLICY: ScalingPolicy = {
  ...{ min: 1, max: 100_000, mode: 'automatic', headRoomPercent: 10, scaleInAfterSeconds: 600, coolDownSeconds: 120 },
  ...{ scaleToZero: false, joinDeadlineSeconds: 600, drainDeadlineSeconds: 1800, waitForRoomSeconds: 900 },
};

const INSTANCES_OF_A_WORKER = 25;
const NOW = Date.UTC(2026, 0, 1);

/** Makes a pool from a seed: containers of workers of 25, spread over the hosts as a placement would. */
export function capacityInput({ hosts, containers, situation }: PoolSize, seed: number): CapacitySnapshot {
  const random = seeded(seed);
  const lists = Array.from({ length: hosts }, (): CapacityInstance[] => []);
  let memoryMb = 0;
  for (let at = 0; at < containers; at += 1) {
    const worker = Math.floor(at / INSTANCES_OF_A_WORKER);
    const each = instanceOf(at, worker, { situation, random });
    memoryMb += each.resources.memoryMb;
    lists[(at * 7 + worker) % hosts]?.push(each);
  }
  const offer = offerFor(memoryMb / hosts, situation);
  return {
    ...{ now: NOW, policy: POLICY, desired: hosts, offer, waiting: waitingOf(situation, hosts) },
    hosts: lists.map((instances, at) => hostOf(at, { instances, offer, situation })),
    ...{ surplusSince: NOW - 3_600_000, scaledAt: NOW - 3_600_000 },
  };
}

/** Hosts that are as full as the head-room allows in the mean; less than half where there are too many. */
function offerFor(meanMb: number, situation: Situation): Resources {
  const load = situation === 'too many hosts' || situation === 'what may not move' ? 0.45 : 0.905;
  const memoryMb = Math.ceil(meanMb / load);
  return { memoryMb, cpus: Math.ceil(memoryMb / 512) };
}

function instanceOf(
  at: number,
  worker: number,
  { situation, random }: { readonly situation: Situation; readonly random: () => number },
): CapacityInstance {
  const app = `app-${worker >> 1}`;
  return {
    key: `${app}-production-web-${at}`,
    ...{ app, group: `worker-${worker}`, worker: 'web', slot: (at % INSTANCES_OF_A_WORKER) + 1 },
    ...{ resources: SIZES[worker % SIZES.length] ?? pick(SIZES, random), image: null, needsTcpDocker: false },
    ...{ mayMove: situation !== 'what may not move' || random() > 0.02, goes: random() < 0.01 },
  };
}

function hostOf(
  at: number,
  of: { readonly instances: readonly CapacityInstance[]; readonly offer: Resources; readonly situation: Situation },
): CapacityHost {
  const name = `host-${String(at).padStart(6, '0')}`;
  const { instances, offer, situation } = of;
  return {
    ...{ name, instances, capacity: offer, staysBecause: null, mayStay: false },
    role: situation === 'a tenth is lost' && at % 10 === 0 ? 'lost' : 'serves',
    host: {
      ...{ name, address: '10.0.0.1', dockerUrl: 'http://10.0.0.1:2375', agentUrl: 'http://10.0.0.1:8500' },
      ...{ healthy: true, unhealthyBecause: null, capacity: offer, machine: `i-${at}` },
    },
  };
}

/** Deploys that double some workers: a tenth as many instances as there are hosts wait for each of ten. */
function waitingOf(situation: Situation, hosts: number): WaitingRoom[] {
  if (situation !== 'deploys wait') return [];
  return Array.from({ length: 10 }, (_, at) => ({
    ...{ who: `deploy ${at} of new`, app: `new-${at}`, group: `new-${at}`, worker: 'web' },
    ...{ each: SIZES[at % SIZES.length] as Resources, count: Math.ceil(hosts / 10), needsTcpDocker: false },
  }));
}

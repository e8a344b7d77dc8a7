import type { Resources } from '../src/domain/host/host.js';
import type { Candidate, Need } from '../src/domain/placement/placement.js';

/** What a placement is measured on. */
export interface Scale {
  readonly instances: number;
  readonly hosts: number;
  /** Instances of one worker: `mixed` is 20 to 50 each, `one` is all of them in one. */
  readonly groups: 'mixed' | 'one';
  /** Different sizes of instance: a few as people choose them, or another one for each worker. */
  readonly sizes: 'few' | 'all differ';
  /** `by worker` as the engine asks, or shuffled, which the processor's caches like less. */
  readonly order: 'by worker' | 'shuffled';
}

/** Needs and hosts, the same for the same scale and seed. */
export interface PlacementInput {
  readonly needs: readonly Need[];
  readonly candidates: readonly Candidate[];
  readonly groups: number;
}

/** Sizes as people choose them. */
const SIZES: readonly Resources[] = [
  { memoryMb: 128, cpus: 0.1 },
  { memoryMb: 256, cpus: 0.25 },
  { memoryMb: 512, cpus: 0.5 },
  { memoryMb: 1024, cpus: 0.5 },
  { memoryMb: 2048, cpus: 1 },
];

const MACHINES: readonly Resources[] = [
  { memoryMb: 32_768, cpus: 16 },
  { memoryMb: 65_536, cpus: 32 },
  { memoryMb: 131_072, cpus: 64 },
];

/** Makes the input from a seed: three kinds of machine, each up to a quarter full. */
export function placementInput(scale: Scale, seed: number): PlacementInput {
  const random = seeded(seed);
  const needs = needsOf(scale, random);
  const groups = [...new Set(needs.map(({ group }) => group))];
  const candidates = Array.from({ length: scale.hosts }, (_, at) => candidateOf(at, groups, random));
  const ordered = scale.order === 'shuffled' ? shuffled(needs, random) : needs;
  return { needs: ordered, candidates, groups: groups.length };
}

function needsOf(scale: Scale, random: () => number): Need[] {
  const needs: Need[] = [];
  for (let worker = 0; needs.length < scale.instances; worker += 1) {
    const wanted = scale.groups === 'one' ? scale.instances : 20 + Math.floor(random() * 31);
    const count = Math.min(wanted, scale.instances - needs.length);
    const resources = scale.sizes === 'few' ? pick(SIZES, random) : { memoryMb: 128 + worker, cpus: 0.25 };
    for (let slot = 1; slot <= count; slot += 1) needs.push(needOf(worker, slot, resources));
  }
  return needs;
}

function needOf(worker: number, slot: number, resources: Resources): Need {
  const app = `app-${worker >> 1}`;
  const name = worker % 2 === 0 ? 'web' : 'jobs';
  return {
    key: `${app}-production-${name}-${slot}-d1`,
    app,
    group: `${app}/production/${name}`,
    worker: name,
    slot,
    resources,
    image: `registry/${app}@sha256:0`,
    needsTcpDocker: name === 'jobs',
  };
}

/** A host with some instances, some images, and now and then a failure, as in a cluster that has been used. */
function candidateOf(at: number, groups: readonly string[], random: () => number): Candidate {
  const capacity = pick(MACHINES, random);
  const living = Array.from({ length: 10 }, () => pick(groups, random));
  const used = random() / 4;
  return {
    host: {
      name: `host-${String(at).padStart(5, '0')}`,
      address: '10.0.0.1',
      dockerUrl: 'http://10.0.0.1:2375',
      machine: null,
      agentUrl: 'http://10.0.0.1:8500',
      healthy: random() > 0.01,
      unhealthyBecause: 'check serfHealth: agent not live or unreachable',
      capacity: null,
    },
    cordoned: random() < 0.01,
    cordonReason: 'kernel upgrade',
    capacity,
    reserved: { memoryMb: Math.floor(capacity.memoryMb * used), cpus: capacity.cpus * used },
    groupCounts: new Map(living.map((group) => [group, 1])),
    images: new Set(living.map((group) => `registry/${group.split('/')[0] ?? ''}@sha256:0`)),
    recentFailures: new Map([[pick(living, random).split('/')[0] ?? '', Math.floor(random() * 4)]]),
  };
}

export function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((one, other) => one.key - other.key).map(({ item }) => item);
}

/** Mulberry32 by Tommy Ettinger (public domain): small, and good enough to spread test data. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

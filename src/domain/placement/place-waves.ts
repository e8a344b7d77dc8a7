import { microCpus, cpusOf } from '../host/resources.js';
import type { Resources } from '../host/host.js';
import { placeInstances } from './place-instances.js';
import type { Candidate, Need, Placement } from './placement.js';

/** A need and when it comes. */
export interface WaveNeed {
  readonly need: Need;
  /** 0 and up. */
  readonly wave: number;
  /** The one host that will do; null for any. */
  readonly onlyHost: string | null;
}

/** Room that becomes free on a host on the way. */
export interface Leaving {
  readonly host: string;
  readonly resources: Resources;
  /** It is free for the waves after this one; -1: from the first on. */
  readonly afterWave: number;
}

/**
 * Finds a host for each need, wave by wave: the room of what leaves after a wave is there for those that follow. So a
 * rollout is known to have a place for everything before it moves anything, and needs no more room than it really does.
 */
export function placeWaves(
  needs: readonly WaveNeed[],
  candidates: readonly Candidate[],
  leaving: readonly Leaving[],
): Placement {
  const waves = [...new Set(needs.map(({ wave }) => wave))].sort((one, other) => one - other);
  const placed: Placement['placed'][number][] = [];
  const unplaced: Placement['unplaced'][number][] = [];
  let hosts = candidates;
  let freed = Number.NEGATIVE_INFINITY;
  for (const wave of waves) {
    hosts = withoutLeft(hosts, leaving, { from: freed, until: wave });
    freed = wave;
    const own = needs.filter((each) => each.wave === wave).sort(byKey);
    for (const answer of answersOf(own, hosts)) {
      placed.push(...answer.placed);
      unplaced.push(...answer.unplaced);
      hosts = withPlaced(hosts, answer);
    }
  }
  return { placed, unplaced };
}

/** Names differ, so that any order of the needs gives the same placement. */
function byKey({ need: one }: WaveNeed, { need: other }: WaveNeed): number {
  return one.key < other.key ? -1 : 1;
}

/** Those that may go anywhere are placed together, the others each on its host. */
function* answersOf(needs: readonly WaveNeed[], hosts: readonly Candidate[]): Generator<Placement> {
  const free = needs.filter(({ onlyHost }) => onlyHost === null).map(({ need }) => need);
  let now = hosts;
  for (const { need, onlyHost } of needs.filter((each) => each.onlyHost !== null)) {
    const answer = placeInstances(
      [need],
      now.filter(({ host }) => host.name === onlyHost),
    );
    now = withPlaced(now, answer);
    yield answer;
  }
  if (free.length > 0) yield placeInstances(free, now);
}

function withoutLeft(
  hosts: readonly Candidate[],
  leaving: readonly Leaving[],
  { from, until }: { from: number; until: number },
): readonly Candidate[] {
  const gone = leaving.filter(({ afterWave }) => afterWave >= from && afterWave < until);
  if (gone.length === 0) return hosts;
  return hosts.map((candidate) => {
    const own = gone.filter(({ host }) => host === candidate.host.name).map(({ resources }) => resources);
    return own.length === 0 ? candidate : { ...candidate, reserved: changed(candidate.reserved, own, -1) };
  });
}

function withPlaced(hosts: readonly Candidate[], { placed }: Placement): readonly Candidate[] {
  if (placed.length === 0) return hosts;
  return hosts.map((candidate) => {
    const own = placed.filter(({ host }) => host === candidate.host.name).map(({ need }) => need);
    if (own.length === 0) return candidate;
    const groupCounts = new Map(candidate.groupCounts);
    for (const { group } of own) groupCounts.set(group, (groupCounts.get(group) ?? 0) + 1);
    const reserved = changed(
      candidate.reserved,
      own.map(({ resources }) => resources),
      1,
    );
    return { ...candidate, groupCounts, reserved };
  });
}

/** Cores are added in whole millionths: sums of fractions would drift. */
function changed(reserved: Resources, by: readonly Resources[], sign: 1 | -1): Resources {
  const memoryMb = by.reduce((sum, each) => sum + sign * each.memoryMb, reserved.memoryMb);
  const micro = by.reduce((sum, { cpus }) => sum + sign * microCpus(cpus), microCpus(reserved.cpus));
  return { memoryMb: Math.max(0, memoryMb), cpus: Math.max(0, cpusOf(micro)) };
}

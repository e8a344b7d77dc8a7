import type { Resources } from '../../src/domain/host/host.js';
import type { Candidate } from '../../src/domain/placement/placement.js';
import type { HostStanding } from '../../src/domain/reconcile/reconcile-snapshot.js';
import { candidate } from './placement.js';

/** A host of the toy world. */
export interface ToyHost {
  readonly name: string;
  readonly capacity: Resources;
  /** `silent`: its Docker does not answer; `lost`: Consul says so too; `forgotten`: Consul does not know it any more. */
  standing: 'well' | 'silent' | 'lost' | 'forgotten';
  lostSince: number | null;
  draining: boolean;
}

/** A host that is well. */
export function toyHost(name: string, memoryMb: number): ToyHost {
  return { name, capacity: { memoryMb, cpus: 1_000 }, standing: 'well', lostSince: null, draining: false };
}

/** What Consul says against it; null where it says nothing. */
export function lostBecause({ standing }: ToyHost): string | null {
  if (standing === 'forgotten') return 'Consul does not know it any more';
  return standing === 'lost' ? 'its agent does not answer' : null;
}

/** As a reconcile sees it. */
export function standingOf(host: ToyHost, reserved: Resources): HostStanding {
  const { standing, lostSince, draining, capacity } = host;
  const takes = lostBecause(host) === null && !draining;
  return { lostSince, known: standing !== 'forgotten', draining, takes, capacity, reserved };
}

/** As a placement sees it; one that Consul has forgotten is none. */
export function candidateOf(host: ToyHost, reserved: Resources, groupCounts: ReadonlyMap<string, number>): Candidate[] {
  if (host.standing === 'forgotten') return [];
  const { name, draining, capacity } = host;
  return [
    candidate(name, { capacity, reserved, groupCounts, cordoned: draining }, { healthy: lostBecause(host) === null }),
  ];
}

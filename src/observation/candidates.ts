import type { Instance } from '../domain/instance/instance.js';
import type { Candidate } from '../domain/placement/placement.js';
import type { MissingInstance } from '../domain/reconcile/plan-reconcile.js';
import { type HostLoad, NO_LOAD } from '../store/repositories/host-loads.js';
import type { SurveyedHost } from './host-survey.js';

/** For what hosts are candidates. */
export interface CandidatesFor {
  readonly appId: string;
  /** Image by digest. */
  readonly image: string;
  /** What is placed. */
  readonly missing: readonly MissingInstance[];
  /** Every living instance of the app in the environment. */
  readonly instances: readonly Instance[];
}

/** Hosts as the placement sees them: by the engine and by plans alike. */
export function candidatesOf(
  hosts: readonly SurveyedHost[],
  loads: ReadonlyMap<string, HostLoad>,
  wanted: CandidatesFor,
): Candidate[] {
  return hosts.map((each) => candidateOf(each, loads.get(each.host.name) ?? NO_LOAD, wanted));
}

function candidateOf({ host, capacity, hasImage }: SurveyedHost, load: HostLoad, wanted: CandidatesFor): Candidate {
  const { appId, image } = wanted;
  return {
    host,
    capacity,
    cordoned: load.cordoned,
    cordonReason: load.cordonReason,
    reserved: load.reserved,
    groupCounts: groupCounts(host.name, wanted),
    images: new Set(hasImage ? [image] : []),
    recentFailures: new Map([[appId, load.recentFailures]]),
  };
}

/** Only those of the same deploy count for the spread: what leaves or is replaced is not there in the end. */
function groupCounts(host: string, { instances, missing }: CandidatesFor): ReadonlyMap<string, number> {
  const deploys = new Set(missing.map(({ deployId }) => deployId));
  const counts = new Map<string, number>();
  for (const each of instances)
    if (each.host === host && each.desired === 'running' && each.state !== 'failed' && deploys.has(each.deployId))
      counts.set(each.workerId, (counts.get(each.workerId) ?? 0) + 1);
  return counts;
}

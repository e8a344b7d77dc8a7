import type { Instance } from '../domain/instance/instance.js';
import type { Candidate } from '../domain/placement/placement.js';
import type { MissingInstance } from '../domain/reconcile/reconcile-snapshot.js';
import { spreadOn } from '../domain/reconcile/spread.js';
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
    groupCounts: spreadOn(host.name, wanted.instances, wanted.missing),
    images: new Set(hasImage ? [image] : []),
    recentFailures: new Map([[appId, load.recentFailures]]),
  };
}

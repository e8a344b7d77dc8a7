import { freeResources, microCpus } from '../host/resources.js';
import { type Candidate, FAILURE_WINDOW_MINUTES, type Need, TOO_MANY_FAILURES } from './placement.js';

/** Says why a need cannot go to a host, with figures; null when nothing speaks against it. */
export type Filter = (need: Need, candidate: Candidate) => string | null;

/** All checks of the host pass in Consul. */
export const healthy: Filter = (_need, { host }) =>
  host.healthy ? null : (host.unhealthyBecause ?? 'its checks do not pass');

/** The operator lets it have new instances. */
export const notCordoned: Filter = (_need, { cordoned, cordonReason }) =>
  cordoned ? `cordoned: ${cordonReason ?? 'no reason given'}` : null;

/** It is known what the host has; else nobody could say that it is not too much. */
export const capacityKnown: Filter = (_need, { capacity }) =>
  capacity === null ? 'its capacity is unknown: its Docker does not answer' : null;

/** The memory that the instance reserves is free. */
export const memoryFits: Filter = (need, { capacity, reserved }) => {
  if (capacity === null) return null;
  const wanted = need.resources.memoryMb;
  if (reserved.memoryMb + wanted <= capacity.memoryMb) return null;
  return `needs ${wanted} MB, ${freeResources(capacity, reserved).memoryMb} MB of ${capacity.memoryMb} MB are free`;
};

/** The cores that the instance reserves are free. */
export const cpusFit: Filter = (need, { capacity, reserved }) => {
  if (capacity === null) return null;
  const wanted = need.resources.cpus;
  if (microCpus(reserved.cpus) + microCpus(wanted) <= microCpus(capacity.cpus)) return null;
  return `needs ${wanted} CPUs, ${freeResources(capacity, reserved).cpus} of ${capacity.cpus} CPUs are free`;
};

/** The Consul agent can ask the host's Docker, where the check does. */
export const dockerByTcp: Filter = (need, { host }) =>
  need.needsTcpDocker && host.dockerUrl.startsWith('unix:')
    ? `its Docker API is a socket file, ${host.dockerUrl}, and a "running" check reaches one by TCP only`
    : null;

/**
 * The host has not failed this app again and again. The one filter that gives way: it holds while any other host fits.
 * Where it alone would leave none, the fault is more likely the app's than every host's, and the deploy that mends the
 * app must not be refused.
 */
export const notFailing: Filter = (need, { recentFailures }) => {
  const failures = recentFailures.get(need.app) ?? 0;
  if (failures < TOO_MANY_FAILURES) return null;
  return `failed this app ${failures} times in the last ${FAILURE_WINDOW_MINUTES} minutes`;
};

/** What the host is, whatever is on it. */
const STANDING: readonly Filter[] = [healthy, notCordoned, capacityKnown, dockerByTcp];

/** The filters that never give way, in the order in which their reasons are told. */
const HARD: readonly Filter[] = [...STANDING, memoryFits, cpusFit];

/** Whether a host would do if it had room. */
export function mayTake(need: Need, candidate: Candidate): boolean {
  return STANDING.every((filter) => filter(need, candidate) === null);
}

/** All that forbids this host, as one clause; null when it fits. */
export function refuseHost(need: Need, candidate: Candidate): string | null {
  const reasons = HARD.map((filter) => filter(need, candidate)).filter((reason) => reason !== null);
  return reasons.length === 0 ? null : reasons.join(' and ');
}

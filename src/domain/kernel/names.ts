/**
 * The names that people give (apps, workers, environments, stacks) end up in DNS, in container names and in Consul
 * service names, so they are DNS labels (RFC 1035: they begin with a letter, so that a name is never taken for an id).
 * A label holds at most 63 characters, and a Consul service is `APP-WORKER`: hence the limits below.
 */
export const LABEL = /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/;

/** The worker name also allows `_`, as the original did; it becomes `-` in Consul. */
export const WORKER_NAME = /^[a-z](?:[a-z0-9_-]*[a-z0-9])?$/;

/** Longest names, in characters. 40 + 1 + 20 fits into one DNS label of 63. */
export const LONGEST = { app: 40, worker: 20, environment: 30, stack: 30 } as const;

/** `owner/name` as GitHub allows them: https://docs.github.com/en/rest/repos/repos. */
export const REPO = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/;

/** A full commit id: 40 hexadecimal digits, lower case. */
export const SHA = /^[0-9a-f]{40}$/;

/** An id as it stands on the wire: a whole number of at most 18 digits, which fits a bigint. */
export const ID = /^[1-9][0-9]{0,17}$/;

/** A name of an environment variable: POSIX, https://pubs.opengroup.org/onlinepubs/9699919799/basedefs/V1_chap08.html. */
export const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The Consul service of a worker: `APP-WORKER`, lower case, `_` becomes `-`. */
export function serviceName(app: string, worker: string): string {
  return `${app}-${worker}`.toLowerCase().replaceAll('_', '-');
}

/** Where instances are registered that wait out of traffic: `APP-WORKER-standby`. */
export function standbyServiceName(app: string, worker: string): string {
  return `${serviceName(app, worker)}-standby`;
}

/** The Consul service whose nodes are the hosts of a stack in an environment. */
export function hostServiceName(stack: string, environment: string): string {
  return `jockey-${stack}-${environment}`;
}

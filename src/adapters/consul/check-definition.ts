import { DomainError } from '../../domain/kernel/errors.js';
import type { Registration } from '../../ports/service-registry.js';

/** A check as Consul's agent wants it. */
export interface CheckDefinition {
  readonly name: string;
  readonly http: string;
  readonly interval: string;
  readonly timeout: string;
  readonly status: 'critical';
}

/**
 * The check that the host's agent runs by itself. One without traffic is asked after at the host's Docker API: `top`
 * answers 200 for a running container and an error for every other, and needs nothing in the image. Only process ids
 * are asked for: with times in the answer each check would look like news to Consul. A Docker API with TLS needs
 * `enable_agent_tls_for_checks` in the agent.
 */
export function checkOf(registration: Registration): CheckDefinition {
  const { intervalSeconds, timeoutSeconds, kind } = registration.check;
  return {
    name: kind,
    http: kind === 'http' ? pageOf(registration) : topOf(registration),
    interval: `${intervalSeconds}s`,
    timeout: `${timeoutSeconds}s`,
    status: 'critical',
  };
}

function pageOf({ host, port, check, id }: Registration): string {
  const path = check.kind === 'http' ? check.path : '/';
  if (port !== null) return `http://${host.address}:${port}${path}`;
  throw new DomainError('unprocessable_entity', `${id} has no port, so it cannot be checked by HTTP on ${path}`);
}

function topOf({ host, containerName }: Registration): string {
  if (!host.dockerUrl.startsWith('unix:')) return `${host.dockerUrl}/containers/${containerName}/top?ps_args=-opid`;
  throw new DomainError(
    'unprocessable_entity',
    `the Docker API of host ${host.name} is a Unix socket: for workers without traffic it must be reachable by TCP, since Consul checks them there`,
  );
}

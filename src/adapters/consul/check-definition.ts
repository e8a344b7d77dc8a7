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
 * answers 200 for a running container and an error for every other, and needs nothing in the image.
 */
export function checkOf({ host, port, check, containerName }: Registration): CheckDefinition {
  const every = {
    interval: `${check.intervalSeconds}s`,
    timeout: `${check.timeoutSeconds}s`,
    status: 'critical' as const,
  };
  if (check.kind === 'http')
    return { name: 'http', http: `http://${host.address}:${port ?? 0}${check.path}`, ...every };
  if (host.dockerUrl.startsWith('unix:'))
    throw new DomainError(
      'unprocessable_entity',
      `the Docker API of host ${host.name} is a Unix socket: Consul can check a worker without traffic only over TCP`,
    );
  return { name: 'running', http: `${host.dockerUrl}/containers/${containerName}/top`, ...every };
}

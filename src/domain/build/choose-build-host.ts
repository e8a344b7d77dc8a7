import type { Host } from '../host/host.js';

/** The stack whose hosts build images. */
export const BUILD_STACK = 'build';

/** A host that could build, and how many builds it has now. */
export interface BuildHost {
  readonly host: Host;
  readonly running: number;
}

/** The healthy host with the fewest builds, by name where they are equal; else the sentence that says why there is none. */
export function chooseBuildHost(hosts: readonly BuildHost[]): Host | { readonly refusal: string } {
  const [best] = hosts
    .filter(({ host }) => host.healthy)
    .sort((one, other) => one.running - other.running || (one.host.name < other.host.name ? -1 : 1));
  return best?.host ?? { refusal: refusalOf(hosts) };
}

function refusalOf(hosts: readonly BuildHost[]): string {
  if (hosts.length === 0)
    return `Consul knows no host of the stack ${BUILD_STACK}: register one as a node of the service jockey-${BUILD_STACK}-ENVIRONMENT`;
  const reasons = hosts.map(({ host }) => `${host.name}: ${host.unhealthyBecause ?? 'not healthy'}`);
  return `no host of the stack ${BUILD_STACK} is healthy: ${reasons.join('; ')}`;
}

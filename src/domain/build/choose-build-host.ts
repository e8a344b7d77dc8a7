import type { Host } from '../host/host.js';

/** The stack whose hosts build images. */
export const BUILD_STACK = 'build';

/** A host that could build. */
export interface BuildHost {
  readonly host: Host;
  /** The environment in whose pool it was found. */
  readonly environment: string;
  /** How many builds it has now. */
  readonly running: number;
  /** A cordoned host gets no new work. */
  readonly cordoned: boolean;
  /** Why its disk has too little room; null or not said where it has enough, or nobody looked. */
  readonly noRoom?: string | null;
}

/**
 * The healthy host with the fewest builds; where these are equal the one whose cache is `warm`, by name, then the first by
 * name; else the sentence that says why there is none.
 */
export function chooseBuildHost<T extends BuildHost>(
  hosts: readonly T[],
  warm: string | null = null,
): T | { readonly refusal: string } {
  const cold = ({ host }: T): number => (host.name === warm ? 0 : 1);
  const [best] = hosts
    .filter((each) => reasonAgainst(each) === null)
    .sort(
      (one, other) =>
        one.running - other.running ||
        cold(one) - cold(other) ||
        compare(one.host.name, other.host.name) ||
        compare(one.environment, other.environment),
    );
  return best ?? { refusal: refusalOf(hosts) };
}

function reasonAgainst({ host, cordoned, noRoom = null }: BuildHost): string | null {
  if (!host.healthy) return host.unhealthyBecause ?? 'not healthy';
  return cordoned ? 'cordoned' : noRoom;
}

function refusalOf(hosts: readonly BuildHost[]): string {
  if (hosts.length === 0)
    return `no host in the stack ${BUILD_STACK}: Consul should know one as a node of the service jockey-${BUILD_STACK}-ENVIRONMENT`;
  const reasons = new Map(hosts.map((each) => [each.host.name, reasonAgainst(each)]));
  const list = [...reasons].sort(([one], [other]) => compare(one, other)).map(([name, why]) => `${name}: ${why}`);
  return `no healthy host in the stack ${BUILD_STACK}: ${list.join('; ')}`;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

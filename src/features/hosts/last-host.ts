import { DomainError } from '../../domain/kernel/errors.js';
import type { HostStand } from '../../domain/host/host-word.js';
import type { HostPool } from '../../ports/host-catalog.js';
import type { HostRow } from '../../store/entities/index.js';
import type { PooledHost } from './host-pools.js';

/** A host that is to be cordoned or emptied, and all others. */
export interface Leaving {
  readonly found: PooledHost;
  readonly all: readonly PooledHost[];
  /** How many instances are on it. */
  readonly living: number;
}

/**
 * Throws `conflict` where a word would leave a pool without a host that takes instances: no deploy would find room, and
 * what fails would not be made again. One that takes none already may be cordoned; it may be emptied when it is empty.
 */
export function refuseLastHost(
  { found, all, living }: Leaving,
  { before, after, rows }: { before: HostStand; after: HostStand; rows: ReadonlyMap<string, HostRow> },
): void {
  const cordons = after.cordoned && !before.cordoned && found.host.healthy;
  const drains = after.drainRequestedAt !== null && before.drainRequestedAt === null && living > 0;
  if (!cordons && !drains) return;
  const others = all.filter(
    ({ host }) => host.name !== found.host.name && host.healthy && !isCordoned(rows, host.name),
  );
  const bare = found.pools.filter((pool) => !others.some(({ pools }) => pools.some((each) => isSame(each, pool))));
  if (bare.length === 0) return;
  throw new DomainError(
    'conflict',
    `No other host of ${bare.map(({ stack, environment }) => `${stack} in ${environment}`).join(' and ')} takes ` +
      `instances: without ${found.host.name} no deploy finds room there, and what fails or has to move has nowhere to ` +
      'go. Add a host, or uncordon one, or send force: true.',
  );
}

function isCordoned(rows: ReadonlyMap<string, HostRow>, name: string): boolean {
  return rows.get(name)?.cordoned === true;
}

function isSame(one: HostPool, other: HostPool): boolean {
  return one.stack === other.stack && one.environment === other.environment;
}

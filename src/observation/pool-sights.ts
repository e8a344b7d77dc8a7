import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../domain/host/host.js';
import { disagreements } from '../domain/host-pool/disagreements.js';
import { type MatchedHost, matchMachines } from '../domain/host-pool/match-machines.js';
import { poolHostState } from '../domain/host-pool/pool-host-state.js';
import type { PoolHostLoad, PoolHostSight, PoolSight, SightedGroup } from '../domain/host-pool/pool-sight.js';
import { sentenceOf } from '../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog } from '../ports/host-catalog.js';
import { HOST_GROUPS, type HostGroups } from '../ports/host-groups.js';
import type { HostPoolRow } from '../store/entities/index.js';
import { HostLoads, type HostLoad, NO_LOAD } from '../store/repositories/host-loads.js';
import { HostPoolRecords, type PoolPlace } from '../store/repositories/host-pools.js';
import { type HostContent, NO_CONTENT, PoolHosts } from '../store/repositories/pool-hosts.js';

export type { PoolHostSight, PoolSight } from '../domain/host-pool/pool-sight.js';

/** No app: loads are read here, but nothing is placed. */
const NO_APP = '0';

/** Looks at a pool of hosts: what its group, Consul and Jockey know of it, beside each other. It changes nothing. */
@Injectable()
export class PoolSights {
  constructor(
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
    private readonly loads: HostLoads,
    private readonly pools: HostPoolRecords,
    private readonly poolHosts: PoolHosts,
  ) {}

  /** A group or a Consul that does not answer is a trouble in words; only a silent Postgres throws. */
  async of(pool: HostPoolRow): Promise<PoolSight> {
    const place = await this.pools.placeOf(pool);
    const [group, consul] = await Promise.all([this.groupOf(pool), this.consulOf(place)]);
    const [records, loads, contents, settings, now] = await Promise.all([
      this.poolHosts.records(pool.id),
      this.loads.read(NO_APP),
      this.poolHosts.contents(),
      this.pools.settings(),
      this.poolHosts.now(),
    ]);
    const matched = matchMachines({ machines: group.seen?.instances ?? [], hosts: consul.hosts, records });
    const asked = group.trouble === null;
    const named = new Set(consul.hosts.map(({ name }) => name));
    const hosts = matched.map((each) =>
      sightOf(each, { loads, contents, named, isStatic: pool.kind === 'static', asked }),
    );
    const sight = {
      ...{ now, ...place, kind: pool.kind, group: group.seen, installationId: settings.installationId },
      groupTrouble: group.trouble,
      consulTrouble: consul.trouble,
      mode: pool.mode === 'advice' ? pool.mode : settings.mode,
      hosts: hosts.sort(byName),
    };
    return { ...sight, disagreements: disagreements(sight, wantedOf(pool)) };
  }

  private async groupOf({ region, groupName, kind }: HostPoolRow): Promise<GroupAnswer> {
    if (kind === 'static' || region === null || groupName === null) return { seen: null, trouble: null };
    try {
      const seen = await this.groups.read({ region, name: groupName });
      if (seen !== null) return { seen, trouble: null };
      const trouble =
        `Group ${groupName} is not there any more in ${region}: somebody deleted it. Nothing of the pool is forgotten; ` +
        'make the group again, or delete the pool.';
      return { seen: null, trouble };
    } catch (error) {
      return { seen: null, trouble: sentenceOf(error) };
    }
  }

  private async consulOf(place: PoolPlace): Promise<ConsulAnswer> {
    try {
      return { hosts: await this.catalog.hosts(place), trouble: null };
    } catch (error) {
      return { hosts: [], trouble: sentenceOf(error) };
    }
  }
}

interface GroupAnswer {
  readonly seen: SightedGroup | null;
  readonly trouble: string | null;
}

interface ConsulAnswer {
  readonly hosts: readonly Host[];
  readonly trouble: string | null;
}

interface Around {
  readonly loads: ReadonlyMap<string, HostLoad>;
  readonly contents: ReadonlyMap<string, HostContent>;
  /** Names of all nodes that Consul has in the pool. */
  readonly named: ReadonlySet<string>;
  readonly isStatic: boolean;
  /** Whether the group answered. */
  readonly asked: boolean;
}

function sightOf({ machine, host, record }: MatchedHost, around: Around): PoolHostSight {
  const name = host?.name ?? nameOf(record?.host ?? null, around);
  const load = loadOf(name, around);
  const cordoned = load.cordoned || load.draining || record?.leavingSince != null;
  const state = poolHostState({
    lifecycleState: machine?.lifecycleState ?? (around.asked ? null : (record?.lifecycleState ?? null)),
    registered: host !== null,
    leaving: record?.leavingSince != null || load.draining,
    released: record?.releasedAt != null,
    gone: isGone({ machine, host, record }, around),
  });
  return {
    ...{ state, name, instanceId: machine?.id ?? record?.instanceId ?? null, machine, host, record, load },
    capacity: host?.capacity ?? load.capacity,
    takes: host?.healthy === true && !cordoned && (state === 'registered' || state === 'in_service'),
  };
}

/** A name that another machine has in Consul by now is not its own any more: what runs there is of the other. */
function nameOf(name: string | null, { named }: Around): string | null {
  return name === null || named.has(name) ? null : name;
}

function isGone({ machine, host, record }: MatchedHost, { asked, isStatic }: Around): boolean {
  if (isStatic) return host === null;
  return asked && machine === null && record !== null;
}

function loadOf(name: string | null, { loads, contents }: Around): PoolHostLoad {
  const load = (name === null ? null : loads.get(name)) ?? NO_LOAD;
  return { ...load, ...((name === null ? null : contents.get(name)) ?? NO_CONTENT) };
}

function wantedOf({ minHosts, maxHosts, desiredHosts, groupName }: HostPoolRow) {
  return { min: minHosts, max: maxHosts, desired: desiredHosts, groupName };
}

function byName(one: PoolHostSight, other: PoolHostSight): number {
  return wordOf(one) < wordOf(other) ? -1 : 1;
}

/** Names go before machines that have none. */
function wordOf({ name, instanceId }: PoolHostSight): string {
  return name === null ? `1 ${instanceId ?? ''}` : `0 ${name}`;
}

import type { Host, Resources } from '../host/host.js';
import type { Observation } from '../instance/instance.js';
import type { HostStanding } from '../reconcile/reconcile-snapshot.js';
import type { WhatIfApp, WhatIfHost, WhatIfWorld } from './what-if.js';

/** Hosts that are only thought of. */
export interface NewHosts {
  readonly count: number;
  /** What each has. */
  readonly capacity: Resources;
  /** Ids of the apps that may go there. */
  readonly apps: ReadonlySet<string>;
}

/** The world without a host: what was on it is gone, it is not waited for, and Consul has forgotten it. */
export function withoutHost({ hosts, apps }: WhatIfWorld, name: string): WhatIfWorld {
  return {
    hosts: hosts.map((each) =>
      each.host.name === name
        ? { ...each, host: { ...each.host, healthy: false, unhealthyBecause: 'lost, in this plan' } }
        : each,
    ),
    apps: apps.map((app) => losing(app, name)),
  };
}

const GONE = { container: 'absent', hostLostBecause: 'lost, in this plan', check: 'absent' } as const;

function losing(app: WhatIfApp, name: string): WhatIfApp {
  const { snapshot } = app;
  const standing = snapshot.hosts.get(name);
  const lostSince = snapshot.now - snapshot.graceMs;
  const hosts = new Map(snapshot.hosts);
  if (standing !== undefined) hosts.set(name, { ...standing, lostSince, known: false, takes: false });
  const instances = snapshot.instances.map(({ instance, seen }) => {
    const gone: Observation = { ...seen, ...GONE };
    return { instance, seen: instance.host === name ? gone : seen };
  });
  return { ...app, snapshot: { ...snapshot, hosts, instances } };
}

/** The world with more hosts, empty and well. */
export function withHosts({ hosts, apps }: WhatIfWorld, added: NewHosts): WhatIfWorld {
  const taken = new Set(hosts.map(({ host }) => host.name));
  const names = namesFor(added.count, taken);
  const more = names.map((name) => newHost(name, added.capacity));
  const standing: HostStanding = {
    ...{ lostSince: null, known: true, draining: false, takes: true },
    ...{ capacity: added.capacity, reserved: NOTHING },
  };
  return {
    hosts: [...hosts, ...more],
    apps: apps.map((app) => {
      if (!added.apps.has(app.app.id)) return app;
      const standings = new Map([...app.snapshot.hosts, ...names.map((name) => [name, standing] as const)]);
      const pool = new Set([...app.pool, ...names]);
      return { ...app, pool, snapshot: { ...app.snapshot, hosts: standings } };
    }),
  };
}

/** The world in which hosts are emptied: they take nothing new, and what they have moves away. */
export function withDrained({ hosts, apps }: WhatIfWorld, names: readonly string[]): WhatIfWorld {
  const leaves = new Set(names);
  const reason = 'emptied, in this plan';
  return {
    hosts: hosts.map((each) => (leaves.has(each.host.name) ? { ...each, cordoned: true, cordonReason: reason } : each)),
    apps: apps.map((app) => {
      const standings = [...app.snapshot.hosts].map(
        ([name, standing]) =>
          [name, leaves.has(name) ? { ...standing, draining: true, takes: false } : standing] as const,
      );
      return { ...app, snapshot: { ...app.snapshot, hosts: new Map(standings) } };
    }),
  };
}

/** The world in which a worker has another scale. */
export function withScale({ hosts, apps }: WhatIfWorld, of: { workerId: string; scale: number }): WhatIfWorld {
  return {
    hosts,
    apps: apps.map((app) => {
      const workers = app.snapshot.workers.map((worker) =>
        worker.workerId === of.workerId ? { ...worker, scale: of.scale } : worker,
      );
      return { ...app, snapshot: { ...app.snapshot, workers } };
    }),
  };
}

const NOTHING: Resources = { memoryMb: 0, cpus: 0 };

function newHost(name: string, capacity: Resources): WhatIfHost {
  const host: Host = {
    ...{ name, address: '', dockerUrl: 'http://new:2375', machine: null, agentUrl: '' },
    ...{ healthy: true, unhealthyBecause: null, capacity },
  };
  return { host, isNew: true, cordoned: false, cordonReason: null, capacity, reserved: NOTHING, instances: 0 };
}

/** `new-1`, `new-2`, …, but for those that there are. */
function namesFor(count: number, taken: ReadonlySet<string>): string[] {
  const names: string[] = [];
  for (let number = 1; names.length < count; number += 1) if (!taken.has(`new-${number}`)) names.push(`new-${number}`);
  return names;
}

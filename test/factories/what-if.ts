import type { Instance } from '../../src/domain/instance/instance.js';
import type { HostStanding } from '../../src/domain/reconcile/reconcile-snapshot.js';
import { DEFAULT_POLICY, type RolloutPolicy } from '../../src/domain/rollout/rollout-policy.js';
import type { WhatIfApp, WhatIfHost } from '../../src/domain/what-if/what-if.js';
import { anInstance, aSpec, observed } from './instances.js';
import { candidate } from './placement.js';

/** A host with room for so many instances of 64 MB, of which some are taken. */
export function aPlace(name: string, { slots = 10, taken = 0 }: { slots?: number; taken?: number } = {}): WhatIfHost {
  const { host } = candidate(name);
  return {
    ...{ host, isNew: false, cordoned: false, cordonReason: null, instances: taken },
    capacity: { memoryMb: slots * 64, cpus: slots },
    reserved: { memoryMb: taken * 64, cpus: taken / 10 },
  };
}

/** How hosts stand that are all well. */
export function standing(hosts: readonly WhatIfHost[], change: Partial<HostStanding> = {}): Map<string, HostStanding> {
  return new Map(
    hosts.map(({ host, capacity, reserved }) => {
      const well = { lostSince: null, known: true, draining: false, takes: true, capacity, reserved };
      return [host.name, { ...well, ...change }];
    }),
  );
}

/** An app whose worker `web` runs on the hosts named, one slot after the other. */
export function anApp(
  on: readonly string[],
  { scale = on.length, hosts, policy = {}, patch = {} }: AppOptions,
): WhatIfApp {
  const spec = aSpec({ policy: { ...DEFAULT_POLICY, ...policy } });
  const instances = on.map((host, index) =>
    observed(anInstance({ slot: index + 1, host, state: 'healthy', healthyAt: 0, spec, ...patch })),
  );
  return {
    app: { id: '1', name: 'blog' },
    environment: 'production',
    image: 'registry/blog@sha256:1',
    imageOn: new Set(),
    pool: new Set(hosts.map(({ host }) => host.name)),
    recentFailures: new Map(),
    snapshot: {
      ...{ now: 1_000_000, currentDeployId: '1', lastAttempts: [], restarts: [], graceMs: 30_000 },
      workers: [{ workerId: '1', scale, spec }],
      instances,
      hosts: standing(hosts),
    },
  };
}

interface AppOptions {
  readonly scale?: number;
  readonly hosts: readonly WhatIfHost[];
  readonly policy?: Partial<RolloutPolicy>;
  readonly patch?: Partial<Instance>;
}

import type { Resources } from '../host/host.js';
import { addResources, cpusOf, microCpus } from '../host/resources.js';
import type { Instance } from '../instance/instance.js';
import type { Candidate } from '../placement/placement.js';
import type { HostStanding, MissingInstance } from '../reconcile/reconcile-snapshot.js';
import { spreadOn } from '../reconcile/spread.js';
import type { Occupation, WhatIfApp, WhatIfHost, WhatIfHostOutcome } from './what-if.js';

/** A host while something is tried. */
interface Page {
  readonly given: WhatIfHost;
  now: Occupation;
  peak: Occupation;
}

/** Keeps what would be on each host, from one step to the next, and the most that it ever was. */
export class HostBook {
  private readonly pages: ReadonlyMap<string, Page>;

  constructor(hosts: readonly WhatIfHost[]) {
    this.pages = new Map(
      hosts.map((given) => {
        const now = { instances: given.instances, reserved: given.reserved };
        return [given.host.name, { given, now, peak: now }];
      }),
    );
  }

  /** One more instance. A host that is not in the book is somebody else's. */
  add(host: string, resources: Resources): void {
    const page = this.pages.get(host);
    if (page === undefined) return;
    page.now = { instances: page.now.instances + 1, reserved: addResources(page.now.reserved, resources) };
    page.peak = higher(page.peak, page.now);
  }

  /** One instance less. */
  remove(host: string, resources: Resources): void {
    const page = this.pages.get(host);
    if (page === undefined) return;
    page.now = { instances: Math.max(0, page.now.instances - 1), reserved: less(page.now.reserved, resources) };
  }

  /** The hosts as the placement sees them now, for what an app has and misses. */
  candidates(
    { app, image, imageOn, pool, recentFailures }: Omit<WhatIfApp, 'snapshot' | 'environment'>,
    instances: readonly Instance[],
    missing: readonly MissingInstance[],
  ): Candidate[] {
    const own = [...this.pages.values()].filter(({ given }) => pool.has(given.host.name));
    return own.map(({ given, now }) => {
      const { host, cordoned, cordonReason, capacity } = given;
      return {
        ...{ host, cordoned, cordonReason, capacity, reserved: now.reserved },
        groupCounts: spreadOn(host.name, instances, missing),
        images: new Set(imageOn.has(host.name) ? [image] : []),
        recentFailures: new Map([[app.id, recentFailures.get(host.name) ?? 0]]),
      };
    });
  }

  /** The same standings, with what would be reserved now. */
  standings(hosts: ReadonlyMap<string, HostStanding>): ReadonlyMap<string, HostStanding> {
    return new Map(
      [...hosts].map(([name, standing]) => {
        const page = this.pages.get(name);
        return [name, page === undefined ? standing : { ...standing, reserved: page.now.reserved }];
      }),
    );
  }

  /** What has become of every host, by name. */
  outcome(): WhatIfHostOutcome[] {
    return [...this.pages.values()]
      .map(({ given, now, peak }) => {
        const before = { instances: given.instances, reserved: given.reserved };
        return { host: given, before, peak, after: now };
      })
      .sort((one, other) => (one.host.host.name < other.host.host.name ? -1 : 1));
  }
}

function higher(one: Occupation, other: Occupation): Occupation {
  return {
    instances: Math.max(one.instances, other.instances),
    reserved: {
      memoryMb: Math.max(one.reserved.memoryMb, other.reserved.memoryMb),
      cpus: Math.max(one.reserved.cpus, other.reserved.cpus),
    },
  };
}

function less(reserved: Resources, { memoryMb, cpus }: Resources): Resources {
  return {
    memoryMb: Math.max(0, reserved.memoryMb - memoryMb),
    cpus: cpusOf(Math.max(0, microCpus(reserved.cpus) - microCpus(cpus))),
  };
}

import type { Host } from '../../src/domain/host/host.js';
import type { Candidate, Need } from '../../src/domain/placement/placement.js';

/** A small need, but for what is given. */
export function need(given: Partial<Need>): Need {
  return {
    key: 'blog-production-web-1-d1',
    app: 'blog',
    group: 'blog/web',
    worker: 'web',
    slot: 1,
    resources: { memoryMb: 128, cpus: 0.1 },
    image: null,
    needsTcpDocker: false,
    ...given,
  };
}

/** A healthy, empty host of 2 GB and 2 cores, but for what is given. */
export function candidate(name: string, given: Partial<Candidate> = {}, host: Partial<Host> = {}): Candidate {
  return {
    host: {
      name,
      address: '10.0.0.1',
      dockerUrl: 'http://10.0.0.1:2375',
      machine: null,
      agentUrl: 'http://10.0.0.1:8500',
      healthy: true,
      unhealthyBecause: null,
      capacity: null,
      ...host,
    },
    cordoned: false,
    cordonReason: null,
    capacity: { memoryMb: 2048, cpus: 2 },
    reserved: { memoryMb: 0, cpus: 0 },
    groupCounts: new Map(),
    images: new Set(),
    recentFailures: new Map(),
    ...given,
  };
}

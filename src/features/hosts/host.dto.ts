import { Flag, Reference, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** Whether a host can be used, as Consul says. */
export class HostHealthDto {
  /** Whether all of its checks pass. */
  healthy!: boolean;

  /** The check that fails and what it said last; null while healthy. */
  reason!: string | null;
}

/** What a host has, or what is reserved of it. */
export class ResourcesDto {
  /** Memory in MiB. */
  memory_mb!: number;

  /** Processor cores; 0.5 is half a core. */
  cpus!: number;
}

/** A stack in an environment: one pool of hosts. */
export class HostPoolDto {
  /** Name of the stack. */
  stack!: string;

  /** Name of the environment. */
  environment!: string;
}

/** A host: a machine with Docker, a node in Consul. */
export class HostDto {
  /** Its name, which is its id. */
  id!: string;

  /** The node's name in Consul. */
  name!: string;

  /** Where it is reached: an IP address or a DNS name. */
  address!: string;

  /** The machine of an Auto Scaling Group that it is, as it says itself; null for none. */
  machine!: string | null;

  /** The stack that it is of; the first of its pools. */
  stack!: string;

  /** The environment that it is in; the first of its pools. */
  environment!: string;

  /** All of the pools asked for that it is in: a machine may serve several. */
  pools!: HostPoolDto[];

  /**
   * `active`; `cordoned`: it gets no new instances; `draining`: what runs there moves away; `lost`: it does not answer,
   * and what ran there moves after a grace time.
   */
  state!: string;

  /** Whether it can be used. */
  health!: HostHealthDto;

  /** Since when it does not answer: ISO 8601, UTC; null while it does. */
  lost_since!: string | null;

  /** Whether an operator keeps new instances away from it. */
  cordoned!: boolean;

  /** Why it is cordoned, as the operator said. */
  reason!: string | null;

  /** Since when it is emptied: ISO 8601, UTC; null while it is not. */
  drain_requested_at!: string | null;

  /** What it has; null until it or its Docker has said so. */
  capacity!: ResourcesDto | null;

  /** What the instances on it, of all apps, reserve. */
  reserved!: ResourcesDto;

  /** How many containers of Jockey run on it. */
  running_instances!: number;
}

/** An instance that holds room on a host. */
export class HostInstanceDto {
  /** Name of its container, and id of its service in Consul. */
  id!: string;

  /** Name of its app. */
  app!: string;

  /** Name of its environment. */
  environment!: string;

  /** Name of its worker. */
  worker!: string;

  /** Its number among the worker's instances, 1 and up. */
  slot!: number;

  /** The deploy that it is of. */
  deploy_id!: string;

  /** The host's port that leads to it; null for a worker without traffic. */
  port!: number | null;

  /** `planned`, `started`, `healthy`, `draining` or `failed`. */
  state!: string;
}

/** How far the emptying of a host has come. */
export class DrainDto {
  /** When it was asked for: ISO 8601, UTC. */
  requested_at!: string;

  /** How many instances have left it since. */
  moved!: number;

  /** How many are still on it. */
  left!: number;

  /** Whether nothing of Jockey is on it any more: it can be taken away. */
  finished!: boolean;

  /** What each instance that is still on it waits for, in one sentence. */
  waiting_for!: string[];
}

/** A host, and what is on it. */
export class HostDetailDto extends HostDto {
  /** How far its emptying has come; null while it is not emptied. */
  drain!: DrainDto | null;

  /** Oldest first. */
  instances!: HostInstanceDto[];
}

/** A host as a list shows it. */
export const HOST_EXAMPLE: HostDto = {
  id: 'host-1',
  name: 'host-1',
  address: '10.0.0.11',
  machine: 'i-0123456789abcdef0',
  stack: 'api',
  environment: 'production',
  pools: [{ stack: 'api', environment: 'production' }],
  state: 'active',
  health: { healthy: true, reason: null },
  lost_since: null,
  cordoned: false,
  reason: null,
  drain_requested_at: null,
  capacity: { memory_mb: 4096, cpus: 2 },
  reserved: { memory_mb: 256, cpus: 0.1 },
  running_instances: 1,
};

/** A host as it is shown alone. */
export const HOST_DETAIL_EXAMPLE: HostDetailDto = {
  ...HOST_EXAMPLE,
  state: 'draining',
  cordoned: true,
  reason: 'its disk is replaced on Monday',
  drain_requested_at: '2026-11-21T03:36:00.000Z',
  drain: {
    requested_at: '2026-11-21T03:36:00.000Z',
    moved: 4,
    left: 1,
    finished: false,
    waiting_for: ['web 1 of sample in production: its successor on host-2 is not healthy yet'],
  },
  instances: [
    {
      id: 'sample-production-web-1-d42',
      app: 'sample',
      environment: 'production',
      worker: 'web',
      slot: 1,
      deploy_id: '42',
      port: 27316,
      state: 'healthy',
    },
  ],
};

/** Which hosts are wanted. */
export class ListHostsDto extends PageQueryDto {
  /** Only those of this stack, by name or id. */
  @Reference('stack', { optional: true, example: 'api' })
  stack?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

/** The operator's word on a host. */
export class UpdateHostDto {
  /** Whether new instances are kept away from it; those that run there stay. False ends its emptying too. */
  @Flag({ optional: true, example: true })
  cordoned?: boolean;

  /** Whether it is emptied: cordoned, and what runs there moves to other hosts. False ends that; it stays cordoned. */
  @Flag({ optional: true, example: true })
  drain?: boolean;

  /** Whether it is done although no other host of a pool would take instances. */
  @Flag({ optional: true, example: false })
  force?: boolean;

  /** Why, for those who wonder; forgotten when it is not cordoned. */
  @Text({ max: 500, optional: true, nullable: true, example: 'its disk is replaced on Monday' })
  reason?: string | null;
}

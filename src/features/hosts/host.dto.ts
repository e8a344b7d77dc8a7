import { Flag, Reference, Text } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';
import { INSTANCE_EXAMPLE, InstanceDto } from '../deploys/deploy.dto.js';

/** What a host has, or what is reserved of it. */
export class ResourcesDto {
  /** Memory in MiB. */
  memory_mb!: number;

  /** Processor cores; 0.5 is half a core. */
  cpus!: number;
}

/** A host: a machine with Docker, which Consul knows. */
export class HostDto {
  /** Its id, which is its name. */
  id!: string;

  /** Its name: that of its node in Consul. */
  name!: string;

  /** Where its containers are reached. */
  address!: string;

  /** Name of the stack that it serves. */
  stack!: string;

  /** Name of the environment that it serves. */
  environment!: string;

  /** Whether all of its checks in Consul pass. */
  healthy!: boolean;

  /** Where not: the failing check and what it said. */
  unhealthy_because!: string | null;

  /** Whether it gets no new instances, by an operator's word. */
  cordoned!: boolean;

  /** That word. */
  cordon_reason!: string | null;

  /** What it has; null while neither Consul nor its Docker has said so. */
  capacity!: ResourcesDto | null;

  /** What the instances on it reserve. */
  reserved!: ResourcesDto;

  /** How many instances live on it, of all apps. */
  instances_count!: number;

  /** Those instances; only of a single host. */
  instances?: InstanceDto[];
}

/** A host as an answer shows it. */
export const HOST_EXAMPLE: HostDto = {
  id: 'h1',
  name: 'h1',
  address: '10.0.0.11',
  stack: 'api',
  environment: 'production',
  healthy: true,
  unhealthy_because: null,
  cordoned: false,
  cordon_reason: null,
  capacity: { memory_mb: 8192, cpus: 4 },
  reserved: { memory_mb: 512, cpus: 0.2 },
  instances_count: 2,
  instances: [INSTANCE_EXAMPLE],
};

/** Which hosts are wanted. */
export class ListHostsDto extends PageQueryDto {
  /** Only those of this stack, by name or id. */
  @Reference('stack', { optional: true })
  stack?: string;

  /** Only those of this environment, by name or id. */
  @Reference('environment', { optional: true })
  environment?: string;
}

/** What an operator says of a host. */
export class UpdateHostDto {
  /** Whether it gets no new instances. Those that it has stay. */
  @Flag({ example: true })
  cordoned!: boolean;

  /** Why, for who asks later. */
  @Text({ max: 200, optional: true, nullable: true, shape: 'a reason', example: 'kernel upgrade' })
  reason?: string | null;
}

/** The host of an instance. */
export class InstanceNodeDto {
  /** Its node in Consul. */
  id!: string;

  /** Where it is reached. */
  address!: string;
}

/** The service of an instance in Consul. */
export class InstanceServiceDto {
  /** Its id: the container's name. */
  id!: string;
}

/** What Consul's checks say of an instance and its node. */
export class InstanceCheckDto {
  /** Whether all pass: `passing` or `critical`. */
  status!: string;

  /** What the check said last. */
  output!: string;
}

/** One instance of a worker, as Consul shows it. */
export class WorkerInstanceDto {
  /** Name of its container. */
  id!: string;

  /** Its host. */
  node!: InstanceNodeDto;

  /** Its service. */
  service!: InstanceServiceDto;

  /** The host's port that leads to it; null for a worker without traffic. */
  port!: number | null;

  /** `rref:SHA`, `deploy_id:ID`, `repo:…`, `command:…` and others. */
  tags!: string[];

  /** Its health. */
  check!: InstanceCheckDto;

  /** Whether it is kept out of traffic until all new ones of its deploy are healthy (blue-green). */
  standby!: boolean;

  /**
   * What should be with it: `running`; `replace`: it serves until its successor does; `stopped`. Null for an entry that
   * Jockey knows no instance of.
   */
  desired!: string | null;
}

/** A worker's instances, healthy or not, as Consul shows them; those that stand by too. */
export class WorkerInstancesDto {
  /** The worker's id. */
  id!: string;

  /** The service of its instances in Consul: `APP-WORKER`. */
  name!: string;

  /** Ordered by the id of their service. */
  instances!: WorkerInstanceDto[];
}

/** Instances as an answer shows them. */
export const WORKER_INSTANCES_EXAMPLE: WorkerInstancesDto = {
  id: '9',
  name: 'sample-web',
  instances: [
    {
      id: 'sample-production-web-1-d42',
      node: { id: 'host-1', address: '10.0.0.11' },
      service: { id: 'sample-production-web-1-d42' },
      port: 20_017,
      tags: ['rref:4f1c0d5a9e0b7c3d2e1f00112233445566778899', 'deploy_id:42'],
      check: { status: 'passing', output: 'HTTP GET http://10.0.0.11:20017/: 200 OK' },
      standby: false,
      desired: 'running',
    },
  ],
};

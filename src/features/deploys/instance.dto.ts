/** What an instance left when it failed. */
export class FailureDto {
  /** One sentence of cause. */
  cause!: string;

  /** `exited`, `unhealthy`, `not_started` or `vanished`. */
  kind!: string;

  /** What its container ended with; null where it did not end. */
  exit_code!: number | null;

  /** The signal that ended it, `SIGKILL`; null where none did. */
  signal!: string | null;

  /** Whether it ran out of memory. */
  out_of_memory!: boolean;

  /** What its health check said last. */
  last_check!: string | null;

  /** Different answers of its health check as they came, the last at the end, at most 5. */
  last_checks!: string[];

  /** The last lines that it printed, at most 50, oldest first. */
  last_lines!: string[];
}

/** What the instance left on which a deploy failed. */
export class DeployFailureDto extends FailureDto {
  /** Name of its container. */
  instance!: string;

  /** The host that it ran on. */
  host!: string;
}

/** One container of a deploy. */
export class InstanceDto {
  /** Name of its container, and id of its service in Consul. */
  id!: string;

  /** Its worker. */
  worker!: string;

  /** Its number among the worker's instances, 1 and up. */
  slot!: number;

  /** The host that it runs on. */
  host!: string;

  /** The host's port that leads to it; null for a worker without traffic. */
  port!: number | null;

  /** `planned`, `started`, `healthy`, `draining`, `failed` or `stopped`. */
  state!: string;

  /** Why it does not work; null for one that does. */
  failure!: FailureDto | null;
}

/** An instance as an answer shows it. */
export const INSTANCE_EXAMPLE: InstanceDto = {
  id: 'sample-production-web-1-d42',
  worker: 'web',
  slot: 1,
  host: 'h1',
  port: 27316,
  state: 'healthy',
  failure: null,
};

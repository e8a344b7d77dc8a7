/** What a host has, or what a container reserves of it. */
export interface Resources {
  /** Memory in MiB. */
  readonly memoryMb: number;
  /** Processor cores; 0.5 is half a core. */
  readonly cpus: number;
}

/** A machine with Docker: a node that Consul knows under the service of a stack in an environment. */
export interface Host {
  /** The node's name in Consul; unique in the datacenter. */
  readonly name: string;
  /** Where its containers' ports and its Consul agent are reached: an IP address or a DNS name. */
  readonly address: string;
  /** Docker API endpoint: `http://10.0.0.1:2375`, `https://10.0.0.1:2376` or `unix:///var/run/docker.sock`. */
  readonly dockerUrl: string;
  /** HTTP API of the host's own Consul agent. */
  readonly agentUrl: string;
  /** Whether all of its checks pass. */
  readonly healthy: boolean;
  /** Where not healthy: the failing check and the last thing that it said. */
  readonly unhealthyBecause: string | null;
  /** What it has, where it or its Docker says so. */
  readonly capacity: Resources | null;
  /** The machine of an Auto Scaling Group that it is, as it says itself: `i-0123456789abcdef0`; null for none. */
  readonly machine: string | null;
}

import { setTimeout as pause } from 'node:timers/promises';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { Cluster } from '../../tools/cluster/cluster.js';
import type { HostRole } from '../../tools/cluster/host.js';
import type { Moto } from '../../tools/cluster/moto.js';
import { clientsOf, REGION, type CloudClients } from './cloud.js';

/** What each machine offers to Consul, and the pools that it joins: `jockey-STACK-ENVIRONMENT`. */
export interface MachineKind {
  readonly pools: readonly string[];
  readonly memoryMb: number;
  readonly cpus: number;
}

/** Where a machine of a group lives. */
export interface Home {
  /** `i-0123456789abcdef0`; its node in Consul is called so too. */
  readonly machine: string;
  /** The host of the cluster that it is; null for one that never comes up. */
  readonly host: string | null;
}

const EVERY_MILLISECONDS = 200;

/**
 * Gives machines of the cloud in memory a body: each gets a Docker host of the cluster for its own, which is started
 * empty, with a Consul agent that registers it; and is switched off and emptied when the cloud has the machine no more.
 * While there are fewer hosts than machines, the others wait as `Pending` ones do.
 */
export class MachineRoom {
  private readonly clients: CloudClients;
  private readonly homes = new Map<string, Home>();
  /** What is being done to a host, so that one thing comes after the other. */
  private readonly work = new Map<string, Promise<void>>();
  private readonly faults: unknown[] = [];
  private readonly closing = new AbortController();
  private watching: Promise<void> = Promise.resolve();
  private stillborn = 0;

  private constructor(
    private readonly cluster: Cluster,
    private readonly moto: Moto,
    private readonly kind: MachineKind,
  ) {
    this.clients = clientsOf(moto, 'onlooker');
  }

  /** Switches all hosts of the cluster off, and watches the groups of the cloud from then on. */
  static async open(cluster: Cluster, moto: Moto, kind: MachineKind): Promise<MachineRoom> {
    const room = new MachineRoom(cluster, moto, kind);
    await Promise.all(cluster.hosts.map(({ name }) => cluster.scrapHost(name)));
    room.watching = room.watch();
    return room;
  }

  /** The machines that have a host now, by when they came. */
  get living(): readonly Home[] {
    return [...this.homes.values()].filter(({ host }) => host !== null);
  }

  /** The machines that came, and never came up. */
  get dead(): readonly string[] {
    return [...this.homes.values()].filter(({ host }) => host === null).map(({ machine }) => machine);
  }

  /** The next machines, so many, never come up. */
  neverJoin(count: number): void {
    this.stillborn = count;
  }

  /** Loses a machine as its power is cut; the cloud does not know it. */
  async cutPower(machine: string): Promise<void> {
    const { host } = this.homes.get(machine) ?? { host: null };
    if (host === null) throw new Error(`machine ${machine} has no host`);
    await this.next(host, () => this.cluster.stopHost(host));
  }

  /** Makes the hosts what they were before it was opened: empty, on, and in the pools of the cluster. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort();
    await this.watching;
    await Promise.all(this.work.values());
    const roles = new Map(this.living.map((home) => [home.host, this.roleOf(home.machine)]));
    await Promise.all(
      this.cluster.hosts.map(async ({ name }) => {
        await this.cluster.scrapHost(name, roles.get(name));
        await this.cluster.startHost(name);
      }),
    );
    if (this.faults.length > 0) throw new AggregateError(this.faults, 'machines could not be started or ended');
  }

  private async watch(): Promise<void> {
    while (!this.closing.signal.aborted) {
      await this.look().catch((error: unknown) => this.faults.push(error));
      await pause(EVERY_MILLISECONDS);
    }
  }

  private async look(): Promise<void> {
    const machines = await this.machines();
    for (const { machine, host } of [...this.homes.values()]) if (!machines.includes(machine)) this.end(machine, host);
    for (const machine of machines) if (!this.homes.has(machine)) this.begin(machine);
  }

  private async machines(): Promise<readonly string[]> {
    const answer = await this.clients.scaling.send(new DescribeAutoScalingGroupsCommand({}));
    const groups = answer.AutoScalingGroups ?? [];
    return groups.flatMap(({ Instances }) => (Instances ?? []).map(({ InstanceId }) => InstanceId ?? ''));
  }

  private begin(machine: string): void {
    if (this.stillborn > 0) {
      this.stillborn -= 1;
      this.homes.set(machine, { machine, host: null });
      return;
    }
    const taken = this.living.map(({ host }) => host);
    const free = this.cluster.hosts.find(({ name }) => !taken.includes(name));
    if (free === undefined) return;
    this.homes.set(machine, { machine, host: free.name });
    void this.next(free.name, async () => {
      await this.moto.place({ region: REGION, instance: machine }, free.address);
      await this.cluster.startHost(free.name, this.roleOf(machine));
    });
  }

  private end(machine: string, host: string | null): void {
    this.homes.delete(machine);
    if (host !== null) void this.next(host, () => this.cluster.scrapHost(host, this.roleOf(machine)));
  }

  private next(host: string, deed: () => Promise<void>): Promise<void> {
    const done = (this.work.get(host) ?? Promise.resolve())
      .then(deed)
      .catch((error: unknown) => void this.faults.push(error));
    this.work.set(host, done);
    return done;
  }

  private roleOf(machine: string): HostRole {
    const { pools, memoryMb, cpus } = this.kind;
    return { node: machine, pools, meta: { machine, memory_mb: String(memoryMb), cpus: String(cpus) } };
  }
}

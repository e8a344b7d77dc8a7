import { Inject, Injectable } from '@nestjs/common';
import { Environment } from '../config/environment.js';
import type { Resources } from '../domain/host/host.js';
import { invalid } from '../domain/kernel/errors.js';
import { HOST_GROUPS, type HostGroups } from '../ports/host-groups.js';

/** What hosts offer that nobody has seen yet: what their kind of machine has, less what the machine keeps. */
@Injectable()
export class HostOffers {
  constructor(
    private readonly environment: Environment,
    @Inject(HOST_GROUPS) private readonly groups: HostGroups,
  ) {}

  /** Of the smallest of these kinds of machine; null where none is known. */
  async of(region: string, instanceTypes: readonly string[]): Promise<Resources | null> {
    const machine = instanceTypes.length === 0 ? null : await this.groups.offerOf(region, instanceTypes);
    return machine === null ? null : this.lessReserved(machine);
  }

  /** The same, and refuses kinds of machine that the region does not know: no group could ever start one. */
  async ofKnown(region: string, instanceTypes: readonly string[]): Promise<Resources | null> {
    const asked = await Promise.all(
      instanceTypes.map(async (type) => ({ type, machine: await this.groups.offerOf(region, [type]) })),
    );
    const unknown = asked.filter(({ machine }) => machine === null).map(({ type }) => type);
    if (unknown.length > 0)
      throw invalid('launch.instance_types', `names ${unknown.join(', ')}, which ${region} does not know.`);
    return this.of(region, instanceTypes);
  }

  private lessReserved({ memoryMb, cpus }: Resources): Resources | null {
    const { HOST_RESERVED_MEMORY_MB: memory, HOST_RESERVED_CPUS: cores } = this.environment;
    const left = { memoryMb: Math.floor(memoryMb - memory), cpus: Math.round((cpus - cores) * 10_000) / 10_000 };
    return left.memoryMb > 0 && left.cpus > 0 ? left : null;
  }
}

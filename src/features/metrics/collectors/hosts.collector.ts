import { Injectable } from '@nestjs/common';
import { type HostFigures, PlaceFigures, type PoolFigures } from '../../../store/figures/place-figures.js';
import { MOST_HOSTS, MOST_PLACES } from '../bounded.js';
import type { Collector, Figure } from '../figure.js';

const MEBIBYTE = 1024 * 1024;

/** Hosts and their load, and the pools that they are in. What lies beyond the limits is left out. */
@Injectable()
export class HostsCollector implements Collector {
  readonly name = 'hosts';

  constructor(private readonly figures: PlaceFigures) {}

  async read(): Promise<readonly Figure[]> {
    const hosts = (await this.figures.hosts()).slice(0, MOST_HOSTS);
    const pools = (await this.figures.pools()).slice(0, MOST_PLACES);
    return [...hosts.flatMap(hostFigures), ...pools.flatMap(poolFigures)];
  }
}

function hostFigures(of: HostFigures): Figure[] {
  const labels = { host: of.host };
  const offered: Figure[] = [
    { metric: 'jockey_host_memory_bytes', labels, value: (of.offeredMemoryMb ?? 0) * MEBIBYTE },
    { metric: 'jockey_host_cpus', labels, value: of.offeredCpus ?? 0 },
  ];
  return [
    { metric: 'jockey_host_lost', labels, value: Number(of.lost) },
    { metric: 'jockey_host_cordoned', labels, value: Number(of.cordoned) },
    { metric: 'jockey_host_draining', labels, value: Number(of.draining) },
    { metric: 'jockey_host_instances', labels, value: of.instances },
    { metric: 'jockey_host_reserved_memory_bytes', labels, value: of.memoryMb * MEBIBYTE },
    { metric: 'jockey_host_reserved_cpus', labels, value: of.cpus },
    ...(of.offeredMemoryMb === null ? [] : offered),
  ];
}

function poolFigures({ stack, environment, desired, joined, troubled }: PoolFigures): Figure[] {
  const labels = { stack, environment };
  return [
    { metric: 'jockey_pool_hosts_wanted', labels, value: desired },
    { metric: 'jockey_pool_hosts_joined', labels, value: joined },
    { metric: 'jockey_pool_troubled', labels, value: Number(troubled) },
  ];
}

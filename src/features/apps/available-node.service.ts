import { Inject, Injectable } from '@nestjs/common';
import type { Host } from '../../domain/host/host.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { HOST_CATALOG, type HostCatalog, type HostPool } from '../../ports/host-catalog.js';
import { Directory } from '../../store/repositories/directory.js';
import { type HostLoad, HostLoads, NO_LOAD } from '../../store/repositories/host-loads.js';
import type { AvailableNodeDto, AvailableNodeQueryDto } from './app.dto.js';

interface Candidate {
  readonly host: Host;
  readonly load: HostLoad;
}

/** Finds a host on which something of an app can be tried by hand. It reserves nothing. */
@Injectable()
export class AvailableNodeService {
  constructor(
    private readonly directory: Directory,
    private readonly loads: HostLoads,
    @Inject(HOST_CATALOG) private readonly catalog: HostCatalog,
  ) {}

  /** The emptiest host that is healthy and not cordoned; `unprocessable_entity` with each host's reason when none is. */
  async find(query: AvailableNodeQueryDto): Promise<AvailableNodeDto> {
    const app = await this.directory.app(query.app);
    const environment = await this.directory.environment(query.environment);
    const { name: stack } = await this.directory.stack(app.stackId);
    const pool = { stack, environment: environment.name };
    const [hosts, loads] = await Promise.all([this.catalog.hosts(pool), this.loads.read(app.id)]);
    const all = hosts.map((host) => ({ host, load: loads.get(host.name) ?? NO_LOAD }));
    const best = all.filter((each) => refusalOf(each) === null).sort(emptiestFirst)[0];
    if (best === undefined) throw none(pool, all);
    return viewOf(best);
  }
}

/** Why a host is not taken; null when it is. */
function refusalOf({ host, load }: Candidate): string | null {
  if (!host.healthy) return `is not healthy (${host.unhealthyBecause ?? 'a check fails'})`;
  if (load.cordoned) return `is cordoned (${load.cordonReason ?? 'no reason given'})`;
  return null;
}

const emptiestFirst = (a: Candidate, b: Candidate): number =>
  a.load.instances - b.load.instances ||
  a.load.reserved.memoryMb - b.load.reserved.memoryMb ||
  (a.host.name < b.host.name ? -1 : 1);

function none({ stack, environment }: HostPool, all: readonly Candidate[]): DomainError {
  const reasons = all.map((each) => `${each.host.name} ${refusalOf(each)}`).join('; ');
  const why = all.length === 0 ? `Consul has no nodes of the service jockey-${stack}-${environment}` : reasons;
  return new DomainError(
    'unprocessable_entity',
    `No host of the stack ${stack} in ${environment} can take a container: ${why}.`,
  );
}

function viewOf({ host, load }: Candidate): AvailableNodeDto {
  return {
    id: host.name,
    address: host.address,
    instances: load.instances,
    reserved_memory_mb: load.reserved.memoryMb,
    reserved_cpus: load.reserved.cpus,
  };
}

import { Inject, Injectable } from '@nestjs/common';
import { serviceName } from '../../domain/kernel/names.js';
import { type RegisteredInstance, SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import { Places } from '../../store/repositories/places.js';
import { Workers } from '../../store/repositories/workers.js';
import type { WorkerInstanceDto, WorkerInstancesDto } from './worker-instances.dto.js';

/** Shows the instances of a worker. One service in Consul holds those of all environments: hence the filter. */
@Injectable()
export class WorkerInstancesService {
  constructor(
    private readonly places: Places,
    private readonly workers: Workers,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
  ) {}

  async list(id: string): Promise<WorkerInstancesDto> {
    const worker = await this.workers.get(id);
    const { apps, environments } = await this.places.around([worker]);
    const service = serviceName(apps.get(worker.appId)?.name ?? '', worker.name);
    const environment = environments.get(worker.environmentId)?.name;
    const registered = await this.registry.instances(service);
    const own = registered.filter(({ meta }) => meta['environment'] === environment);
    return { id: worker.id, name: service, instances: own.map(viewOf) };
  }
}

function viewOf(instance: RegisteredInstance): WorkerInstanceDto {
  return {
    id: instance.id,
    node: { id: instance.node, address: instance.address },
    service: { id: instance.id },
    port: instance.port,
    tags: [...instance.tags],
    check: { status: instance.check, output: instance.checkOutput },
  };
}

import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { serviceName } from '../../domain/kernel/names.js';
import { type RegisteredInstance, SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import { placesOf } from '../../store/repositories/names.js';
import { Workers } from '../../store/repositories/workers.js';
import type { WorkerInstanceDto, WorkerInstancesDto } from './worker-instances.dto.js';

/** Shows the instances of a worker. One service in Consul holds those of all environments: hence the filter. */
@Injectable()
export class WorkerInstancesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly workers: Workers,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
  ) {}

  async list(id: string): Promise<WorkerInstancesDto> {
    const worker = await this.workers.get(id);
    const { apps, environments } = await placesOf(this.dataSource.manager, [worker]);
    const environment = environments.get(worker.environmentId);
    const registered = await this.registry.instances(serviceName(apps.get(worker.appId) ?? '', worker.name));
    const own = registered.filter(({ meta }) => meta['environment'] === environment);
    return { id: worker.id, name: worker.name, instances: own.map(viewOf) };
  }
}

function viewOf(instance: RegisteredInstance): WorkerInstanceDto {
  return {
    node: { id: instance.node, address: instance.address },
    service: { id: instance.id },
    port: instance.port,
    tags: [...instance.tags],
    check: { status: instance.check, output: instance.checkOutput },
  };
}

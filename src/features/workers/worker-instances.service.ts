import { Inject, Injectable } from '@nestjs/common';
import { serviceName, standbyServiceName } from '../../domain/kernel/names.js';
import { type RegisteredInstance, SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import { Redactors } from '../../store/redactors.js';
import { Places } from '../../store/repositories/places.js';
import { Workers } from '../../store/repositories/workers.js';
import type { WorkerInstanceDto, WorkerInstancesDto } from './worker-instances.dto.js';

/**
 * Shows the instances of a worker. One service in Consul holds those of all environments, and of
 * the worker `c-d` of an app `b` with those of `d` of `b-c`: hence the filter. Another
 * holds those that stand by.
 */
@Injectable()
export class WorkerInstancesService {
  constructor(
    private readonly places: Places,
    private readonly workers: Workers,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
    private readonly redactors: Redactors,
  ) {}

  async list(id: string): Promise<WorkerInstancesDto> {
    const worker = await this.workers.get(id);
    const { apps, environments } = await this.places.around([worker]);
    const app = apps.get(worker.appId)?.name ?? '';
    const environment = environments.get(worker.environmentId)?.name;
    const standby = standbyServiceName(app, worker.name);
    const name = serviceName(app, worker.name);
    const registered = await Promise.all([name, standby].map((service) => this.registry.instances(service)));
    const here = registered.flat().filter(({ meta }) => meta['environment'] === environment && meta['app'] === app);
    const own = here.sort((one, other) => (one.id < other.id ? -1 : 1));
    const desires = await this.workers.desiresOf(worker.id);
    const redactor = await this.redactors.of(worker);
    const view = (each: RegisteredInstance): WorkerInstanceDto => ({
      ...viewOf({ ...each, checkOutput: redactor.quote(each.checkOutput) }),
      standby: each.service === standby,
      desired: desires.get(each.id) ?? null,
    });
    return { id: worker.id, name, instances: own.map(view) };
  }
}

function viewOf(instance: RegisteredInstance): Omit<WorkerInstanceDto, 'standby' | 'desired'> {
  return {
    id: instance.id,
    node: { id: instance.node, address: instance.address },
    service: { id: instance.id },
    port: instance.port,
    tags: [...instance.tags],
    check: { status: instance.check, output: instance.checkOutput },
  };
}

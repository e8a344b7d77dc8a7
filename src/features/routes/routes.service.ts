import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { DomainError } from '../../domain/kernel/errors.js';
import { haproxyConfig, type HaproxyRoute } from '../../domain/routing/haproxy-config.js';
import { nginxConfig } from '../../domain/routing/nginx-config.js';
import { type RouteNames, routeNamesOf } from '../../domain/routing/route.js';
import { WEB_WORKER } from '../../domain/worker/worker.js';
import { type RegisteredInstance, SERVICE_REGISTRY, type ServiceRegistry } from '../../ports/service-registry.js';
import { AppRow, WorkerRow } from '../../store/entities/index.js';
import { Page, readPage } from '../../store/page.js';
import { withinSight } from '../../store/within-sight.js';
import { Directory } from '../../store/repositories/directory.js';
import { Places } from '../../store/repositories/places.js';
import type { HaproxyQueryDto, ListRoutesDto, NginxQueryDto, RouteDto } from './route.dto.js';
import { endpointsOf, viewOf, type WorkerRoute } from './route-view.js';

/** Injection token of the pattern of ROUTING_HOST; null where none is configured. */
export const ROUTING_PATTERN = Symbol('RoutingPattern');

/** Which places are looked at. */
interface PlaceFilter {
  readonly app?: string;
  readonly environment?: string;
}

/** Routes as the API shows them, and as routers are set up for them. What is healthy, Consul says. */
@Injectable()
export class RoutesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: Directory,
    private readonly places: Places,
    @Inject(SERVICE_REGISTRY) private readonly registry: ServiceRegistry,
    @Inject(ROUTING_PATTERN) private readonly pattern: string | null,
  ) {}

  async list(query: ListRoutesDto): Promise<Page<RouteDto>> {
    const page = await readPage(await this.workers(query), query);
    const routes = await this.routesOf(page.items);
    const instances = await this.instancesOf(routes);
    const views = routes.map((route) => viewOf(route, instances.get(route.service) ?? []));
    return new Page(views, page.page, page.perPage, page.totalCount);
  }

  /** Throws `unavailable` where Consul does not answer: an old set-up is better than an empty one. */
  async nginx({ address = '0.0.0.0', port = 80, ...filter }: NginxQueryDto): Promise<string> {
    const routes = await this.named(filter);
    const instances = await this.instancesOf(routes);
    const complete = routes.map((route) => ({
      ...route,
      endpoints: endpointsOf(route, instances.get(route.service) ?? []),
    }));
    return nginxConfig(complete, { listen: `${address}:${port}` });
  }

  async haproxy(query: HaproxyQueryDto): Promise<string> {
    const { address = '0.0.0.0', port = 80, nameserver = '127.0.0.1:8600', domain, ...filter } = query;
    return haproxyConfig(await this.named(filter, domain), { bind: `${address}:${port}`, nameserver });
  }

  /** Routes with a host name, ordered by it, so that the same routes are the same text. */
  private async named(filter: PlaceFilter, domain?: string): Promise<readonly (WorkerRoute & HaproxyRoute)[]> {
    if (this.pattern === null)
      throw new DomainError(
        'unprocessable_entity',
        'Routes have no host names: set ROUTING_HOST, {app}.{environment}.example.com, and start Jockey again.',
      );
    const routes = await this.routesOf(await (await this.workers(filter)).getMany(), domain);
    return routes.filter(hasHostName).sort((one, other) => (one.hostName < other.hostName ? -1 : 1));
  }

  private async workers({ app, environment }: PlaceFilter): Promise<SelectQueryBuilder<WorkerRow>> {
    const select = this.dataSource
      .getRepository(WorkerRow)
      .createQueryBuilder('worker')
      .innerJoin(AppRow, 'app', 'app.id = worker.app_id AND app.deleted_at IS NULL')
      .where('worker.name = :name', { name: WEB_WORKER });
    if (app !== undefined) select.andWhere({ appId: (await this.directory.app(app)).id });
    if (environment !== undefined)
      select.andWhere({ environmentId: (await this.directory.environment(environment)).id });
    return withinSight(select, { app: 'worker.appId', environment: 'worker.environmentId' });
  }

  private async routesOf(workers: readonly WorkerRow[], domain?: string): Promise<WorkerRoute[]> {
    const { apps, environments } = await this.places.around(workers);
    return workers.map((worker) => {
      const app = apps.get(worker.appId)?.name ?? '';
      const environment = environments.get(worker.environmentId)?.name ?? '';
      return { ...routeNamesOf(this.pattern, { app, environment }, domain), worker, scale: worker.scale };
    });
  }

  /** The environments of an app share a service, so each is asked for once. */
  private async instancesOf(routes: readonly RouteNames[]): Promise<Map<string, readonly RegisteredInstance[]>> {
    const services = [...new Set(routes.map(({ service }) => service))];
    const lists = services.map(async (service) => [service, await this.registry.instances(service)] as const);
    return new Map(await Promise.all(lists));
  }
}

function hasHostName(route: WorkerRoute): route is WorkerRoute & HaproxyRoute {
  return route.hostName !== null;
}

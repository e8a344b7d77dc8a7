import { DEFAULT_WEB_PORT } from '../../domain/worker/worker.js';
import type { RouteEndpoint, RouteNames } from '../../domain/routing/route.js';
import type { RegisteredInstance } from '../../ports/service-registry.js';
import type { WorkerRow } from '../../store/entities/index.js';
import type { RouteDto, RouteEndpointDto } from './route.dto.js';

/** A route with the worker that takes its traffic. */
export interface WorkerRoute extends RouteNames {
  readonly worker: WorkerRow;
  readonly scale: number;
}

/** An instance that can be sent traffic: healthy, and with a port. */
type Serving = RegisteredInstance & { readonly port: number };

/** Where traffic of a route may go, of all instances of its service. */
export function endpointsOf(route: RouteNames, instances: readonly RegisteredInstance[]): readonly RouteEndpoint[] {
  return servingOf(route, instances).map(({ id, address, port }) => ({ id, address, port }));
}

/** A route as the API shows it. */
export function viewOf(route: WorkerRoute, instances: readonly RegisteredInstance[]): RouteDto {
  const { worker } = route;
  return {
    worker_id: worker.id,
    app: route.app,
    environment: route.environment,
    host_name: route.hostName,
    service: route.service,
    tag: route.tag,
    dns_name: route.dnsName,
    srv_name: route.srvName,
    container_port: worker.port ?? DEFAULT_WEB_PORT,
    health_path: worker.healthPath,
    scale: worker.scale,
    endpoints: servingOf(route, instances).map(endpointViewOf),
  };
}

function endpointViewOf({ id, node, address, port, meta }: Serving): RouteEndpointDto {
  return { id, host: node, address, port, deploy_id: meta['deploy'] ?? null };
}

function servingOf({ tag }: RouteNames, instances: readonly RegisteredInstance[]): readonly Serving[] {
  return instances.filter(
    (instance): instance is Serving =>
      instance.check === 'passing' && instance.port !== null && instance.tags.includes(tag),
  );
}

import { Reference, Text, WholeNumber } from '../../http/input/fields.js';
import { PageQueryDto } from '../../http/input/page-query.dto.js';

/** A healthy instance that takes traffic. */
export class RouteEndpointDto {
  /** Name of its container, and id of its service in Consul. */
  id!: string;

  /** Name of its host. */
  host!: string;

  /** Address that routers reach it at. */
  address!: string;

  /** Port of that address. */
  port!: number;

  /** The deploy that it is of. */
  deploy_id!: string | null;
}

/** How traffic gets to an app in an environment. */
export class RouteDto {
  /** Id of the worker `web` that takes the traffic. */
  worker_id!: string;

  /** Name of the app. */
  app!: string;

  /** Name of the environment. */
  environment!: string;

  /** The host name that clients ask for; null where ROUTING_HOST is not set. */
  host_name!: string | null;

  /** The Consul service, which all environments of the app share. */
  service!: string;

  /** The Consul tag of this environment's instances. */
  tag!: string;

  /** Name of their addresses in Consul's DNS. */
  dns_name!: string;

  /** Name of their addresses and ports in Consul's DNS: SRV, RFC 2782. */
  srv_name!: string;

  /** The port inside the containers. On the hosts it is another, which the endpoints and SRV records name. */
  container_port!: number;

  /** The page that says whether an instance is healthy. */
  health_path!: string;

  /** How many instances there should be. */
  scale!: number;

  /** Those that are healthy now, ordered by id. */
  endpoints!: RouteEndpointDto[];
}

/** A route as an answer shows it. */
export const ROUTE_EXAMPLE: RouteDto = {
  worker_id: '7',
  app: 'sample',
  environment: 'production',
  host_name: 'sample.production.example.com',
  service: 'sample-web',
  tag: 'production',
  dns_name: 'production.sample-web.service.consul',
  srv_name: '_sample-web._production.service.consul',
  container_port: 8888,
  health_path: '/healthz',
  scale: 1,
  endpoints: [
    { id: 'sample-production-web-1-d42', host: 'host-1', address: '10.0.0.11', port: 27_316, deploy_id: '42' },
  ],
};

/** Which routes are wanted. */
export class ListRoutesDto extends PageQueryDto {
  /** Only those of this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only those in this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;
}

const IPV4 = '(?:(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';
const PORT = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';

/** What every set-up of a router is asked with. */
class RouterQueryDto {
  /** Only for this app, by name or id. */
  @Reference('app', { optional: true, example: 'sample' })
  app?: string;

  /** Only for this environment, by name or id. */
  @Reference('environment', { optional: true, example: 'production' })
  environment?: string;

  /** The address that the router listens on; 0.0.0.0, all of them, where nothing is said. */
  @Text({
    max: 15,
    pattern: new RegExp(`^${IPV4}$`),
    shape: 'an IPv4 address',
    optional: true,
    example: '127.0.0.1',
  })
  address?: string;

  /** The port that the router listens on; 80 where nothing is said. */
  @WholeNumber({ min: 1, max: 65_535, optional: true, example: 80 })
  port?: number;
}

/** How nginx is set up. */
export class NginxQueryDto extends RouterQueryDto {}

/** How HAProxy is set up. */
export class HaproxyQueryDto extends RouterQueryDto {
  /** Consul's DNS as the router reaches it; 127.0.0.1:8600, an agent on its own machine, where nothing is said. */
  @Text({
    max: 21,
    pattern: new RegExp(`^${IPV4}:${PORT}$`),
    shape: 'an IPv4 address and a port, 127.0.0.1:8600',
    optional: true,
    example: '127.0.0.1:8600',
  })
  nameserver?: string;

  /** The domain that Consul's DNS answers for; `consul` where nothing is said. */
  @Text({
    max: 60,
    pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/,
    shape: 'a domain in small letters',
    optional: true,
    example: 'consul',
  })
  domain?: string;
}

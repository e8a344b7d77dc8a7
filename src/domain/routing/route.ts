import { serviceName } from '../kernel/names.js';
import { WEB_WORKER } from '../worker/worker.js';
import { hostNameOf, type RoutePlace } from './route-host.js';
import { environmentTag } from './route-tags.js';

/** The domain that Consul's DNS answers for where nothing else is configured. */
export const CONSUL_DOMAIN = 'consul';

/** One healthy instance that takes traffic. */
export interface RouteEndpoint {
  /** Name of its container, and id of its service in Consul. */
  readonly id: string;
  readonly address: string;
  readonly port: number;
}

/** How traffic gets to an app in an environment, by name; who takes it is another question. */
export interface RouteNames extends RoutePlace {
  /** `APP_ENVIRONMENT`: names hold no `_`, so it is that of one route only. */
  readonly name: string;
  /** The host name that clients ask for; null where no pattern is configured. */
  readonly hostName: string | null;
  /** The Consul service, which all environments of the app share. */
  readonly service: string;
  /** The tag that this environment's instances carry. */
  readonly tag: string;
  /** Name in Consul's DNS of their addresses. */
  readonly dnsName: string;
  /** Name in Consul's DNS of their addresses and ports (SRV, RFC 2782). */
  readonly srvName: string;
}

/** A route that a router can be set up for. */
export interface Route extends RouteNames {
  readonly hostName: string;
  /** How many instances it should have. */
  readonly scale: number;
  /** The healthy ones, ordered by id. */
  readonly endpoints: readonly RouteEndpoint[];
}

/** The names of the route to an app in an environment. */
export function routeNamesOf(pattern: string | null, place: RoutePlace, domain = CONSUL_DOMAIN): RouteNames {
  const service = serviceName(place.app, WEB_WORKER);
  const tag = environmentTag(place);
  return {
    app: place.app,
    environment: place.environment,
    name: `${place.app}_${place.environment}`.toLowerCase(),
    hostName: hostNameOf(pattern, place),
    service,
    tag,
    dnsName: `${tag}.${service}.service.${domain}`,
    srvName: `_${service}._${tag}.service.${domain}`,
  };
}

import { hostNameOf, type RoutePlace } from './route-host.js';

/**
 * The tag by which Consul's DNS tells environments apart: the environment's plain name, so that
 * `production.sample-web.service.consul` and `_sample-web._production.service.consul` hold the instances of production
 * alone (https://developer.hashicorp.com/consul/docs/discovery/dns, "Standard lookup" and "RFC 2782 lookup").
 */
export function environmentTag({ environment }: RoutePlace): string {
  return environment.toLowerCase();
}

/**
 * What Traefik's Consul Catalog provider and Fabio read off an instance that takes traffic; nothing without a pattern
 * for host names. Router and service carry the same name: without it Traefik would mix the environments of one app,
 * whose instances share a Consul service. Names hold no `_`, so `APP_ENVIRONMENT` is the name of one place only.
 */
export function routeTags(pattern: string | null, place: RoutePlace): readonly string[] {
  const hostName = hostNameOf(pattern, place);
  if (hostName === null) return [];
  const name = `${place.app}_${place.environment}`.toLowerCase();
  return [
    'traefik.enable=true',
    `traefik.http.routers.${name}.rule=Host(\`${hostName}\`)`,
    `traefik.http.routers.${name}.service=${name}`,
    `traefik.http.services.${name}.loadbalancer.passhostheader=true`,
    `urlprefix-${hostName}/`,
  ];
}

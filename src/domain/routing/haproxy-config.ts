import type { RouteNames } from './route.js';

/** Where HAProxy listens, and where it asks Consul's DNS. */
export interface HaproxyPlace {
  /** Address and port that it listens on: `0.0.0.0:80`. */
  readonly bind: string;
  /** Consul's DNS as HAProxy reaches it, an IP address and a port: `127.0.0.1:8600`. */
  readonly nameserver: string;
}

/** A route with what HAProxy has to know beforehand: how many servers there may be at most. */
export interface HaproxyRoute extends RouteNames {
  readonly hostName: string;
  /** How many instances it should have now. */
  readonly scale: number;
}

/** Servers come in steps of so many, so that the file changes seldom while workers are scaled. */
const STEP = 32;

const HEAD = `# Rendered by Jockey (GET /routes/haproxy.cfg). HAProxy finds the servers in Consul by itself: read this again when an
# app or an environment is added, or when a worker is to get more instances than half of the servers of its backend.
defaults jockey
    mode http
    option http-keep-alive
    option redispatch 1
    retries 3
    retry-on conn-failure empty-response
    timeout connect 2s
    timeout queue 10s
    timeout http-request 10s
    timeout http-keep-alive 60s
    timeout client 60s
    timeout server 60s
    timeout tunnel 1h
    default-server check inter 2s fastinter 500ms fall 2 rise 1 init-addr none resolvers consul resolve-prefer ipv4
`;

const UNKNOWN_HOST = `backend unknown_host from jockey
    http-request return status 404 content-type text/plain string "No app has this host name.\\n"
`;

/** What a HAProxy is told that follows Consul's DNS, beside the `global` section of its machine: one backend a host name; an empty one answers 503. */
export function haproxyConfig(routes: readonly HaproxyRoute[], place: HaproxyPlace): string {
  return [HEAD, resolvers(place), frontend(routes, place), UNKNOWN_HOST, ...routes.map(backend)].join('\n');
}

/**
 * Consul is asked each second. While it does not answer the last known servers are kept for an hour, so that traffic
 * outlives it; a pool that it says is empty is empty at once, as its ports may soon be another's.
 */
function resolvers({ nameserver }: HaproxyPlace): string {
  return `resolvers consul
    nameserver consul ${nameserver}
    accepted_payload_size 8192
    resolve_retries 3
    timeout resolve 1s
    timeout retry 1s
    hold valid 1s
    hold obsolete 0s
    hold nx 1s
    hold timeout 1h
    hold refused 1h
    hold other 1h
`;
}

function frontend(routes: readonly HaproxyRoute[], { bind }: HaproxyPlace): string {
  const uses = routes.map(
    ({ name, hostName }) => `    use_backend ${name} if { req.hdr(host),field(1,:),lower -m str ${hostName} }\n`,
  );
  return `frontend jockey from jockey
    bind ${bind}
    option forwardfor
    http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
${uses.join('')}    default_backend unknown_host
`;
}

/** A request that may have had an effect is not sent a second time once a server has taken it. */
function backend({ name, srvName, scale }: HaproxyRoute): string {
  return `backend ${name} from jockey
    balance roundrobin
    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
    server-template web ${serversFor(scale)} ${srvName}
`;
}

/** Room for twice the scale: a rollout that starts the new before it stops the old needs it. */
function serversFor(scale: number): number {
  return Math.max(1, Math.ceil((2 * scale) / STEP)) * STEP;
}

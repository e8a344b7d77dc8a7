import type { Route } from './route.js';

/** Where nginx listens. */
export interface NginxPlace {
  /** What follows `listen`: `80` or `127.0.0.1:8080`. */
  readonly listen: string;
}

const HEAD = `# Rendered by Jockey (GET /routes/nginx.conf) for the "http" block. It lists the instances that are healthy now: read it
# again when they change, check it with "nginx -t" and have nginx reload it.
map $http_upgrade $jockey_connection {
    default upgrade;
    ''      '';
}
`;

/** What is included in nginx's `http` block: one upstream and one server a host name; an empty pool answers 503. */
export function nginxConfig(routes: readonly Route[], place: NginxPlace): string {
  return [HEAD, unknownHost(place), ...routes.map((route) => blocksOf(route, place))].join('\n');
}

function unknownHost({ listen }: NginxPlace): string {
  return `server {
    listen ${listen} default_server;
    server_name _;
    return 404;
}
`;
}

function blocksOf(route: Route, place: NginxPlace): string {
  return route.endpoints.length === 0 ? emptyServer(route, place) : upstream(route) + server(route, place);
}

/** nginx refuses an upstream without servers. */
function emptyServer({ hostName }: Route, { listen }: NginxPlace): string {
  return `server {
    listen ${listen};
    server_name ${hostName};
    return 503;
}
`;
}

function upstream({ name, endpoints }: Route): string {
  const servers = endpoints.map(
    ({ id, address, port }) => `    server ${address}:${port} max_fails=1 fail_timeout=2s; # ${id}\n`,
  );
  return `upstream ${name} {
${servers.join('')}    keepalive 32;
}
`;
}

/** What has not reached an instance, or may be repeated, is tried at another; nginx repeats no POST by itself. */
function server({ name, hostName }: Route, { listen }: NginxPlace): string {
  return `server {
    listen ${listen};
    server_name ${hostName};
    location / {
        proxy_pass http://${name};
        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $jockey_connection;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_connect_timeout 2s;
        proxy_next_upstream error timeout;
        proxy_next_upstream_tries 3;
    }
}
`;
}

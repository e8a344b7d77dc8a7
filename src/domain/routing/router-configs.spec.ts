import { describe, expect, it } from 'vitest';
import { haproxyConfig } from './haproxy-config.js';
import { nginxConfig } from './nginx-config.js';
import { type Route, type RouteEndpoint, routeNamesOf } from './route.js';

const PATTERN = '{app}.{environment}.test';
const ENDPOINTS: readonly RouteEndpoint[] = [
  { id: 'shop-production-web-1-d4', address: '10.0.0.11', port: 20_001 },
  { id: 'shop-production-web-2-d4', address: '10.0.0.12', port: 20_002 },
];

function aRoute(app: string, endpoints: readonly RouteEndpoint[] = ENDPOINTS, scale = 2): Route {
  const names = routeNamesOf(PATTERN, { app, environment: 'production' });
  return { ...names, hostName: names.hostName ?? '', scale, endpoints };
}

/** The lines of one block, from the line that begins so to the next empty one. */
function block(config: string, begin: string): string[] {
  const lines = config.split('\n');
  const from = lines.findIndex((line) => line.startsWith(begin));
  expect(from, `there is a line that begins with "${begin}"`).toBeGreaterThanOrEqual(0);
  const to = lines.indexOf('', from);
  return lines.slice(from, to < 0 ? undefined : to).map((line) => line.trim());
}

describe('routeNamesOf', () => {
  it('names the route in both forms of Consul DNS', () => {
    expect(routeNamesOf(PATTERN, { app: 'shop', environment: 'production' })).toEqual({
      app: 'shop',
      environment: 'production',
      name: 'shop_production',
      hostName: 'shop.production.test',
      service: 'shop-web',
      tag: 'production',
      dnsName: 'production.shop-web.service.consul',
      srvName: '_shop-web._production.service.consul',
    });
  });

  it('takes another domain of Consul', () => {
    expect(routeNamesOf(null, { app: 'a', environment: 'b' }, 'internal')).toMatchObject({
      hostName: null,
      dnsName: 'b.a-web.service.internal',
      srvName: '_a-web._b.service.internal',
    });
  });
});

describe('haproxyConfig', () => {
  const place = { bind: '127.0.0.1:8080', nameserver: '127.0.0.1:8600' };
  const config = haproxyConfig([aRoute('shop'), aRoute('blog', [], 40)], place);

  it('leads each host name to the backend of its own', () => {
    const frontend = block(config, 'frontend jockey');
    expect(frontend).toContain('bind 127.0.0.1:8080');
    expect(frontend).toContain(
      'use_backend shop_production if { req.hdr(host),field(1,:),lower -m str shop.production.test }',
    );
    expect(frontend).toContain(
      'use_backend blog_production if { req.hdr(host),field(1,:),lower -m str blog.production.test }',
    );
    expect(frontend.at(-1)).toBe('default_backend unknown_host');
    expect(block(config, 'backend unknown_host')[1]).toMatch(/^http-request return status 404 /);
  });

  it('lets Consul say who serves, with room for twice the scale', () => {
    expect(block(config, 'resolvers consul')).toContain('nameserver consul 127.0.0.1:8600');
    expect(block(config, 'backend shop_production')).toContain(
      'server-template web 32 _shop-web._production.service.consul',
    );
    expect(block(config, 'backend blog_production')).toContain(
      'server-template web 96 _blog-web._production.service.consul',
    );
  });

  it('does not change with the instances, so that nobody has to read it again', () => {
    expect(haproxyConfig([aRoute('shop', [])], place)).toBe(haproxyConfig([aRoute('shop')], place));
  });

  it('stands without any route', () => {
    expect(block(haproxyConfig([], place), 'frontend jockey').at(-1)).toBe('default_backend unknown_host');
  });
});

describe('nginxConfig', () => {
  const config = nginxConfig([aRoute('shop'), aRoute('blog', [])], { listen: '8080' });

  it('lists the healthy instances of a host name', () => {
    const lines = block(config, 'upstream shop_production');
    expect(lines).toContain('server 10.0.0.11:20001 max_fails=1 fail_timeout=2s; # shop-production-web-1-d4');
    expect(lines).toContain('server 10.0.0.12:20002 max_fails=1 fail_timeout=2s; # shop-production-web-2-d4');
    expect(lines).toContain('server_name shop.production.test;');
    expect(lines).toContain('proxy_pass http://shop_production;');
  });

  it('answers 503 for an empty pool, and 404 for a host name of nobody', () => {
    expect(config).not.toContain('upstream blog_production');
    expect(config).toContain('server {\n    listen 8080;\n    server_name blog.production.test;\n    return 503;\n}\n');
    expect(block(config, 'server {')).toEqual([
      'server {',
      'listen 8080 default_server;',
      'server_name _;',
      'return 404;',
      '}',
    ]);
  });
});

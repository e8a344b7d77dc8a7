import { describe, expect, it } from 'vitest';
import { environmentTag, routeTags } from './route-tags.js';

const PATTERN = '{app}.{environment}.example.com';

describe('routeTags', () => {
  it('tell Traefik and Fabio the host name, and Traefik the pool of this environment alone', () => {
    expect(routeTags(PATTERN, { app: 'shop', environment: 'production' })).toEqual([
      'traefik.enable=true',
      'traefik.http.routers.shop_production.rule=Host(`shop.production.example.com`)',
      'traefik.http.routers.shop_production.service=shop_production',
      'traefik.http.services.shop_production.loadbalancer.passhostheader=true',
      'urlprefix-shop.production.example.com/',
    ]);
  });

  it('are those of one place only, whatever hyphens its names hold', () => {
    const one = routeTags(PATTERN, { app: 'shop-eu', environment: 'test' });
    const other = routeTags(PATTERN, { app: 'shop', environment: 'eu-test' });
    expect(one.filter((tag) => other.includes(tag))).toEqual(['traefik.enable=true']);
  });

  it('are none without a pattern', () => {
    expect(routeTags(null, { app: 'shop', environment: 'production' })).toEqual([]);
  });
});

describe('environmentTag', () => {
  it('is the plain name', () => {
    expect(environmentTag({ app: 'shop', environment: 'production' })).toBe('production');
  });
});

import { describe, expect, it } from 'vitest';
import { hostNameOf } from './route-host.js';

describe('hostNameOf', () => {
  it.each([
    ['{app}.{environment}.example.com', 'shop.production.example.com'],
    ['{environment}.apps.{app}.test', 'production.apps.shop.test'],
    ['app-{app}.{environment}-1.test', 'app-shop.production-1.test'],
  ])('fills in %s', (pattern, hostName) => {
    expect(hostNameOf(pattern, { app: 'shop', environment: 'production' })).toBe(hostName);
  });

  it('is written small, as routers compare it', () => {
    expect(hostNameOf('{app}.{environment}.test', { app: 'Shop', environment: 'Production' })).toBe(
      'shop.production.test',
    );
  });

  it('is none without a pattern', () => {
    expect(hostNameOf(null, { app: 'shop', environment: 'production' })).toBeNull();
  });
});

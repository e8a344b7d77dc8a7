import { describe, expect, it } from 'vitest';
import type { Host } from '../host/host.js';
import { type BuildHost, chooseBuildHost } from './choose-build-host.js';

function builder(name: string, change: Partial<BuildHost> & { readonly because?: string } = {}): BuildHost {
  const { because = null, ...rest } = change;
  const host: Host = {
    name,
    address: '10.0.0.1',
    dockerUrl: 'http://10.0.0.1:2375',
    machine: null,
    agentUrl: 'http://10.0.0.1:8500',
    healthy: because === null,
    unhealthyBecause: because,
    capacity: null,
  };
  return { host, environment: 'production', running: 0, cordoned: false, ...rest };
}

const nameOf = (hosts: readonly BuildHost[]) => {
  const chosen = chooseBuildHost(hosts);
  return 'refusal' in chosen ? chosen.refusal : chosen.host.name;
};

describe('chooseBuildHost', () => {
  it('takes the host with the fewest builds', () => {
    expect(nameOf([builder('h1', { running: 2 }), builder('h2', { running: 1 }), builder('h3', { running: 3 })])).toBe(
      'h2',
    );
  });

  it('takes the first by name where they are equal, in whatever order they come', () => {
    expect(nameOf([builder('h2'), builder('h1')])).toBe('h1');
    expect(nameOf([builder('h1'), builder('h2')])).toBe('h1');
  });

  it('leaves out those that are not healthy or cordoned, however free they are', () => {
    expect(
      nameOf([builder('h1', { because: 'off' }), builder('h2', { cordoned: true }), builder('h3', { running: 9 })]),
    ).toBe('h3');
  });

  it('leaves out those whose disk has too little room, and says so', () => {
    const full = builder('h1', { noRoom: 'its disk is full' });
    expect(nameOf([full, builder('h2', { running: 3, noRoom: null })])).toBe('h2');
    expect(nameOf([full])).toContain('h1: its disk is full');
  });

  it('takes a host that is healthy in one environment, and that environment', () => {
    const hosts = [builder('h1', { because: 'off', environment: 'development' }), builder('h1')];
    expect(chooseBuildHost(hosts)).toBe(hosts[1]);
  });

  it('names each host once with its reason when there is none', () => {
    const hosts = [
      builder('h2', { cordoned: true }),
      builder('h1', { because: 'disk full' }),
      builder('h1', { because: 'disk full', environment: 'development' }),
    ];
    expect(nameOf(hosts)).toBe('no healthy host in the stack build: h1: disk full; h2: cordoned');
  });

  it('says how to make one when Consul knows none', () => {
    expect(nameOf([])).toContain('jockey-build-ENVIRONMENT');
  });
});

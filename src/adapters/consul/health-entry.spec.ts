import { describe, expect, it } from 'vitest';
import { hostOf } from './consul-host-catalog.js';
import { instanceOf } from './consul-service-registry.js';
import type { CheckEntry, HealthEntry } from './health-entry.js';
import { DEFINITION } from './service-definition.js';

const ADDRESSES = { consulUrl: 'http://10.0.0.9:8500', agentPort: 8500, dockerPort: 2375, dockerTls: false };

const SERF: CheckEntry = { Name: 'Serf Health Status', Status: 'passing', Output: 'Agent alive', ServiceID: '' };
const OWN: CheckEntry = { Name: 'http', Status: 'passing', Output: 'HTTP GET: 200 OK', ServiceID: 'web-1' };

function anEntry(service: Partial<HealthEntry['Service']> = {}, checks = [SERF, OWN]): HealthEntry {
  const nothing = { ID: 'web-1', Service: 'sample-web', Address: '', Port: 0, Tags: null, Meta: null };
  return { Node: { Node: 'h1', Address: '10.0.0.1' }, Service: { ...nothing, ...service }, Checks: checks };
}

describe('hostOf', () => {
  it('finds the parts of a host at the usual ports of its node', () => {
    expect(hostOf(anEntry(), ADDRESSES)).toStrictEqual({
      name: 'h1',
      address: '10.0.0.1',
      dockerUrl: 'http://10.0.0.1:2375',
      machine: null,
      agentUrl: 'http://10.0.0.1:8500',
      healthy: true,
      unhealthyBecause: null,
      capacity: null,
    });
  });

  it('believes what the node says of itself', () => {
    const meta = {
      docker_endpoint: 'unix:///run/docker.sock',
      agent_endpoint: 'http://a:1',
      memory_mb: '512',
      cpus: '1.5',
    };
    expect(hostOf(anEntry({ Address: '192.168.0.1', Meta: meta }), ADDRESSES)).toMatchObject({
      address: '192.168.0.1',
      dockerUrl: 'unix:///run/docker.sock',
      machine: null,
      agentUrl: 'http://a:1',
      capacity: { memoryMb: 512, cpus: 1.5 },
    });
  });

  it('speaks TLS where there are certificates', () => {
    expect(hostOf(anEntry(), { ...ADDRESSES, dockerPort: 2376, dockerTls: true }).dockerUrl).toBe(
      'https://10.0.0.1:2376',
    );
  });

  it.each([
    [{ memory_mb: '512' }],
    [{ cpus: '2' }],
    [{ memory_mb: 'much', cpus: '2' }],
    [{ memory_mb: '0', cpus: '2' }],
  ])('asks Docker where %j says too little', (meta) =>
    expect(hostOf(anEntry({ Meta: meta as unknown as Record<string, string> }), ADDRESSES).capacity).toBeNull(),
  );

  it('is unhealthy by any check that does not pass, and names them all, shortly', () => {
    const checks = [
      { ...SERF, Status: 'critical', Output: 'Agent not live' },
      { ...OWN, Name: 'disk', Status: 'warning', Output: `92 % full\n${'x'.repeat(500)}` },
    ];
    const { healthy, unhealthyBecause } = hostOf(anEntry({}, checks), ADDRESSES);
    expect(healthy).toBe(false);
    expect(unhealthyBecause).toMatch(/^Serf Health Status: Agent not live; disk: 92 % full/);
    expect(unhealthyBecause).toHaveLength(200);
  });
});

describe('instanceOf', () => {
  it('shows an instance without what is kept in its meta for ourselves', () => {
    const meta = { slot: '1', [DEFINITION]: 'abc' };
    expect(instanceOf(anEntry({ Port: 20_001, Tags: ['rref:abc'], Meta: meta }))).toStrictEqual({
      id: 'web-1',
      service: 'sample-web',
      node: 'h1',
      address: '10.0.0.1',
      port: 20_001,
      tags: ['rref:abc'],
      meta: { slot: '1' },
      check: 'passing',
      checkOutput: 'HTTP GET: 200 OK',
    });
  });

  it('is critical with its node, whatever its own check said last', () => {
    const lost = { ...SERF, Status: 'critical', Output: 'Agent not live' };
    expect(instanceOf(anEntry({}, [lost, OWN]))).toMatchObject({
      port: null,
      check: 'critical',
      checkOutput: 'Serf Health Status: Agent not live',
    });
  });

  it('says that a check has not run yet, and shortens a long answer', () => {
    const fresh = { ...OWN, Status: 'critical', Output: '' };
    expect(instanceOf(anEntry({}, [SERF, fresh])).checkOutput).toBe('http: critical, it has not run yet');
    const long = { ...OWN, Output: 'x'.repeat(5_000) };
    expect(instanceOf(anEntry({}, [SERF, long])).checkOutput).toHaveLength(500);
  });
});

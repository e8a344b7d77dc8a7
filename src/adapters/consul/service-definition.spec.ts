import { describe, expect, it } from 'vitest';
import type { Registration } from '../../ports/service-registry.js';
import { DEFINITION, serviceOf } from './service-definition.js';

const WEB: Registration = {
  id: 'sample-production-web-1-d4',
  service: 'sample-web',
  host: {
    name: 'h1',
    address: '10.0.0.1',
    dockerUrl: 'http://10.0.0.1:2375',
    machine: null,
    agentUrl: 'http://10.0.0.1:8500',
    healthy: true,
    unhealthyBecause: null,
    capacity: null,
  },
  port: 20_001,
  containerName: 'sample-production-web-1-d4',
  tags: ['rref:abc', 'environment:production'],
  meta: { app: 'sample', slot: '1' },
  check: { kind: 'http', path: '/health', intervalSeconds: 5, timeoutSeconds: 2 },
};
const CLOCK: Registration = {
  ...WEB,
  port: null,
  check: { kind: 'running', intervalSeconds: 5, timeoutSeconds: 2 },
};

const digestOf = (registration: Registration) => serviceOf(registration).meta[DEFINITION];

describe('serviceOf', () => {
  it('writes an instance with traffic, critical until its page answers', () => {
    expect(serviceOf(WEB)).toStrictEqual({
      name: 'sample-web',
      id: 'sample-production-web-1-d4',
      tags: ['rref:abc', 'environment:production'],
      address: '10.0.0.1',
      port: 20_001,
      meta: { app: 'sample', slot: '1', [DEFINITION]: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
      check: {
        name: 'http',
        http: 'http://10.0.0.1:20001/health',
        interval: '5s',
        timeout: '2s',
        status: 'critical',
      },
    });
  });

  it('lets the agent ask the Docker of its host after one without traffic', () => {
    const service = serviceOf(CLOCK);
    expect(service).not.toHaveProperty('port');
    expect(service.check).toStrictEqual({
      name: 'running',
      http: 'http://10.0.0.1:2375/containers/sample-production-web-1-d4/top?ps_args=-opid',
      interval: '5s',
      timeout: '2s',
      status: 'critical',
    });
  });

  it('refuses what cannot be checked, with the way out', () => {
    const socket = { ...WEB.host, dockerUrl: 'unix:///var/run/docker.sock' };
    expect(() => serviceOf({ ...CLOCK, host: socket })).toThrow(/host h1 is a Unix socket: .* reachable by TCP/);
    expect(() => serviceOf({ ...WEB, port: null })).toThrow(/has no port/);
  });

  it('is known again when it is the same, in whatever order its meta is written', () => {
    expect(digestOf({ ...WEB, meta: { slot: '1', app: 'sample' } })).toBe(digestOf(WEB));
  });

  it.each<[string, Partial<Registration>]>([
    ['port', { port: 20_002 }],
    ['tags', { tags: ['rref:def'] }],
    ['meta', { meta: { app: 'sample', slot: '2' } }],
    ['service', { service: 'other-web' }],
    ['address', { host: { ...WEB.host, address: '10.0.0.2' } }],
    ['check', { check: { kind: 'http', path: '/', intervalSeconds: 5, timeoutSeconds: 2 } }],
  ])('is another one with another %s', (_what, change) => {
    expect(digestOf({ ...WEB, ...change })).not.toBe(digestOf(WEB));
  });
});

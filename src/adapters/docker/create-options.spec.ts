import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../ports/docker-hosts.js';
import { createOptionsOf } from './create-options.js';

const WEB: ContainerSpec = {
  name: 'sample-production-web-1-d4',
  image: 'registry:5000/sample@sha256:abc',
  entrypoint: null,
  command: ['bin/serve', '--name=a b'],
  env: { RACK_ENV: 'production', GREETING: 'a=b "c"', EMPTY: '' },
  labels: { 'io.jockey.app': 'sample' },
  resources: { memoryMb: 256, cpus: 0.1 },
  publish: { containerPort: 8888, hostPort: 20_001 },
  stopGraceSeconds: 30,
  stopSignal: 'SIGTERM',
};

describe('createOptionsOf', () => {
  it('writes a container with traffic as Docker wants it', () => {
    expect(createOptionsOf(WEB)).toStrictEqual({
      name: 'sample-production-web-1-d4',
      Image: 'registry:5000/sample@sha256:abc',
      Cmd: ['bin/serve', '--name=a b'],
      Env: ['RACK_ENV=production', 'GREETING=a=b "c"', 'EMPTY='],
      Labels: { 'io.jockey.app': 'sample' },
      StopSignal: 'SIGTERM',
      StopTimeout: 30,
      ExposedPorts: { '8888/tcp': {} },
      HostConfig: {
        Memory: 268_435_456,
        MemorySwap: 268_435_456,
        NanoCpus: 100_000_000,
        RestartPolicy: { Name: 'no' },
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
        PortBindings: { '8888/tcp': [{ HostPort: '20001' }] },
      },
    });
  });

  it("puts an entry point in the place of the image's own", () => {
    const { Entrypoint, Cmd } = createOptionsOf({ ...WEB, entrypoint: ['/cnb/process/web'], command: [] });
    expect([Entrypoint, Cmd]).toEqual([['/cnb/process/web'], undefined]);
  });

  it('exposes nothing of one without traffic, and leaves the command to the image', () => {
    expect(createOptionsOf({ ...WEB, command: [], env: {}, publish: null })).toStrictEqual({
      name: 'sample-production-web-1-d4',
      Image: 'registry:5000/sample@sha256:abc',
      Env: [],
      Labels: { 'io.jockey.app': 'sample' },
      StopSignal: 'SIGTERM',
      StopTimeout: 30,
      HostConfig: {
        Memory: 268_435_456,
        MemorySwap: 268_435_456,
        NanoCpus: 100_000_000,
        RestartPolicy: { Name: 'no' },
        LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      },
    });
  });

  it('asks for a whole number of billionths of a core', () => {
    const { HostConfig } = createOptionsOf({ ...WEB, resources: { memoryMb: 16, cpus: 0.1 + 0.2 } });
    expect(HostConfig?.NanoCpus).toBe(300_000_000);
  });
});

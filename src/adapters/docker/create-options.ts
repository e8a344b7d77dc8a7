import type Docker from 'dockerode';
import { VARIABLE } from '../../domain/kernel/names.js';
import type { ContainerSpec } from '../../ports/docker-hosts.js';

/** Output of a container that its host keeps: three files of 10 MB, so that a chatty one cannot fill the disk. */
const LOG_CONFIG = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } };

/** A container as Docker's API wants it. Swap is as much as memory, which means none on top. */
export function createOptionsOf(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const bytes = spec.resources.memoryMb * 1024 * 1024;
  const port = spec.publish === null ? null : `${spec.publish.containerPort}/tcp`;
  return {
    name: spec.name,
    Image: spec.image,
    Cmd: spec.command.length === 0 ? undefined : [...spec.command],
    Env: Object.entries(spec.env)
      .filter(([name]) => VARIABLE.test(name))
      .map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    StopTimeout: spec.stopGraceSeconds,
    ExposedPorts: port === null ? undefined : { [port]: {} },
    HostConfig: {
      Memory: bytes,
      MemorySwap: bytes,
      NanoCpus: Math.round(spec.resources.cpus * 1e9),
      RestartPolicy: { Name: 'unless-stopped' },
      PortBindings: port === null ? undefined : { [port]: [{ HostPort: String(spec.publish?.hostPort) }] },
      LogConfig: LOG_CONFIG,
    },
  };
}

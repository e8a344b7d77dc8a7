import type Docker from 'dockerode';
import type { ConsoleSpec, ContainerSpec } from '../../ports/docker-hosts.js';

/** Output of a container that its host keeps: three files of 10 MB, so that a chatty one cannot fill the disk. */
const LOG_CONFIG = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } };

const MIB = 1024 * 1024;

/**
 * A container as Docker's API wants it. `MemorySwap` counts memory and swap together, so the same number means no swap.
 * The host's port is fixed, so that the container keeps it when Docker's own restart policy starts it again.
 */
export function createOptionsOf(spec: ContainerSpec): Docker.ContainerCreateOptions {
  const bytes = spec.resources.memoryMb * MIB;
  const ports = portsOf(spec.publish);
  return {
    name: spec.name,
    Image: spec.image,
    ...(spec.entrypoint == null ? {} : { Entrypoint: [...spec.entrypoint] }),
    ...(spec.command.length === 0 ? {} : { Cmd: [...spec.command] }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels },
    StopSignal: spec.stopSignal,
    StopTimeout: spec.stopGraceSeconds,
    ...ports.container,
    ...inputOf(spec.console),
    HostConfig: {
      Memory: bytes,
      MemorySwap: bytes,
      NanoCpus: Math.round(spec.resources.cpus * 1e9),
      RestartPolicy: { Name: 'no' },
      LogConfig: LOG_CONFIG,
      ...ports.host,
      ...sizeOf(spec.console),
    },
  };
}

/** `StdinOnce` ends the program's input with the first connection to it; without it, the next one types on. */
function inputOf(console: ConsoleSpec | undefined): Partial<Docker.ContainerCreateOptions> {
  if (console === undefined) return {};
  return { Tty: console.terminal, OpenStdin: console.input !== 'none', StdinOnce: console.input === 'once' };
}

/** Docker wants rows before columns. */
function sizeOf(console: ConsoleSpec | undefined): object {
  const size = console?.size ?? null;
  return size === null ? {} : { ConsoleSize: [size.rows, size.columns] };
}

function portsOf(publish: ContainerSpec['publish']) {
  if (publish === null) return { container: {}, host: {} };
  const port = `${publish.containerPort}/tcp`;
  return {
    container: { ExposedPorts: { [port]: {} } },
    host: { PortBindings: { [port]: [{ HostPort: String(publish.hostPort) }] } },
  };
}

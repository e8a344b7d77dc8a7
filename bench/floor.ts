import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { createOptionsOf } from '../src/adapters/docker/create-options.js';
import { LABELS } from '../src/domain/instance/container-name.js';
import type { ContainerSpec } from '../src/ports/docker-hosts.js';
import type { ClusterHost } from '../tools/cluster/layout.js';

/** The same containers as a deploy's, without Jockey. */
export interface FloorLoad {
  readonly hosts: readonly ClusterHost[];
  readonly image: string;
  readonly containers: number;
  readonly memoryMb: number;
  readonly cpus: number;
  readonly healthPath: string;
}

/** Between two looks at a container that is not healthy yet, in milliseconds. */
const POLL_EVERY = 20;
/** Below Jockey's own ports, so that both can be there at once. */
const FIRST_PORT = 18_000;

/** Milliseconds until the first and until all of some containers were healthy. */
export interface BareStart {
  readonly first: number;
  readonly all: number;
}

/** Creates and starts the containers straight through the Docker API, all side by side, and polls them until healthy. */
export async function measureBareStart(load: FloorLoad): Promise<BareStart> {
  const begun = performance.now();
  const ended = Array.from({ length: load.containers }, async (_, index) => {
    await startOne(load, index);
    return performance.now() - begun;
  });
  const times = await Promise.all(ended);
  await Promise.all(Array.from({ length: load.containers }, (_, index) => removeOne(load, index)));
  return { first: Math.min(...times), all: Math.max(...times) };
}

/** Milliseconds until all of the containers were healthy. */
export async function measureFloor(load: FloorLoad): Promise<number> {
  return (await measureBareStart(load)).all;
}

async function startOne(load: FloorLoad, index: number): Promise<void> {
  const host = hostOf(load, index);
  const spec = specOf(load, index);
  const container = await dockerOf(host).createContainer(createOptionsOf(spec));
  await container.start();
  const url = `http://${host.address}:${FIRST_PORT + index}${load.healthPath}`;
  while (!(await answers(url))) await sleep(POLL_EVERY);
}

async function removeOne(load: FloorLoad, index: number): Promise<void> {
  await dockerOf(hostOf(load, index)).getContainer(specOf(load, index).name).remove({ force: true });
}

/** As Jockey spreads them: one after the other over the hosts. */
function hostOf({ hosts }: FloorLoad, index: number): ClusterHost {
  return hosts[index % hosts.length] as ClusterHost;
}

function specOf({ image, memoryMb, cpus }: FloorLoad, index: number): ContainerSpec {
  return {
    name: `floor-${index + 1}`,
    image,
    command: ['/start', 'web'],
    env: { PORT: '8888' },
    labels: { [LABELS.app]: 'floor', [LABELS.slot]: String(index + 1) },
    resources: { memoryMb, cpus },
    publish: { containerPort: 8888, hostPort: FIRST_PORT + index },
    stopGraceSeconds: 1,
    stopSignal: 'SIGTERM',
  };
}

function dockerOf({ dockerUrl }: ClusterHost): Docker {
  const { hostname, port } = new URL(dockerUrl);
  return new Docker({ host: hostname, port: Number(port), protocol: 'http' });
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

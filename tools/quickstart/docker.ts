import { join } from 'node:path';
import { DockerApi } from '../machine/docker-api.js';
import { startDockerEngine } from '../machine/docker-engine.js';
import { SetupFailure, sentenceOf } from '../machine/failure.js';
import { forwardPolicyBeforeDocker } from '../machine/firewall.js';
import type { Ledger } from '../machine/ledger.js';
import { requirePrograms } from '../machine/packages.js';
import { usualOrFreePort } from '../machine/port-taken.js';
import { progress } from '../machine/progress.js';
import { attempt } from '../machine/run.js';
import { runFolder } from '../machine/run-folder.js';
import type { QuickstartFolders } from './folders.js';

/** The Docker engine that the sample is deployed to. */
export interface DockerPart {
  /** Address of its API: `unix:///var/run/docker.sock`, `http://127.0.0.1:2375`. */
  readonly endpoint: string;
  /** Address under which the ports that it publishes are reached. */
  readonly address: string;
  /** Whether it is ours, and goes with all its containers when the quickstart ends. */
  readonly own: boolean;
}

/** Control group of the containers of our own engine. */
export const CGROUP = 'jockey-quickstart';
/** The bridge that Docker makes for its containers. */
const BRIDGE = 'docker0';
const USUAL_SOCKET = 'unix:///var/run/docker.sock';

/** Looks for a Docker engine: $DOCKER_HOST, which must answer, or the usual socket. */
export async function findDocker(): Promise<DockerPart | undefined> {
  const given = process.env['DOCKER_HOST'];
  if (given !== undefined && given !== '') return requireAnswer(endpointOf(given));
  return new DockerApi(USUAL_SOCKET).ping().then(
    () => partAt(USUAL_SOCKET),
    () => undefined,
  );
}

async function requireAnswer(endpoint: string): Promise<DockerPart> {
  try {
    await new DockerApi(endpoint).ping();
  } catch (error) {
    throw new SetupFailure(
      `DOCKER_HOST is set, but no Docker answers there: ${sentenceOf(error)}`,
      'Start it, or unset DOCKER_HOST so that one is found or started.',
    );
  }
  return partAt(endpoint);
}

function partAt(endpoint: string): DockerPart {
  progress(`using the Docker that answers at ${endpoint}`);
  const address = endpoint.startsWith('unix:') ? '127.0.0.1' : new URL(endpoint).hostname;
  return { endpoint, address, own: false };
}

/** Docker's own clients write `tcp://` for what is HTTP. */
function endpointOf(host: string): string {
  if (host.startsWith('unix://') || /^https?:\/\//.test(host)) return host;
  if (host.startsWith('tcp://')) return `http://${host.slice('tcp://'.length)}`;
  throw new SetupFailure(`DOCKER_HOST is ${host}`, 'The quickstart can use unix:///path and tcp://host:port.');
}

/** Starts an engine in the machine's own network, on the loopback address alone. */
export async function startOwnDocker(ledger: Ledger, { folder, logs }: QuickstartFolders): Promise<DockerPart> {
  const { dockerd } = await requirePrograms(['dockerd', 'iptables', 'ip']);
  const address = '127.0.0.1';
  const port = await usualOrFreePort({ part: 'Docker', address, port: 2375 });
  progress(`starting Docker on ${address}:${port}`);
  await rememberNetwork(ledger);
  const runtime = join(runFolder(), 'quickstart');
  const endpoint = await startDockerEngine({
    ledger,
    file: dockerd,
    name: 'docker',
    address: `${address}:${port}`,
    socket: join(runtime, 'docker.sock'),
    dataRoot: join(folder, 'docker'),
    execRoot: runtime,
    cgroup: CGROUP,
    insecureRegistry: '127.0.0.0/8',
    logFile: join(logs, 'docker.log'),
  });
  return { endpoint, address, own: true };
}

/** What the engine will change in the machine's own network, so that it can be put back. */
async function rememberNetwork(ledger: Ledger): Promise<void> {
  const forwardPolicy = await forwardPolicyBeforeDocker();
  if (forwardPolicy !== undefined) ledger.write({ forwardPolicy });
  if (!(await attempt('ip', ['link', 'show', BRIDGE]))) ledger.add({ links: [BRIDGE] });
}

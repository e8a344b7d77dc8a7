import { join } from 'node:path';
import type { Claim } from '../machine/claim.js';
import { requireConsul } from '../machine/consul-binary.js';
import { tellAlive } from '../machine/consul-pools.js';
import { DockerApi } from '../machine/docker-api.js';
import { SetupFailure } from '../machine/failure.js';
import { requirePrograms, type ProgramName } from '../machine/packages.js';
import { createSampleRepository } from '../sample-repository.js';
import { provideConsul, type ConsulPart } from './consul.js';
import { startOwnDocker, type DockerPart } from './docker.js';
import { FOLDERS } from './folders.js';
import { provideDatabase, provideRedis, provideRegistry } from './stores.js';

/** How often Consul is told that Docker answers, where it cannot ask by itself, in milliseconds. */
const HEARTBEAT = 2000;

/** Installs all that will be needed before anything is started, as apt does one thing at a time. */
export async function requireParts(docker: DockerPart | undefined): Promise<void> {
  const wanted: readonly (readonly [ProgramName, boolean])[] = [
    ['git', true],
    ['busybox', true],
    ['docker-registry', isUnset('REGISTRY_ADDRESS')],
    ['redis-server', isUnset('REDIS_URL')],
    ['dockerd', docker === undefined],
    ['iptables', docker === undefined],
    ['ip', docker === undefined],
  ];
  if (docker === undefined) requireRoot();
  refuseFarDocker(docker);
  await requirePrograms(wanted.filter(([, needed]) => needed).map(([name]) => name));
  if (isUnset('CONSUL_HTTP_ADDR')) await requireConsul();
}

/** Starts what is not there, side by side; answers the variables with which Jockey finds it all. */
export async function startParts(claim: Claim, found: DockerPart | undefined): Promise<Record<string, string>> {
  const { ledger } = claim;
  const git = join(FOLDERS.folder, 'git');
  const [docker, database, redis, registry] = await Promise.all([
    found ?? startOwnDocker(ledger, FOLDERS),
    provideDatabase(ledger, FOLDERS),
    provideRedis(ledger, FOLDERS),
    provideRegistry(ledger, FOLDERS),
    createSampleRepository({ root: git }),
  ]);
  if (!docker.own) ledger.write({ guestDocker: { endpoint: docker.endpoint, registry } });
  const consul = await provideConsul(ledger, docker, FOLDERS);
  startHeartbeat(docker, consul);
  return {
    DATABASE_URL: database,
    REDIS_URL: redis,
    REGISTRY_ADDRESS: registry,
    CONSUL_HTTP_ADDR: consul.url,
    CONSUL_AGENT_PORT: new URL(consul.url).port,
    JOCKEY_DATA_DIR: join(FOLDERS.folder, 'jockey'),
    GIT_LOCAL_ROOT: git,
  };
}

/** Tells Consul for as long as this process lives; a Docker that does not answer turns critical by our silence. */
function startHeartbeat({ endpoint }: DockerPart, { url, told }: ConsulPart): void {
  if (told.length === 0) return;
  const docker = new DockerApi(endpoint);
  const tell = async (): Promise<void> => docker.ping().then(() => tellAlive(url, told));
  const beat = (): void => void tell().catch(() => undefined);
  beat();
  setInterval(beat, HEARTBEAT).unref();
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new SetupFailure(
    'no Docker answers at /var/run/docker.sock, and only root may start one',
    'Start Docker (and be allowed to use it), set DOCKER_HOST to one, or run this as root.',
  );
}

/** A Docker on another machine cannot pull from a registry on our loopback address. */
function refuseFarDocker(docker: DockerPart | undefined): void {
  if (docker === undefined || docker.address === 'localhost' || docker.address.startsWith('127.')) return;
  if (!isUnset('REGISTRY_ADDRESS')) return;
  throw new SetupFailure(
    `DOCKER_HOST is on another machine, ${docker.address}, which cannot reach a registry on this one's loopback address`,
    'Set REGISTRY_ADDRESS to a registry that both reach, or unset DOCKER_HOST.',
  );
}

function isUnset(variable: string): boolean {
  return (process.env[variable] ?? '') === '';
}

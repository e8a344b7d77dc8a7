import type { Cluster } from '../cluster/cluster.js';
import { descriptionFile, requireMachine, startCluster } from '../cluster/start-cluster.js';
import { Claim } from '../machine/claim.js';
import { freePort } from '../machine/free-port.js';
import { requireConsul } from '../machine/consul-binary.js';
import { requireMoto } from '../machine/moto.js';
import { requirePrograms } from '../machine/packages.js';
import { startPostgres } from '../machine/postgres.js';
import { marksOf, OWNER_MARK } from '../machine/processes.js';
import { scratchFolder } from '../machine/project.js';
import { startRedis } from '../machine/redis.js';
import type { Surroundings } from './parts.js';

/** Real parts that run beside tests: the variables that name them, and how they go away. */
export interface RunningSurroundings {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const COMMAND = 'npm test';

/**
 * Numbers of the clusters among which the test files are shared out: they mostly wait, and what one does to its hosts
 * must not meet another. None is the main one, so that a developer's own may stay up.
 */
const CLUSTERS = [1, 2];

/** What the tests' surroundings and the tests themselves run. */
const STORE_PROGRAMS = ['redis-server', 'git'] as const;
const CLUSTER_PROGRAMS = [
  ...(['dockerd', 'docker-registry', 'ip', 'iptables', 'nsenter'] as const),
  ...(['busybox', 'haproxy', 'nginx'] as const),
  ...(['cloud-init', 'curl', 'openssl'] as const),
];

/** A secret for tests alone; the parts that it opens are on this machine and go away with the run. */
const TOKEN = 'token-of-the-test-run';

/**
 * Installs what is missing for these surroundings, at once and while other parts run: that mostly waits for the network.
 * What cannot be had is no fault yet; who starts the surroundings says it.
 */
export async function installAhead(kinds: readonly Surroundings[]): Promise<void> {
  if (kinds.includes('cluster')) await Promise.allSettled([installPrograms(), requireConsul()]);
  else if (kinds.includes('stores')) await Promise.allSettled([requirePrograms(STORE_PROGRAMS)]);
}

/** One after the other, as only one at a time can install. */
async function installPrograms(): Promise<void> {
  await requirePrograms([...STORE_PROGRAMS, ...CLUSTER_PROGRAMS]);
  await requireMoto();
}

/** Starts what a part needs; everything goes away with this process, however it ends. */
export async function startSurroundings(needs: Surroundings): Promise<RunningSurroundings> {
  switch (needs) {
    case 'nothing':
      return { env: {}, stop: () => Promise.resolve() };
    case 'stores':
      return startStores();
    case 'cluster':
      return startTestClusters();
  }
}

async function startStores(): Promise<RunningSurroundings> {
  const claim = await Claim.take({
    path: scratchFolder('test', 'ledger.json'),
    command: COMMAND,
    takeDown: 'End it, then try again.',
  });
  try {
    const folder = scratchFolder('test', 'stores');
    claim.ledger.add({ directories: [folder] });
    const place = { ledger: claim.ledger, folder, logs: scratchFolder('test', 'log'), address: '127.0.0.1' };
    const [database, redis] = await Promise.all([
      freePort(place.address).then((port) => startPostgres({ ...place, port })),
      freePort(place.address).then((port) => startRedis({ ...place, port })),
    ]);
    const env = { ...REQUIRED, ...owned([claim.ledger.path]), DATABASE_URL: database, REDIS_URL: redis };
    return { env, stop: () => claim.end() };
  } catch (error) {
    await claim.end();
    throw error;
  }
}

/** What Jockey's configuration asks for beside the stores; nothing of these parts' tests reaches a registry. */
const REQUIRED = { JOCKEY_BOOTSTRAP_TOKEN: TOKEN, REGISTRY_ADDRESS: '127.0.0.1:5000' };

/** The tests themselves belong to the run, so that they end with it, even when this process is killed. */
function owned(ledgers: readonly string[]): Record<string, string> {
  return { [OWNER_MARK]: marksOf(ledgers) };
}

/** Each with stores of its own, whatever the shell names: tests migrate and fill them. */
async function startTestClusters(): Promise<RunningSurroundings> {
  for (const variable of ['DATABASE_URL', 'REDIS_URL']) delete process.env[variable];
  // Here and not by the tests that want them, as only one at a time can install.
  await requireMachine();
  await installPrograms();
  const clusters = await allOrNone(CLUSTERS.map(startTestCluster));
  return {
    env: {
      JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
      ...owned(clusters.map(({ description }) => description.ledger)),
      // Which of them a test file gets: test/own-cluster.ts.
      JOCKEY_TEST_CLUSTERS: JSON.stringify(clusters.map(({ description }) => descriptionFile(description.folder))),
    },
    stop: () => stopAll(clusters),
  };
}

function startTestCluster(number: number): Promise<Cluster> {
  return startCluster({ command: COMMAND, number, folder: scratchFolder('test', `cluster-${number}`) });
}

/** The clusters, when all have started; where one could not, none is left. */
async function allOrNone(starts: readonly Promise<Cluster>[]): Promise<readonly Cluster[]> {
  const outcomes = await Promise.allSettled(starts);
  const fault = outcomes.find((outcome) => outcome.status === 'rejected');
  const clusters = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  if (fault === undefined) return clusters;
  await stopAll(clusters);
  throw fault.reason;
}

async function stopAll(clusters: readonly Cluster[]): Promise<void> {
  await Promise.all(clusters.map((cluster) => cluster.stop()));
}

import { descriptionFile, startCluster } from '../cluster/start-cluster.js';
import { Claim } from '../machine/claim.js';
import { freePort } from '../machine/free-port.js';
import { startPostgres } from '../machine/postgres.js';
import { markOf, OWNER_MARK } from '../machine/processes.js';
import { scratchFolder } from '../machine/project.js';
import { startRedis } from '../machine/redis.js';
import type { Surroundings } from './parts.js';

/** Real parts that run beside tests: the variables that name them, and how they go away. */
export interface RunningSurroundings {
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const COMMAND = 'npm test';

/** A secret for tests alone; the parts that it opens are on this machine and go away with the run. */
const TOKEN = 'token-of-the-test-run';

/** Starts what a part needs; everything goes away with this process, however it ends. */
export async function startSurroundings(needs: Surroundings): Promise<RunningSurroundings> {
  switch (needs) {
    case 'nothing':
      return { env: {}, stop: () => Promise.resolve() };
    case 'stores':
      return startStores();
    case 'cluster':
      return startTestCluster();
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
    const env = { ...REQUIRED, ...owned(claim.ledger.path), DATABASE_URL: database, REDIS_URL: redis };
    return { env, stop: () => claim.end() };
  } catch (error) {
    await claim.end();
    throw error;
  }
}

/** What Jockey's configuration asks for beside the stores; nothing of these parts' tests reaches a registry. */
const REQUIRED = { JOCKEY_BOOTSTRAP_TOKEN: TOKEN, REGISTRY_ADDRESS: '127.0.0.1:5000' };

/** The tests themselves belong to the run, so that they end with it, even when this process is killed. */
function owned(ledger: string): Record<string, string> {
  return { [OWNER_MARK]: markOf(ledger) };
}

/** Stores of its own, whatever the shell names: tests migrate and fill them. */
async function startTestCluster(): Promise<RunningSurroundings> {
  for (const variable of ['DATABASE_URL', 'REDIS_URL']) delete process.env[variable];
  const folder = scratchFolder('cluster');
  const cluster = await startCluster({ command: COMMAND, folder });
  return {
    env: {
      JOCKEY_BOOTSTRAP_TOKEN: TOKEN,
      ...cluster.env,
      ...owned(cluster.description.ledger),
      JOCKEY_TEST_CLUSTER: descriptionFile(folder),
    },
    stop: () => cluster.stop(),
  };
}

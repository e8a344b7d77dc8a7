import { ENV_FILE, writeEnvFile } from '../jockey/env-file.js';
import { requireJockeyPort, startJockey, type RunningJockey } from '../jockey/start-jockey.js';
import type { Claim } from '../machine/claim.js';
import { stopSignal } from '../machine/main-program.js';
import { progress } from '../machine/progress.js';
import { createSampleRepository } from '../sample-repository.js';
import type { Cluster } from './cluster.js';
import { foldersOf } from './layout.js';
import { startClaimedCluster } from './start-cluster.js';

const COMMAND = 'npm run cluster:up';

/** Starts three Docker hosts with Jockey, both processes, and leaves them running. */
export async function clusterUp(): Promise<void> {
  const { cluster, claim } = await startClaimedCluster({
    command: COMMAND,
    beforeStart: () => requireJockeyPort(COMMAND),
  });
  const interrupted = stopSignal().then((name) => Promise.reject(new Error(`ended by ${name}`)));
  try {
    const jockey = await Promise.race([startOn(cluster, claim), interrupted]);
    await claim.letGo();
    process.stdout.write(nextSteps(cluster, jockey));
    process.exit(0);
  } catch (error) {
    await claim.end();
    throw error;
  }
}

async function startOn(cluster: Cluster, claim: Claim): Promise<RunningJockey> {
  await createSampleRepository({ root: cluster.env['GIT_LOCAL_ROOT'] ?? '' });
  const { logs } = foldersOf(cluster.description);
  const jockey = await startJockey({ ledger: claim.ledger, logs, env: cluster.env, processes: 2, command: COMMAND });
  await writeEnvFile(claim.ledger, jockey);
  progress('ready');
  return jockey;
}

function nextSteps(cluster: Cluster, { url }: RunningJockey): string {
  const header = '-H "Authorization: Bearer $JOCKEY_OAUTH_TOKEN"';
  return `
Jockey answers at ${url} (Swagger UI: ${url}/docs). It stays up.
The hosts are ${cluster.hosts.map(({ name, address }) => `${name} ${address}`).join(', ')}.

  . ${ENV_FILE}
  curl -s $JOCKEY_URL/hosts ${header}
  curl -s -X PUT $JOCKEY_URL/workers/rescale ${header} -d app=sample -d environment=development -d name=web -d scale=3
  curl -s -X POST $JOCKEY_URL/deploys ${header} -d app=sample -d environment=development -d rref=main

Logs are in ${foldersOf(cluster.description).logs}. Take all of it down with: npm run cluster:down
`;
}

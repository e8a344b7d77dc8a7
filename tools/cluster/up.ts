import { ENV_FILE, writeEnvFile } from '../jockey/env-file.js';
import { requireJockeyPort, startJockey, type RunningJockey } from '../jockey/start-jockey.js';
import { SetupFailure } from '../machine/failure.js';
import type { Claim } from '../machine/claim.js';
import { stopSignal } from '../machine/main-program.js';
import { progress } from '../machine/progress.js';
import { createSampleRepository } from '../sample-repository.js';
import type { Cluster } from './cluster.js';
import { foldersOf } from './layout.js';
import { type ClusterRouter, startRouterOf } from './routers.js';
import { startClaimedCluster } from './start-cluster.js';

const COMMAND = 'npm run cluster:up';

/** Says that a HAProxy is wanted too. */
const WITH_ROUTER = '--haproxy';

/** Host names of the cluster's apps; a pattern that the shell names goes before. */
const ROUTING_HOST = '{app}.{environment}.test';

/** What stays up. */
interface Running {
  readonly jockey: RunningJockey;
  readonly router: ClusterRouter | null;
}

/** Starts three Docker hosts with Jockey, both processes, with `--haproxy` a router too, and leaves them running. */
export async function clusterUp(options: readonly string[] = []): Promise<void> {
  const unknown = options.find((option) => option !== WITH_ROUTER);
  if (unknown !== undefined)
    throw new SetupFailure(`"${unknown}" is no option of ${COMMAND}`, `The only one is ${WITH_ROUTER}.`);
  const { cluster, claim } = await startClaimedCluster({
    command: COMMAND,
    beforeStart: () => requireJockeyPort(COMMAND),
  });
  const interrupted = stopSignal().then((name) => Promise.reject(new Error(`ended by ${name}`)));
  try {
    const running = await Promise.race([startOn(cluster, claim, options.includes(WITH_ROUTER)), interrupted]);
    await claim.letGo();
    process.stdout.write(nextSteps(cluster, running));
    process.exit(0);
  } catch (error) {
    await claim.end();
    throw error;
  }
}

async function startOn(cluster: Cluster, claim: Claim, withRouter: boolean): Promise<Running> {
  await createSampleRepository({ root: cluster.env['GIT_LOCAL_ROOT'] ?? '' });
  const { logs } = foldersOf(cluster.description);
  const env = { ...cluster.env, ROUTING_HOST: process.env['ROUTING_HOST'] || ROUTING_HOST };
  const jockey = await startJockey({ ledger: claim.ledger, logs, env, processes: 2, command: COMMAND });
  await writeEnvFile(claim.ledger, jockey);
  const router = withRouter ? await startRouterOf(cluster, jockey) : null;
  progress('ready');
  return { jockey, router };
}

function nextSteps(cluster: Cluster, { jockey: { url }, router }: Running): string {
  const header = '-H "Authorization: Bearer $JOCKEY_OAUTH_TOKEN"';
  return `
Jockey answers at ${url} (Swagger UI: ${url}/docs). It stays up.
The hosts are ${cluster.hosts.map(({ name, address }) => `${name} ${address}`).join(', ')}.

  . ${ENV_FILE}
  curl -s $JOCKEY_URL/hosts ${header}
  curl -s -X PUT $JOCKEY_URL/workers/rescale ${header} -d app=sample -d environment=development -d name=web -d scale=3
  curl -s -X POST $JOCKEY_URL/deploys ${header} -d app=sample -d environment=development -d rref=main
${router === null ? '' : `  curl -s ${router.url} -H "Host: sample.development.test"    # through HAProxy, once it is deployed\n`}
Logs are in ${foldersOf(cluster.description).logs}. Take all of it down with: npm run cluster:down
`;
}

import { join } from 'node:path';
import { startClaimedCluster } from '../tools/cluster/start-cluster.js';
import { foldersOf } from '../tools/cluster/layout.js';
import { JockeyClient } from '../tools/jockey/jockey-client.js';
import { startJockey } from '../tools/jockey/start-jockey.js';
import { BuildBench, type BuildRound } from './build-bench.js';
import { buildReport } from './build-report.js';
import { dockerWithBuildKit } from './by-hand.js';

const COMMAND = 'npm run bench:build';
/** Odd, so that the median is one that was measured. */
const ROUNDS = Number(process.argv[2] ?? 5);

async function main(): Promise<number> {
  const docker = await dockerWithBuildKit();
  const { cluster, claim } = await startClaimedCluster({ command: COMMAND });
  try {
    const { env, hosts, description } = cluster;
    const { logs } = foldersOf(description);
    const jockey = await startJockey({ ledger: claim.ledger, logs, env, processes: 2, command: COMMAND });
    const bench = new BuildBench({
      client: new JockeyClient(jockey.url, jockey.token),
      gitRoot: env['GIT_LOCAL_ROOT'] ?? join(description.folder, 'git'),
      registry: env['REGISTRY_ADDRESS'] ?? '',
      docker,
      dockerUrlOf: (name) => hosts.find((each) => each.name === name)?.dockerUrl ?? '',
    });
    process.stderr.write('warming up\n');
    await bench.round(0);
    const rounds: BuildRound[] = [];
    for (let number = 1; number <= ROUNDS; number += 1) rounds.push(await bench.round(number));
    const { text, met } = buildReport(rounds);
    console.log(text);
    return met ? 0 : 1;
  } finally {
    await cluster.stop();
  }
}

process.exitCode = await main();

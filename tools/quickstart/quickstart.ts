import { rm } from 'node:fs/promises';
import { writeEnvFile } from '../jockey/env-file.js';
import { requireJockeyPort, startJockey, type RunningJockey } from '../jockey/start-jockey.js';
import { Claim } from '../machine/claim.js';
import { sentenceOf } from '../machine/failure.js';
import { stopSignal } from '../machine/main-program.js';
import { progress } from '../machine/progress.js';
import { runFolder } from '../machine/run-folder.js';
import { deploySample, type DeployedSample } from './deploy-sample.js';
import { CGROUP, findDocker, type DockerPart } from './docker.js';
import { FOLDERS, LEDGER } from './folders.js';
import { requireParts, startParts } from './parts.js';
import { summary } from './summary.js';

const COMMAND = 'npm run quickstart';

/**
 * Starts what is missing, Jockey, and a first deploy; stays up until it is told to end, and takes everything with it.
 * With `once` it ends as soon as the page was shown, for scripts that only want to know that it works.
 */
export async function quickstart({ once }: { readonly once: boolean }): Promise<void> {
  const claim = await Claim.take({
    path: LEDGER,
    command: COMMAND,
    cgroup: CGROUP,
    takeDown: `Remove it by hand: ${LEDGER}`,
  });
  const stopped = stopSignal();
  try {
    const up = await Promise.race([bringUp(claim), stopped]);
    if (typeof up !== 'string') {
      process.stdout.write(summary(up.jockey, up.sample));
      if (!once) await stopped;
    }
  } catch (error) {
    progress(`it did not work: ${sentenceOf(error).split('\n')[0] ?? ''} (logs: ${FOLDERS.logs})`);
    throw error;
  } finally {
    progress('ending: taking down all that was started');
    await claim.end();
    progress('done, nothing is left running');
  }
}

async function bringUp(claim: Claim): Promise<{ jockey: RunningJockey; sample: DeployedSample }> {
  await requireJockeyPort(COMMAND);
  await rm(FOLDERS.logs, { recursive: true, force: true });
  claim.ledger.add({ directories: [FOLDERS.folder, `${runFolder()}/quickstart`] });
  const docker = await findDocker();
  await requireParts(docker);
  const jockey = await startOn(claim, docker);
  await writeEnvFile(claim.ledger, jockey);
  return { jockey, sample: await deploySample(jockey) };
}

async function startOn(claim: Claim, docker: DockerPart | undefined): Promise<RunningJockey> {
  const env = await startParts(claim, docker);
  return startJockey({ ledger: claim.ledger, logs: FOLDERS.logs, env, processes: 1, command: COMMAND });
}

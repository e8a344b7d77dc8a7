import { SetupFailure } from '../machine/failure.js';
import { mainProgram } from '../machine/main-program.js';
import { clusterDown, clusterStatus } from './running-cluster.js';
import { clusterUp } from './up.js';

const COMMANDS: Readonly<Record<string, (options: readonly string[]) => Promise<void>>> = {
  up: clusterUp,
  down: clusterDown,
  status: clusterStatus,
};

await mainProgram(async () => {
  const name = process.argv[2] ?? '';
  const command = COMMANDS[name];
  if (command === undefined)
    throw new SetupFailure(`there is no command "${name}"`, `Say one of: ${Object.keys(COMMANDS).join(', ')}`);
  await command(process.argv.slice(3));
});

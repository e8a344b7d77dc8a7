import { homedir } from 'node:os';
import { EXIT } from './exit-codes.js';
import { runProgram } from './program.js';
import type { World } from './world.js';

const world: World = {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  folder: process.cwd(),
  home: homedir(),
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => void process.off('SIGINT', listener);
  },
};

/** Whoever reads has seen enough, as `head` has: that is no failure. */
const onBrokenPipe = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.done);
};

process.stdout.on('error', onBrokenPipe);
process.stderr.on('error', onBrokenPipe);
process.exitCode = await runProgram(process.argv.slice(2), world);

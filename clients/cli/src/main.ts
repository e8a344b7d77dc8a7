import { homedir } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { EXIT } from './exit-codes.js';
import { runProgram } from './program.js';
import type { World } from './world.js';

// Node's fetch parses HTTP by WebAssembly, and no process ends before V8 has made the best of that: a third of the time
// that a verb takes. What is good at once, and only what is called, does for a few answers.
for (const flag of ['--liftoff-only', '--wasm-lazy-compilation']) setFlagsFromString(flag);

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

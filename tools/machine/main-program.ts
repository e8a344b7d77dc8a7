import { SetupFailure, sentenceOf } from './failure.js';
import { outliveReaders } from './progress.js';

/** Runs a command to its end: what the machine lacks is told as a sentence, and anything else with where it happened. */
export async function mainProgram(command: () => Promise<void>): Promise<void> {
  outliveReaders();
  try {
    await command();
  } catch (error) {
    const told = error instanceof SetupFailure ? error.message : ((error as Error).stack ?? sentenceOf(error));
    process.stderr.write(`\n${told}\n`);
    process.exitCode = 1;
  }
}

/** Resolves with the name of the first signal that asks this program to end; more of them change nothing. */
export async function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => resolve(name));
  });
}

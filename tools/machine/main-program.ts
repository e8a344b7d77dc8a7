import { SetupFailure, sentenceOf } from './failure.js';
import { outliveReaders } from './progress.js';

/** Runs a command to its end: what the machine lacks is told as a sentence, and anything else with where it happened. */
export async function mainProgram(command: () => Promise<void>): Promise<void> {
  outliveReaders();
  try {
    await command();
  } catch (error) {
    process.stderr.write(
      `\n${isForeseen(error) ? sentenceOf(error) : ((error as Error).stack ?? sentenceOf(error))}\n`,
    );
    process.exitCode = 1;
  }
  // Timers that only kept it alive must not hold it now.
  process.exit();
}

/** Errors that were thrown with a sentence for the reader; those of the language itself are faults of the program. */
function isForeseen(error: unknown): boolean {
  return error instanceof Error && [Error.name, SetupFailure.name].includes(error.name);
}

/**
 * Resolves with the name of the first signal that asks this program to end; more of them change nothing. Until then the
 * program lives, as a handler of signals alone would not keep it.
 */
export async function stopSignal(): Promise<NodeJS.Signals> {
  const alive = setInterval(() => undefined, 60_000);
  const name = await new Promise<NodeJS.Signals>((resolve) => {
    for (const each of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(each, () => resolve(each));
  });
  clearInterval(alive);
  return name;
}

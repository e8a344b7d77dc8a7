import { setTimeout as sleep } from 'node:timers/promises';

/** How long is waited for a condition, in seconds, and how often it is looked at, in milliseconds. */
const DEADLINE = 30;
const EVERY = 50;

/**
 * Waits until a condition holds, and answers what it answered: anything but false, null and undefined. Throws after the
 * deadline, with what was waited for.
 */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | false | null | undefined> | T | false | null | undefined,
  seconds = DEADLINE,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) return answer;
    await sleep(EVERY);
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

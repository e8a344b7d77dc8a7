/** The first wait, in seconds; each after it is three times as long, up to the longest. */
const FIRST = 10;
const GROWTH = 3;
const LONGEST = 3_600;

/** Waits between attempts sum up to about this, in seconds; then it is given up. A day bridges a night without anybody. */
const PATIENCE = 24 * 3_600;

/** Waits are spread by so much to either side, so that what failed together does not come back together. */
const SPREAD = 0.2;

/** The waits without chance: 10 s, 30 s, 90 s, 270 s, 810 s, 2430 s, then an hour each, until a day is over. */
const WAITS: readonly number[] = waits();

/** How often something is tried in all: once, and once after each wait. */
export const LONGEST_TRY = WAITS.length + 1;

/**
 * Seconds until the next attempt, after so many that failed; null when it is given up. `chance` is from 0 up to 1.
 * A receiver that names a wait of its own (`Retry-After`, in seconds) is heard, up to the longest.
 */
export function nextWait(attempts: number, chance: number, asked: number | null = null): number | null {
  const plain = WAITS[attempts - 1];
  if (plain === undefined) return null;
  const spread = plain * (1 - SPREAD + 2 * SPREAD * chance);
  return Math.max(spread, Math.min(asked ?? 0, LONGEST));
}

function waits(): number[] {
  const all: number[] = [];
  let wait = FIRST;
  for (let sum = 0; sum + wait <= PATIENCE; wait = Math.min(wait * GROWTH, LONGEST)) {
    all.push(wait);
    sum += wait;
  }
  return all;
}

import { LIVE_VERBS } from './live/live-verbs.js';
import { MOVING_VERBS } from './moving/moving-verbs.js';
import type { Verb } from './verb.js';
import { OWN_VERBS } from './verbs/own-verbs.js';

/** Every verb of the program by its name. */
export const VERBS: readonly Verb[] = [...OWN_VERBS, ...LIVE_VERBS, ...MOVING_VERBS].sort((one, other) =>
  one.name < other.name ? -1 : 1,
);

/** The verb of this name; null where there is none. */
export const verbOf = (name: string): Verb | null => VERBS.find((verb) => verb.name === name) ?? null;

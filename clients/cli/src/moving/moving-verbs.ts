import type { Verb } from '../verb.js';

/** Verbs that bring in what other systems hold. */
export const MOVING_VERBS: readonly Verb[] = [];

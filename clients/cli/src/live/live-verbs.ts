import type { Verb } from '../verb.js';

/** Verbs that stay while something happens: deploys, logs, one-off commands. */
export const LIVE_VERBS: readonly Verb[] = [];

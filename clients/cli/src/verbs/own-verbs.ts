import type { Verb } from '../verb.js';
import { APP_VERBS } from './app-verbs.js';

/** Verbs that ask once and show what is there, or change one thing. */
export const OWN_VERBS: readonly Verb[] = [...APP_VERBS];

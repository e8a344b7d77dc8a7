import { LISTING } from '../options.js';
import type { Verb } from '../verb.js';

/** Verbs about apps. */
export const APP_VERBS: readonly Verb[] = [
  {
    name: 'apps',
    about: 'List the apps.',
    options: LISTING,
    calls: ['listApps'],
    json: 'AppDto[]',
    load: async () => (await import('./apps.js')).listApps,
  },
];

import type { Verb } from '../verb.js';
import { APP_VERBS } from './app-verbs.js';
import { CONFIG_VERBS } from './config-verbs.js';
import { DELIVERY_VERBS } from './delivery-verbs.js';
import { HOST_VERBS } from './host-verbs.js';
import { MACHINE_VERBS } from './machine-verbs.js';
import { NOTICE_VERBS } from './notice-verbs.js';
import { OPERATOR_VERBS } from './operator-verbs.js';
import { PLACE_VERBS } from './place-verbs.js';
import { RUNNING_VERBS } from './running-verbs.js';
import { STANDING_VERBS } from './standing-verbs.js';
import { WORKER_VERBS } from './worker-verbs.js';

/** Verbs that ask once and show what is there, or change one thing. */
export const OWN_VERBS: readonly Verb[] = [
  ...APP_VERBS,
  ...CONFIG_VERBS,
  ...DELIVERY_VERBS,
  ...HOST_VERBS,
  ...MACHINE_VERBS,
  ...NOTICE_VERBS,
  ...OPERATOR_VERBS,
  ...PLACE_VERBS,
  ...RUNNING_VERBS,
  ...STANDING_VERBS,
  ...WORKER_VERBS,
];

import type { Argument, Option, Verb } from '../verb.js';

const HOST: Argument = { name: 'HOST', about: 'the host, by its name' };
const FORCE: Option = { flags: '--force', about: 'although no other host would take instances' };
const REASON: Option = { flags: '--reason TEXT', about: 'why, for those who wonder' };

/** Verbs that keep deploys out of an app, or instances away from a host. */
export const STANDING_VERBS: readonly Verb[] = [
  {
    name: 'lock',
    about: 'keep automatic deploys of the app out, and say why',
    takes: [{ name: 'REASON', about: 'why: whoever is kept out reads it', many: true }],
    examples: ['lock database moves until noon'],
    calls: ['createHold'],
    json: 'HoldDto',
    load: async () => (await import('./hold.js')).lock,
  },
  {
    name: 'lock:info',
    about: 'show what keeps automatic deploys out',
    calls: ['getHold'],
    json: 'HoldDto',
    load: async () => (await import('./hold.js')).lockInfo,
  },
  {
    name: 'unlock',
    about: 'let automatic deploys of the app in again',
    calls: ['deleteHold'],
    json: 'HoldDto',
    load: async () => (await import('./hold.js')).unlock,
  },
  {
    name: 'drain',
    about: 'empty a host: what runs there moves to others',
    takes: [HOST],
    options: [
      REASON,
      FORCE,
      { flags: '--no-wait', about: 'begin it, and do not wait for its end' },
      { flags: '--timeout SECONDS', about: 'how long to wait at most; it goes on after that (exit code 6)' },
    ],
    examples: ['drain web-3 --reason "new kernel"'],
    calls: ['updateHost', 'getHost'],
    json: 'HostDetailDto',
    load: async () => (await import('./drain.js')).drain,
  },
  {
    name: 'cordon',
    about: 'keep new instances away from a host',
    takes: [HOST],
    options: [REASON, FORCE],
    calls: ['updateHost'],
    json: 'HostDetailDto',
    load: async () => (await import('./drain.js')).cordon,
  },
  {
    name: 'uncordon',
    about: 'let a host take instances again',
    takes: [HOST],
    calls: ['updateHost'],
    json: 'HostDetailDto',
    load: async () => (await import('./drain.js')).uncordon,
  },
];

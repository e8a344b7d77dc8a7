import type { Option, Verb } from '../verb.js';

const APPLY: readonly Option[] = [
  { flags: '--apply', about: 'write it; otherwise only say what would be written' },
  { flags: '--overwrite', about: 'also change what is here already and differs' },
  { flags: '--secret NAME', about: 'take this variable as a secret', many: true },
];

const CALLS = [
  'listEnvironments',
  'createEnvironment',
  'listApps',
  'createApp',
  'listConfigSets',
  'createConfigSet',
  'mergeConfigSet',
  'listWorkers',
  'createWorker',
  'updateWorker',
];

const JSON_SHAPE = '{ steps: [{ kind, what, action, because, fields }], remarks: [text], failures: [text] }';

const MORE =
  'Without --apply nothing is written. It may be run again: what is here already stays, unless --overwrite is said. ' +
  'Nothing is deployed. Values of variables are never printed.';

/** Verbs that bring in what other systems hold. */
export const MOVING_VERBS: readonly Verb[] = [
  {
    name: 'import:original',
    about: 'bring apps, variables and workers over from the original Jockey',
    more: `It asks the API of the original. ${MORE} The token of the original may also stand in JOCKEY_ORIGINAL_TOKEN.`,
    options: [
      { flags: '--from URL', about: 'where the original Jockey is' },
      { flags: '--token TOKEN', about: 'a token for it' },
      { flags: '--only APP', about: 'only this app', many: true },
      { flags: '--stack STACK', about: 'the stack of apps that are made; api where nothing is said' },
      ...APPLY,
    ],
    examples: [
      'import:original --from https://old-jockey.example.com',
      'import:original --from https://old-jockey.example.com --apply',
    ],
    calls: CALLS,
    json: JSON_SHAPE,
    load: async () => (await import('./import-original.js')).importOriginal,
  },
  {
    name: 'import:compose',
    about: 'make an app with its workers out of a compose file',
    more: `Services that are built become workers of one app; what has no counterpart is said. ${MORE}`,
    takes: [{ name: 'FILE', about: 'the compose file' }],
    options: [
      { flags: '--repo OWNER/NAME', about: 'the repository that holds the code' },
      { flags: '--stack STACK', about: 'the stack of an app that is made; api where nothing is said' },
      ...APPLY,
    ],
    examples: [
      'import:compose compose.yml --app shop --repo acme/shop',
      'import:compose compose.yml --app shop --repo acme/shop --apply',
    ],
    calls: CALLS,
    json: JSON_SHAPE,
    load: async () => (await import('./import-file.js')).importCompose,
  },
  {
    name: 'import:kamal',
    about: "make an app with its workers out of Kamal's deploy.yml",
    more: `Roles become workers; what has no counterpart is said. ${MORE}`,
    takes: [{ name: 'FILE', about: 'config/deploy.yml' }],
    options: [
      { flags: '--repo OWNER/NAME', about: 'the repository that holds the code' },
      { flags: '--stack STACK', about: 'the stack of an app that is made; api where nothing is said' },
      ...APPLY,
    ],
    examples: [
      'import:kamal config/deploy.yml --repo acme/shop',
      'import:kamal config/deploy.yml --repo acme/shop --apply',
    ],
    calls: CALLS,
    json: JSON_SHAPE,
    load: async () => (await import('./import-file.js')).importKamal,
  },
];

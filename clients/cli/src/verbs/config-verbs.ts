import { WAITING } from '../live/waiting.js';
import type { Option, Verb } from '../verb.js';

const CHANGE: readonly Option[] = [
  { flags: '--reason TEXT', about: 'why; it stands in the history' },
  { flags: '--roll', about: 'give it to the containers now, by a deploy of what runs' },
  ...WAITING,
];

const CHANGED = ['listConfigSets', 'mergeConfigSet', 'getDeploy', 'getDeployLogs'];

/** Verbs about the variables and secrets of an app in an environment. */
export const CONFIG_VERBS: readonly Verb[] = [
  {
    name: 'config',
    about: 'print the variables, as NAME=VALUE',
    more: 'Secrets can be set, and never be read: they are listed by name and fingerprint on stderr.',
    calls: ['listConfigSets'],
    json: 'ConfigSetDto',
    load: async () => (await import('./config.js')).getConfig,
  },
  {
    name: 'config:get',
    about: 'print the variables, or the value of one',
    takes: [{ name: 'NAME', about: 'the variable', optional: true }],
    examples: ['config:get', 'config:get DATABASE_URL'],
    calls: ['listConfigSets'],
    json: 'ConfigSetDto; the value alone where a variable is named',
    load: async () => (await import('./config.js')).getConfig,
  },
  {
    name: 'config:set',
    about: 'set variables and secrets',
    more:
      'A name without a value takes what is piped in: so a secret stands in no history of a shell. Containers get the ' +
      'change with the next deploy unless --roll is said.',
    takes: [{ name: 'NAME=VALUE', about: 'variables', optional: true, many: true }],
    options: [{ flags: '-s, --secret NAME=VALUE', about: 'set it as a secret', many: true }, ...CHANGE],
    examples: ['config:set RACK_ENV=production LOG_LEVEL=info', 'config:set --secret DATABASE_PASSWORD < password.txt'],
    calls: [...CHANGED, 'createConfigSet'],
    json: 'ChangedConfigSetDto',
    load: async () => (await import('./config.js')).setConfig,
  },
  {
    name: 'config:unset',
    about: 'take variables and secrets away',
    takes: [{ name: 'NAME', about: 'variables or secrets', many: true }],
    options: CHANGE,
    calls: CHANGED,
    json: 'ChangedConfigSetDto',
    load: async () => (await import('./config.js')).unsetConfig,
  },
  {
    name: 'config:history',
    about: 'list the changes of the variables: who, when, why, which',
    options: [{ flags: '-n, --limit COUNT', about: 'how many at most, the newest first; 25 unless told' }],
    calls: ['listConfigSets', 'listConfigVersions'],
    json: 'ConfigChangeEntryDto[]',
    load: async () => (await import('./config-history.js')).configHistory,
  },
  {
    name: 'config:version',
    about: 'show the variables as they were in a version',
    takes: [{ name: 'VERSION', about: 'its number' }],
    calls: ['listConfigSets', 'getConfigVersion'],
    json: 'ConfigVersionDto',
    load: async () => (await import('./config-history.js')).configVersion,
  },
  {
    name: 'config:diff',
    about: 'compare two versions of the variables',
    takes: [
      { name: 'FROM', about: 'the first; the one before TO unless told', optional: true },
      { name: 'TO', about: 'the second; the newest unless told', optional: true },
    ],
    examples: ['config:diff', 'config:diff 3', 'config:diff 3 7'],
    calls: ['listConfigSets', 'diffConfigVersions'],
    json: 'ConfigDiffDto',
    load: async () => (await import('./config-history.js')).configDiff,
  },
  {
    name: 'config:revert',
    about: 'bring an earlier version of the variables back',
    takes: [{ name: 'VERSION', about: 'its number' }],
    options: CHANGE,
    calls: ['listConfigSets', 'revertConfigSet', 'getDeploy', 'getDeployLogs'],
    json: 'ChangedConfigSetDto',
    load: async () => (await import('./config-history.js')).revertConfig,
  },
];

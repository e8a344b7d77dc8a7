import type { Verb } from '../verb.js';

/** Verbs about this program, who uses it and the Jockey that it asks. */
export const MACHINE_VERBS: readonly Verb[] = [
  {
    name: 'login',
    about: 'sign in by GitHub, or with a token, and keep it in ~/.jockeyrc',
    more: 'Without --with-token it shows a code that is typed in at GitHub, on whatever device has a browser.',
    options: [
      { flags: '--url URL', about: 'where Jockey is; kept too' },
      { flags: '--with-token', about: 'take the token that is piped in' },
    ],
    examples: ['login --url https://jockey.example.com', 'login --with-token < token.txt'],
    calls: ['beginDeviceSignIn', 'finishDeviceSignIn', 'getMe'],
    json: 'MeDto',
    load: async () => (await import('./login.js')).login,
  },
  {
    name: 'logout',
    about: 'forget the token in ~/.jockeyrc',
    calls: [],
    json: '{signed_out: boolean}',
    load: async () => (await import('./login.js')).logout,
  },
  {
    name: 'version',
    about: 'say the versions of this program and of the Jockey that it asks',
    calls: ['getVersion'],
    json: '{program, server: VersionDto}',
    load: async () => (await import('./health.js')).version,
  },
  {
    name: 'health',
    about: 'say whether Jockey lives, and can work',
    calls: ['getLiveness', 'getReadiness'],
    json: 'ReadinessDto',
    load: async () => (await import('./health.js')).health,
  },
  {
    name: 'open',
    about: 'open the app in a browser, by the host name of its route',
    options: [
      { flags: '--status', about: 'the status page of the app instead' },
      { flags: '--print', about: 'only print the address' },
    ],
    calls: ['listRoutes'],
    json: '{url}',
    load: async () => (await import('./open.js')).open,
  },
  {
    name: 'chat',
    about: 'say a command as in a chat; without a word, list them',
    takes: [{ name: 'WORDS', about: 'the command', optional: true, many: true }],
    passThrough: true,
    examples: ['chat status shop', 'chat deploy shop production main'],
    calls: ['listCommands', 'runCommand'],
    json: 'CommandReplyDto, or CommandDto[]',
    load: async () => (await import('./chat.js')).chat,
  },
  {
    name: 'completion',
    about: 'print what lets a shell complete verbs and options',
    takes: [{ name: 'SHELL', about: 'bash, zsh or fish' }],
    examples: ['completion bash > /etc/bash_completion.d/jockey'],
    calls: [],
    json: 'text',
    load: async () => (await import('./completion.js')).completion,
  },
];

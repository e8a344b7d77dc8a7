import { LISTING } from '../options.js';
import type { Verb } from '../verb.js';
import { RUN_VERBS } from './run-verbs.js';
import { WAITING } from './waiting.js';

/** What `follow` may ask for. */
const FOLLOWING = [
  'getDeploy',
  'getDeployLogs',
  'getBuild',
  'getBuildLogs',
  'getReconcile',
  'getReconcileLogs',
  'getRun',
  'getRunLogs',
];

const deploy: Verb = {
  name: 'deploy',
  about: 'deploy a commit, and watch it until it serves',
  more:
    'The commit is the one that is checked out unless another is said: a commit id, a branch or a tag. On a terminal ' +
    'the progress changes in place; otherwise its log is told line by line. Ctrl-C leaves the deploy running.',
  takes: [{ name: 'SHA', about: 'what to deploy; HEAD of the checkout unless told', optional: true }],
  options: [
    ...WAITING,
    { flags: '--queue', about: 'wait for the deploy that is in progress' },
    { flags: '--force', about: 'take the place of the deploy that is in progress' },
    { flags: '--automatic', about: 'nobody asks by hand: where the app is held it is refused' },
    { flags: '--callback-url URL', about: 'where Jockey sends the deploy when it settles' },
  ],
  examples: ['deploy', 'deploy v1.4.0 --environment staging', 'deploy 6e1f0c0 --no-wait'],
  calls: ['createDeploy', ...FOLLOWING],
  json: 'DeployDto',
  load: async () => (await import('./deploy.js')).deploy,
};

const wait: Verb = {
  name: 'wait',
  about: 'watch what was begun until it ends, and say by the exit code how',
  more:
    'Of a deploy the number is enough. Without a word it is the deploy that is in progress of the app in the ' +
    'environment, or the last one. A run ends with the exit code of its command.',
  takes: [
    { name: 'KIND', about: 'deploy, build, reconcile or run; or the number of a deploy', optional: true },
    { name: 'ID', about: 'its number', optional: true },
  ],
  options: WAITING.filter(({ flags }) => flags.startsWith('--timeout')),
  examples: ['wait', 'wait deploy 17', 'wait build 12 --timeout 60'],
  calls: ['listDeploys', ...FOLLOWING],
  json: 'DeployDto, BuildDto, ReconcileDto or RunDto',
  load: async () => (await import('./wait.js')).wait,
};

const logs: Verb = {
  name: 'logs',
  about: 'show what the instances of an app print, or the log of a deploy, a build, a reconcile or a run',
  more:
    'The lines of all instances stand in the order of their time, each with its worker, slot and host before it. With ' +
    '-f they come as they are printed: new instances join, those that go leave, and a connection that breaks is made ' +
    'again without a line lost. With --json and -f each line is a document of its own.',
  options: [
    { flags: '-f, --follow', about: 'go on as more is printed, until Ctrl-C' },
    { flags: '--worker WORKER', about: 'only the instances of this worker' },
    { flags: '--instance INSTANCE', about: 'only one instance: its id, its container, or web.1' },
    { flags: '--since TIME', about: 'only what was printed from then on: a time, or how long ago: 30s, 10m, 2h, 1d' },
    { flags: '--tail COUNT', about: 'only so many of the last lines; -f begins with them' },
    { flags: '--times', about: 'each line begins with its time' },
    { flags: '--deploy ID', about: 'the log of a deploy' },
    { flags: '--build ID', about: 'the log of a build' },
    { flags: '--reconcile ID', about: 'the log of a reconcile' },
    { flags: '--run ID', about: 'the log of a one-off command' },
  ],
  examples: ['logs', 'logs -f --worker web', 'logs --since 10m --times', 'logs --build 12'],
  calls: ['getAppLogs', 'getDeployLogs', 'getBuildLogs', 'getReconcileLogs', 'getRunLogs'],
  json: 'AppLogLineDto[] or LogLineDto[]; with -f one of them a line',
  load: async () => (await import('./logs.js')).logs,
};

const events: Verb = {
  name: 'events',
  about: 'list what happened, newest first, or print it as it happens',
  options: [
    { flags: '-f, --follow', about: 'print what happens from now on, or behind --after, until Ctrl-C' },
    { flags: '--type TYPES', about: 'only these: types or families, as deploy.*,build.failed' },
    { flags: '--after ID', about: 'only what came behind this event, the oldest first' },
    { flags: '--all', about: 'of every app, whatever the project file says' },
    ...LISTING,
  ],
  examples: ['events', 'events -f --type deploy.*', 'events --app sample --after 1041'],
  calls: ['listEvents'],
  json: 'EventDto[]; with -f one EventDto a line',
  load: async () => (await import('./events.js')).events,
};

/** Verbs that stay while something happens: deploys, logs, one-off commands. */
export const LIVE_VERBS: readonly Verb[] = [deploy, wait, logs, events, ...RUN_VERBS];

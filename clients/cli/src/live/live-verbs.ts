import type { Verb } from '../verb.js';
import { WAITING } from './waiting.js';

/** What `follow` may ask for. */
const FOLLOWING = ['getDeploy', 'getDeployLogs', 'getBuild', 'getBuildLogs', 'getReconcile', 'getReconcileLogs'];

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

/** Verbs that stay while something happens: deploys, logs, one-off commands. */
export const LIVE_VERBS: readonly Verb[] = [deploy, wait];

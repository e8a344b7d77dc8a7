import { WAITING } from '../live/waiting.js';
import { plain } from '../plain/plain-verb.js';
import type { Argument, Option, Verb } from '../verb.js';

const TURN: readonly Option[] = [
  { flags: '--queue', about: 'wait for the deploy that is in progress' },
  { flags: '--force', about: 'take the place of the deploy that is in progress' },
];

const WORKER: Option = { flags: '-w, --worker NAME', about: 'only this worker' };
const FOLLOWED = ['getDeploy', 'getDeployLogs', 'getBuild', 'getBuildLogs'];
const RECONCILED = ['getReconcile', 'getReconcileLogs'];
const DEPLOY: Argument = {
  name: 'DEPLOY',
  about: 'its id; the one in progress, or the last, unless told',
  optional: true,
};

/** Verbs about what runs: see it, change how much of it runs, go back. */
export const RUNNING_VERBS: readonly Verb[] = [
  {
    name: 'status',
    about: 'say what runs, what is under way, and what stands in the way',
    calls: ['listReleases', 'listDeploys', 'listWorkers', 'listWorkerInstances', 'getHold'],
    json: '{app, environment, release: ReleaseDto or null, workers: [{worker: WorkerDto, healthy}], deploy: DeployDto or null, hold: HoldDto or null}',
    load: async () => (await import('./status.js')).status,
  },
  plain({
    name: 'ps',
    about: 'list the instances of the app: what runs where, and how it is',
    operation: 'listInstances',
    path: '/instances',
    placed: ['app', 'environment'],
    options: [
      WORKER,
      { flags: '--host HOST', about: 'only those on this host' },
      { flags: '--state STATE', about: 'only those in this state' },
    ],
    query: ['worker', 'host', 'state'],
    columns: [
      'ID id',
      'INSTANCE name',
      'STATE state',
      'HOST host',
      'COMMIT rref',
      'STARTED started_at',
      'PORT port',
      'TROUBLE failure_reason',
    ],
    json: 'ListedInstanceDto[]',
  }),
  plain({
    name: 'ps:info',
    about: 'show an instance',
    operation: 'getInstance',
    path: '/instances/{id}',
    takes: [{ name: 'INSTANCE', about: 'its id' }],
    parts: { id: 'INSTANCE' },
    json: 'ListedInstanceDto',
  }),
  {
    name: 'releases',
    about: 'list the releases of the app, the newest first',
    options: [{ flags: '-n, --limit COUNT', about: 'how many at most; 25 unless told' }],
    calls: ['listReleases'],
    json: 'ReleaseDto[]',
    load: async () => (await import('./releases.js')).releases,
  },
  {
    name: 'rollback',
    about: 'bring back an earlier release',
    more: 'Automatic deploys are held back from then on, until `jockey unlock`; --no-hold lets them come.',
    takes: [{ name: 'RELEASE', about: 'v41, or a commit; the one that served before unless told', optional: true }],
    options: [
      { flags: '--reason TEXT', about: 'why; whoever is held back reads it' },
      { flags: '--no-hold', about: 'do not hold automatic deploys back' },
      ...TURN,
      ...WAITING,
    ],
    examples: ['rollback', 'rollback v41 --reason "checkout is broken"'],
    calls: ['createRollback', ...FOLLOWED],
    json: 'DeployDto',
    load: async () => (await import('./releases.js')).rollback,
  },
  {
    name: 'promote',
    about: 'bring a release from one environment to another, without a build',
    takes: [
      { name: 'FROM', about: 'the environment that has it' },
      { name: 'TO', about: 'the environment that is to have it' },
      { name: 'RELEASE', about: 'v41, or a commit; the current one unless told', optional: true },
    ],
    options: [...TURN, ...WAITING],
    examples: ['promote staging production', 'promote staging production v41'],
    calls: ['createPromotion', ...FOLLOWED],
    json: 'DeployDto',
    load: async () => (await import('./releases.js')).promote,
  },
  {
    name: 'cancel',
    about: 'cancel a deploy that waits or is in progress',
    takes: [DEPLOY],
    options: WAITING,
    calls: ['listDeploys', 'cancelDeploy', 'getDeploy'],
    json: 'DeployDto',
    load: async () => (await import('./deploys.js')).cancel,
  },
  {
    name: 'continue',
    about: 'let a paused deploy go on',
    takes: [DEPLOY],
    options: WAITING,
    calls: ['listDeploys', 'continueDeploy', ...FOLLOWED],
    json: 'DeployDto',
    load: async () => (await import('./deploys.js')).goOn,
  },
  {
    name: 'explain',
    about: 'say why a deploy is not where it was asked for',
    takes: [DEPLOY],
    calls: ['listDeploys', 'explainDeploy'],
    json: 'DeployExplanationDto',
    load: async () => (await import('./deploys.js')).explain,
  },
  {
    name: 'builds:create',
    about: 'build a commit',
    takes: [{ name: 'REF', about: 'a commit, a branch or a tag; HEAD of the checkout unless told', optional: true }],
    options: WAITING,
    calls: ['createBuild', 'getBuild', 'getBuildLogs'],
    json: 'BuildDto',
    load: async () => (await import('./deploys.js')).build,
  },
  {
    name: 'scale',
    about: 'say how many instances workers have; without a word, show it',
    takes: [{ name: 'WORKER=COUNT', about: 'web=3', optional: true, many: true }],
    options: WAITING,
    examples: ['scale', 'scale web=3 clock=1'],
    calls: ['listWorkers', 'rescaleWorker', 'listDrift'],
    json: 'WorkerDto[]',
    load: async () => (await import('./scale.js')).scale,
  },
  {
    name: 'restart',
    about: 'restart the workers of the app, or one of them',
    options: [
      WORKER,
      { flags: '--only-failing', about: 'only instances whose check does not pass' },
      { flags: '--force', about: 'although a deploy or a reconcile is in progress: it waits for its turn' },
      ...WAITING,
    ],
    examples: ['restart', 'restart -w web --only-failing'],
    calls: ['restartWorkers', ...RECONCILED],
    json: 'ReconcileDto',
    load: async () => (await import('./reconcile.js')).restart,
  },
  {
    name: 'reconcile',
    about: 'compare what should run with what does, and mend it',
    options: [
      { flags: '--preview', about: 'only show what would be done (exit code 10 where there is something)' },
      { flags: '--all', about: 'all apps of the environment' },
      { flags: '--force', about: 'although a deploy or a reconcile is in progress: it waits for its turn' },
      ...WAITING,
    ],
    calls: ['createReconcile', 'previewReconcile', ...RECONCILED],
    json: 'ReconcileDto',
    load: async () => (await import('./reconcile.js')).reconcile,
  },
  {
    name: 'plan',
    about: 'say what a change would do, without doing it',
    more: 'Exit code 0: nothing would change; 10: something would; 4: some of it would find no room.',
    takes: [
      { name: 'SHA', about: 'deploy this commit; HEAD of the checkout where nothing else is said', optional: true },
    ],
    options: [
      { flags: '--release RELEASE', about: 'deploy this release again' },
      { flags: '--scale WORKER=COUNT', about: 'scale a worker' },
      { flags: '--set NAME=VALUE', about: 'change variables', many: true },
      { flags: '--lose-host HOST', about: 'lose a host' },
      { flags: '--add-hosts COUNT', about: 'add hosts: with --stack, --memory-mb and --cpus' },
      { flags: '--group-of COUNT', about: 'have so many hosts: with --stack' },
      { flags: '--stack STACK', about: 'of this stack' },
      { flags: '--memory-mb COUNT', about: 'memory of each added host, in MiB' },
      { flags: '--cpus COUNT', about: 'processors of each added host' },
    ],
    examples: ['plan', 'plan --scale web=8', 'plan --lose-host web-3'],
    calls: ['createPlan'],
    json: 'PlanDto',
    load: async () => (await import('./plan.js')).plan,
  },
];

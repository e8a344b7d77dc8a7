import { LISTING } from '../options.js';
import type { Argument, Option, Verb } from '../verb.js';

const COMMAND: Argument = { name: 'COMMAND', about: 'the program and its arguments', many: true };

/** What is said of every command that is run elsewhere. */
const MANNER =
  'On a terminal it gets one: keys, sizes and Ctrl-C go to the command, and Ctrl-] leaves it. In a pipe what is piped ' +
  'in is its input. The exit code is that of the command, 128 and the number of the signal that ended it. With --json ' +
  'its output goes to stderr, and the run to stdout at its end.';

const RUNNING: readonly Option[] = [
  { flags: '--no-tty', about: 'no terminal for it, even where there is one here' },
  { flags: '--time-limit SECONDS', about: 'how long it may run' },
];

const run: Verb = {
  name: 'run',
  about: 'run a command once, in the image and with the variables of a release',
  more: MANNER,
  takes: [COMMAND],
  passThrough: true,
  options: [
    { flags: '--release RELEASE', about: 'of which release, as v41; the current one unless told' },
    { flags: '--worker WORKER', about: 'with the resources of this worker' },
    { flags: '--memory MIB', about: 'memory that it may use, in MiB' },
    { flags: '--cpus CORES', about: 'processor cores that it may use, as 0.5' },
    { flags: '--detach', about: 'do not connect to it: its output goes to its log' },
    ...RUNNING,
  ],
  examples: ['run rake db:migrate', 'run --memory 512 -- bin/console', 'run --detach rake reports:build'],
  calls: ['createRun', 'getRun', 'openRunConsole'],
  json: 'RunDto',
  load: async () => (await import('./run.js')).run,
};

const exec: Verb = {
  name: 'exec',
  about: 'run a command in the container of an instance',
  more: MANNER,
  takes: [{ name: 'INSTANCE', about: 'its id, its container, or web.1' }, COMMAND],
  passThrough: true,
  options: RUNNING,
  examples: ['exec web.1 sh', 'exec web.1 cat /proc/meminfo'],
  calls: ['listInstances', 'createExec', 'getRun', 'openRunConsole'],
  json: 'RunDto',
  load: async () => (await import('./run.js')).exec,
};

const attach: Verb = {
  name: 'attach',
  about: 'come back to a command that was left',
  takes: [{ name: 'RUN', about: 'number of the run' }],
  examples: ['attach 7'],
  calls: ['getRun', 'openRunConsole'],
  json: 'RunDto',
  load: async () => (await import('./run.js')).attach,
};

const runs: Verb = {
  name: 'runs',
  about: 'list one-off commands, newest first',
  options: [{ flags: '--state STATE', about: 'only those in this state: waiting, running, exited …' }, ...LISTING],
  examples: ['runs', 'runs --state running'],
  calls: ['listRuns'],
  json: 'RunDto[]',
  load: async () => (await import('./runs.js')).runs,
};

const cancel: Verb = {
  name: 'runs:cancel',
  about: 'end a one-off command',
  takes: [{ name: 'RUN', about: 'number of the run' }],
  examples: ['runs:cancel 7'],
  calls: ['cancelRun'],
  json: 'RunDto',
  load: async () => (await import('./runs.js')).cancelRun,
};

/** Verbs for commands that are run once. */
export const RUN_VERBS: readonly Verb[] = [run, exec, attach, runs, cancel];

import { ok } from '../../../typescript/src/problem.js';
import type { Schemas } from '../../../typescript/src/types.js';
import type { Context } from '../context.js';
import { usage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Given, wholeNumber } from '../given.js';
import { assignments } from '../plain/body.js';
import { safeText } from '../safe-text.js';
import { tableLines } from '../table.js';
import type { Run } from '../verb.js';

/** `plan` */
export const plan: Run = async (context, given) => {
  const environment = await context.environment();
  const change = await changeOf(context, given);
  const ofApp = OF_AN_APP.has(change.kind) || given.text('app') !== undefined;
  const body = { environment, change, ...(ofApp ? { app: await context.app() } : {}) };
  const { data } = await ok(context.client.POST('/plans', { body: body as Schemas['CreatePlanDto'] }));
  context.output.data(data, () => planLines(context, data));
  return endOf(data);
};

const OF_AN_APP: ReadonlySet<string> = new Set(['deploy', 'scale', 'config']);

const endOf = ({ would_change: change, unplaced }: Schemas['PlanDto']): ExitCode => {
  if (unplaced.length > 0) return EXIT.cannotPlace;
  return change ? EXIT.changes : EXIT.done;
};

type Change = { readonly kind: string } & Readonly<Record<string, unknown>>;

/** What is to be tried: one thing at a time. */
const KINDS: Readonly<Record<string, (given: Given) => Change>> = {
  release: (given) => ({ kind: 'deploy', release: given.text('release') }),
  scale: (given) => scaling(given.text('scale') ?? ''),
  set: (given) => ({ kind: 'config', config: assignments(given.texts('set')) }),
  loseHost: (given) => ({ kind: 'lose_host', host: given.text('loseHost') }),
  addHosts: (given) => ({
    kind: 'add_hosts',
    count: given.count('addHosts'),
    stack: needed(given, 'stack'),
    memory_mb: wholeNumber('--memory-mb', needed(given, 'memoryMb')),
    cpus: Number(needed(given, 'cpus')),
  }),
  groupOf: (given) => ({ kind: 'group_of', hosts: given.count('groupOf'), stack: needed(given, 'stack') }),
};

async function changeOf(context: Context, given: Given): Promise<Change> {
  const said = Object.keys(KINDS).filter((name) => given.text(name) !== undefined || given.texts(name).length > 0);
  const sha = given.maybe('SHA');
  if (said.length + (sha === undefined ? 0 : 1) > 1) throw usage('A plan is of one change: say one of them.');
  const made = KINDS[said[0] ?? '']?.(given);
  return made ?? { kind: 'deploy', rref: sha ?? (await context.head()) };
}

function scaling(word: string): Change {
  const [worker = '', count = ''] = Object.entries(assignments([word]))[0] ?? [];
  return { kind: 'scale', worker, scale: wholeNumber(`The scale of ${worker}`, count) };
}

function needed(given: Given, option: string): string {
  const value = given.text(option);
  if (value === undefined) throw usage('That needs --stack; added hosts need --memory-mb and --cpus too.');
  return value;
}

function planLines(
  { output }: Context,
  { answer, steps, unplaced, pools, notes }: Schemas['PlanDto'],
): readonly string[] {
  const table = tableLines(
    steps,
    [
      { head: 'ROUND', of: ({ round }) => String(round), align: 'right' },
      { head: 'ACTION', of: ({ action }) => action },
      { head: 'INSTANCE', of: ({ app, worker, slot }) => `${app}.${worker}.${slot}` },
      { head: 'TO', of: ({ to, from }) => to ?? from ?? '', rank: 1 },
      { head: 'BECAUSE', of: ({ because }) => because, rank: 2 },
    ],
    output.columns,
  );
  return [
    output.paint(safeText(answer), 'strong'),
    ...(steps.length === 0 ? [] : table),
    ...unplaced.map(
      ({ app, worker, slot, reasons }) =>
        `${output.paint('No room', 'bad')} for ${app}.${worker}.${slot}: ${reasons.map(({ host, reason }) => `${host} ${reason}`).join('; ')}`,
    ),
    ...pools.map(({ sentence }) => safeText(sentence)),
    ...notes.map(safeText),
  ];
}

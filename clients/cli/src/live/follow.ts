import type { Context } from '../context.js';
import { Fault, usage } from '../errors.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import type { Given } from '../given.js';
import { safeText } from '../safe-text.js';
import { wrapped } from './fit-text.js';
import { viewFor } from './progress-view.js';
import { BUILDS, DEPLOYS, RECONCILES, RUNS, type Stated, type SubjectKind } from './subject-kinds.js';
import { watch } from './watch.js';

export { WAITING } from './waiting.js';

/** What is waited for. */
export interface Subject {
  readonly kind: 'deploy' | 'reconcile' | 'build' | 'run';
  readonly id: string;
}

const KINDS: Readonly<Record<Subject['kind'], SubjectKind<never>>> = {
  deploy: DEPLOYS,
  reconcile: RECONCILES,
  build: BUILDS,
  run: RUNS,
};

/**
 * Shows how it comes about until it has settled, and says by the exit code what became of it; with `--no-wait` only how
 * to come back. With `--json` it prints the settled thing, or as it was begun with `--no-wait`. Ctrl-C leaves it alone.
 */
export async function follow(context: Context, given: Given, subject: Subject): Promise<ExitCode> {
  if (given.flag('wait') && !given.flag('detach')) return stayWith(context, given, subject);
  return leave(context, subject, await read(context, subject));
}

/** As {@link follow}, where nobody may say `--no-wait`. */
export async function stayWith(context: Context, given: Given, subject: Subject): Promise<ExitCode> {
  const seconds = secondsOf(given);
  const kind = KINDS[subject.kind] as unknown as SubjectKind<Stated>;
  return stay(context, { subject, kind, seconds, first: await read(context, subject) });
}

function read({ server }: Context, { kind, id }: Subject): Promise<Stated> {
  return server.data<Stated>({ path: `${KINDS[kind].path}/${encodeURIComponent(id)}` });
}

function leave({ output }: Context, subject: Subject, first: Stated): ExitCode {
  output.data(first, () => [`${nameOf(subject)} is begun. ${comeBack(subject)}`]);
  return EXIT.done;
}

interface Staying {
  readonly subject: Subject;
  readonly kind: SubjectKind<Stated>;
  readonly first: Stated;
  readonly seconds: number | null;
}

async function stay(context: Context, { subject, kind, first, seconds }: Staying): Promise<ExitCode> {
  const leaving = new AbortController();
  const ignore = context.world.onInterrupt(() => leaving.abort('interrupted'));
  const timer = seconds === null ? undefined : setTimeout(() => leaving.abort('timed out'), seconds * 1000);
  const wayOut = `Ctrl-C leaves it running; \`${commandOf(subject)}\` comes back.`;
  const view = viewFor(context, { kind, wayOut }, first);
  try {
    const settled = await watch(context, { kind, id: subject.id, view, signal: leaving.signal }, first);
    return settled === null ? left(context, subject, leaving.signal) : ended(context, kind, settled);
  } catch (error) {
    if (error instanceof Fault) throw new Fault(error.message, error.exitCode, `It may go on. ${comeBack(subject)}`);
    throw error;
  } finally {
    clearTimeout(timer);
    ignore();
  }
}

function left({ output }: Context, subject: Subject, { reason }: AbortSignal): ExitCode {
  const isInterrupted = reason === 'interrupted';
  output.warn(`${nameOf(subject)} goes on${isInterrupted ? '' : '; the time to wait is up'}. ${comeBack(subject)}`);
  return isInterrupted ? EXIT.interrupted : EXIT.timedOut;
}

function ended({ output }: Context, kind: SubjectKind<Stated>, settled: Stated): ExitCode {
  const exit = kind.exit(settled);
  const result = kind.result(settled);
  if (output.json || exit === EXIT.done) output.data(settled, () => [result]);
  if (exit === EXIT.done) return exit;
  for (const line of wrapped(result, output.columns)) output.warn(output.paint(safeText(line), 'bad', 'stderr'));
  for (const line of kind.failure(settled, output.columns)) output.warn(safeText(line));
  return exit;
}

function secondsOf(given: Given): number | null {
  const seconds = given.count('timeout') ?? null;
  if (seconds !== null && seconds > LONGEST) throw usage(`--timeout is ${seconds}, but should be at most ${LONGEST}.`);
  return seconds;
}

/** A week, in seconds: longer than anything is waited for, and no more than a timer can count. */
const LONGEST = 604_800;

const nameOf = ({ kind, id }: Subject): string => `${kind.charAt(0).toUpperCase()}${kind.slice(1)} ${id}`;

const commandOf = ({ kind, id }: Subject): string => `jockey wait ${kind} ${id}`;

const comeBack = (subject: Subject): string => `\`${commandOf(subject)}\` comes back.`;

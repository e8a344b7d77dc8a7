import type { Schemas } from '../../../typescript/src/index.js';
import type { ExitCode } from '../exit-codes.js';
import { exitOfCommand } from './command-exit.js';
import { failureLines, resultOf } from './deploy-report.js';
import { deployProgress } from './deploy-progress.js';
import { type Canvas, drawDeploy, type Foot } from './draw-deploy.js';
import { wrapped } from './fit-text.js';
import { isSettled } from './is-settled.js';
import { exitOfDeploy, exitOfState } from './outcome-exit.js';
import type { RunView } from './run-view.js';
import { durationWords, secondsBetween } from './seconds-between.js';

/** What has a state that settles. */
export interface Stated {
  readonly state: string;
}

/** A log that tells how something comes about. */
export interface LogOfSubject {
  readonly path: string;
  /** Stands before each of its lines; empty for the subject's own log. */
  readonly before: string;
}

/** How things of one kind are watched, and what is said of their end. */
export interface SubjectKind<T extends Stated> {
  /** Its path without its id. */
  readonly path: string;
  /** Logs that are followed from this state of it on. */
  logs(thing: T): readonly LogOfSubject[];
  /** The picture for a terminal; null where its log says all. */
  draw(thing: T, foot: Foot, canvas: Canvas): readonly string[] | null;
  result(thing: T): string;
  /** Why it failed; empty where it did not. */
  failure(thing: T, columns: number): readonly string[];
  exit(thing: T): ExitCode;
}

type Deploy = Schemas['DeployDto'];
type Build = Schemas['BuildDto'];
type Reconcile = Schemas['ReconcileDto'];

export const DEPLOYS: SubjectKind<Deploy> = {
  path: '/deploys',
  logs: ({ id, build }) => [
    ...(isSettled(build) ? [] : [{ path: `/builds/${build.id}/logs`, before: 'build: ' }]),
    { path: `/deploys/${id}/logs`, before: '' },
  ],
  draw: (deploy, foot, canvas) => drawDeploy(deployProgress(deploy, Date.now()), foot, canvas),
  result: resultOf,
  failure: failureLines,
  exit: exitOfDeploy,
};

export const BUILDS: SubjectKind<Build> = {
  path: '/builds',
  logs: ({ id }) => [{ path: `/builds/${id}/logs`, before: '' }],
  draw: () => null,
  result: (build) => {
    const { id, app, rref, outcome } = build;
    return `Build ${id} of ${app.name}, ${rref.slice(0, 7)}: ${endOf(build, outcome)}`;
  },
  failure: reasonOf,
  exit: exitOfState,
};

export const RECONCILES: SubjectKind<Reconcile> = {
  path: '/reconciles',
  logs: ({ id }) => [{ path: `/reconciles/${id}/logs`, before: '' }],
  draw: () => null,
  result: (reconcile) => {
    const { id, app, environment, plan } = reconcile;
    const what = reconcile.restart === null ? 'Reconcile' : 'Restart';
    const of = app === null ? '' : ` of ${app.name}`;
    const nothing = reconcile.state === 'completed' && plan.length === 0 ? ' Nothing had to be done.' : '';
    return `${what} ${id}${of} in ${environment.name}: ${endOf(reconcile, null)}${nothing}`;
  },
  failure: reasonOf,
  exit: exitOfState,
};

export const RUNS: SubjectKind<RunView> = {
  path: '/runs',
  logs: ({ id }) => [{ path: `/runs/${id}/logs`, before: '' }],
  draw: () => null,
  result: (run) => {
    const { id, app, environment, exit_code: code, signal } = run;
    const how = signal === null ? (code === null ? '' : ` with exit code ${code}`) : ` by ${signal}`;
    return `Run ${id} of ${app.name} in ${environment.name}: ${run.state}${how} after ${timeOf(run)}.`;
  },
  failure: ({ failure_reason: reason }, columns) => (reason === null ? [] : wrapped(reason, columns)),
  exit: exitOfCommand,
};

type Ended = Pick<Build, 'state' | 'created_at' | 'completed_at' | 'failure_reason'>;

function endOf(ended: Pick<Build, 'state' | 'created_at' | 'completed_at'>, outcome: string | null): string {
  const finer = outcome === null || outcome === 'succeeded' || outcome === ended.state ? '' : ` (${words(outcome)})`;
  return `${words(ended.state)}${finer} after ${timeOf(ended)}.`;
}

function timeOf(ended: Pick<Build, 'created_at' | 'completed_at'>): string {
  return durationWords(secondsBetween(ended.created_at, ended.completed_at, Date.now()));
}

function reasonOf({ state, failure_reason: reason }: Ended, columns: number): readonly string[] {
  return state === 'failed' && reason !== null ? wrapped(reason, columns) : [];
}

const words = (text: string): string => text.replaceAll('_', ' ');

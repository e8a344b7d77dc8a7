import type { Schemas } from '../../../typescript/src/index.js';
import { isSettled } from './is-settled.js';
import { secondsBetween } from './seconds-between.js';

/** How far one thing of a deploy has come. */
export type Stage = 'waiting' | 'current' | 'done' | 'failed';

/** One station of a deploy: its queue, its build, its release command. */
export interface StepProgress {
  readonly name: string;
  readonly stage: Stage;
  readonly detail: string;
}

/** The newest instance of one slot. */
export interface SlotProgress {
  readonly slot: number;
  readonly host: string;
  readonly stage: Stage;
  /** What it does, in a few words. */
  readonly detail: string;
}

/** The instances of one worker. */
export interface WorkerProgress {
  readonly name: string;
  readonly stage: Stage;
  readonly healthy: number;
  readonly wanted: number;
  readonly slots: readonly SlotProgress[];
}

/** A deploy as its progress view shows it; nothing of the terminal is in it. */
export interface DeployProgress {
  readonly title: string;
  readonly seconds: number;
  readonly stage: Stage;
  readonly steps: readonly StepProgress[];
  readonly workers: readonly WorkerProgress[];
  /** What somebody should know: why it is paused, that it waits for room, that it is being taken back. */
  readonly remarks: readonly string[];
}

type Deploy = Schemas['DeployDto'];

/** What is to be shown of a deploy at a moment, in milliseconds since 1970. */
export function deployProgress(deploy: Deploy, now: number): DeployProgress {
  return {
    title: titleOf(deploy),
    seconds: secondsBetween(deploy.created_at, deploy.completed_at, now),
    stage: stageOfDeploy(deploy),
    steps: [queueStep(deploy), buildStep(deploy, now), releaseCommandStep(deploy)].flatMap((step) => step ?? []),
    workers: workersOf(deploy),
    remarks: remarksOf(deploy),
  };
}

/** What a deploy is, in one line: `Deploy 17 of sample to production, 6e1f0c0`. */
export function titleOf({ id, kind, app, environment, rref, from_release }: Deploy): string {
  const what = from_release === null ? rref.slice(0, 7) : `${from_release}, ${rref.slice(0, 7)}`;
  return `${KINDS[kind] ?? 'Deploy'} ${id} of ${app.name} to ${environment.name}, ${what}`;
}

const KINDS: Readonly<Record<string, string>> = { rollback: 'Rollback', promotion: 'Promotion', config: 'Config' };

function stageOfDeploy(deploy: Deploy): Stage {
  if (!isSettled(deploy)) return 'current';
  return deploy.state === 'failed' ? 'failed' : 'done';
}

function queueStep({ queued, position }: Deploy): StepProgress | null {
  if (!queued) return null;
  const place = position === null ? '' : `, place ${position}`;
  return { name: 'queue', stage: 'current', detail: `waits for another deploy${place}` };
}

/** A build that was there before the deploy was asked for is no station of it. */
function buildStep(deploy: Deploy, now: number): StepProgress | null {
  const { build, created_at: asked } = deploy;
  if (build.completed_at !== null && build.completed_at < asked) return null;
  const base = { name: `build ${build.id}` };
  if (build.state === 'failed') return { ...base, stage: 'failed', detail: wordsOf(build.outcome ?? 'failed') };
  const seconds = build.started_at === null ? '' : `, ${secondsBetween(build.started_at, build.completed_at, now)} s`;
  if (build.state === 'completed') return { ...base, stage: 'done', detail: `completed${seconds}` };
  const on = build.container_host === null ? '' : ` on ${build.container_host}`;
  return { ...base, stage: build.phase === 'queued' ? 'waiting' : 'current', detail: `${build.phase}${on}${seconds}` };
}

function releaseCommandStep({ app, release_command: run, state }: Deploy): StepProgress | null {
  const name = 'release command';
  if (run === null) {
    if (app.release_command === '' || state === 'failed') return null;
    return { name, stage: 'waiting', detail: 'waits for its turn' };
  }
  const stage = run.state === 'running' ? 'current' : run.state === 'succeeded' ? 'done' : 'failed';
  const code = run.exit_code === null || run.exit_code === 0 ? '' : `, exit code ${run.exit_code}`;
  return { name, stage, detail: `${run.state} on ${run.host}${code}` };
}

function workersOf({ instances = [] }: Deploy): WorkerProgress[] {
  const names = [...new Set(instances.map(({ worker }) => worker))].sort();
  return names.map((name) => {
    const own = instances.filter(({ worker }) => worker === name).sort((one, other) => one.slot - other.slot);
    const slots = own.map(slotOf);
    const healthy = slots.filter(({ stage }) => stage === 'done').length;
    return { name, stage: stageOfAll(slots), healthy, wanted: slots.length, slots };
  });
}

function stageOfAll(slots: readonly SlotProgress[]): Stage {
  const stages = new Set(slots.map(({ stage }) => stage));
  if (stages.has('failed')) return 'failed';
  if (stages.has('current')) return 'current';
  if (!stages.has('waiting')) return 'done';
  return stages.has('done') ? 'current' : 'waiting';
}

function slotOf({ slot, host, state, failure }: Schemas['InstanceDto']): SlotProgress {
  if (failure !== null) return { slot, host, stage: 'failed', detail: failure.cause };
  const { stage, detail } = INSTANCE_WORDS[state] ?? { stage: 'current', detail: state };
  return { slot, host, stage, detail };
}

const INSTANCE_WORDS: Readonly<Record<string, { readonly stage: Stage; readonly detail: string }>> = {
  planned: { stage: 'waiting', detail: 'has its place' },
  started: { stage: 'current', detail: 'runs, waits for its check' },
  healthy: { stage: 'done', detail: 'healthy' },
  draining: { stage: 'current', detail: 'ends its requests' },
  failed: { stage: 'failed', detail: 'failed' },
  stopped: { stage: 'waiting', detail: 'taken away' },
};

function remarksOf(deploy: Deploy): string[] {
  const { paused_because: paused, cancel_requested_at: canceled, waits_for_room: room, notice } = deploy;
  if (isSettled(deploy)) return [notice].flatMap((remark) => remark ?? []);
  const back = 'It is being taken back.';
  return [
    notice,
    paused === null ? null : `It is paused: ${paused}`,
    canceled === null && deploy.failure === null ? null : back,
    room === null ? null : roomRemark(room),
  ].flatMap((remark) => remark ?? []);
}

function roomRemark({ room }: Schemas['WaitsForRoomDto']): string {
  const wanted = room.map(({ count, worker, memory_mb, cpus }) => {
    return `${count} of ${worker} (each ${memory_mb} MiB, ${cpus} cores)`;
  });
  return `It waits for hosts with room for ${wanted.join(', ')}.`;
}

const wordsOf = (outcome: string): string => outcome.replaceAll('_', ' ');

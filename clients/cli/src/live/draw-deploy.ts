import type { Paint } from '../output.js';
import type { DeployProgress, SlotProgress, Stage, StepProgress, WorkerProgress } from './deploy-progress.js';
import { cut, padded, widest, wrapped } from './fit-text.js';
import { durationWords } from './seconds-between.js';
import { type Signs, signOf } from './signs.js';

/** What the progress is drawn on. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly signs: Signs;
  /** Counts up with each picture, so that what goes on is seen to move. */
  readonly tick: number;
  readonly paint: (text: string, paint: Paint) => string;
}

/** What stands below the progress. */
export interface Foot {
  /** What was said last of it; null for nothing yet. */
  readonly lastLine: string | null;
  /** How to leave, and to come back. */
  readonly wayOut: string;
}

/** The progress of a deploy as lines, none wider than the canvas; slots are folded where it has too few rows. */
export function drawDeploy(progress: DeployProgress, foot: Foot, canvas: Canvas): string[] {
  const whole = draw({ progress, foot, canvas }, (worker) => slotLines(worker, canvas));
  if (whole.length < canvas.rows) return whole;
  return draw({ progress, foot, canvas }, (worker) => foldedSlots(worker, canvas));
}

interface Picture {
  readonly progress: DeployProgress;
  readonly foot: Foot;
  readonly canvas: Canvas;
}

function draw({ progress, foot, canvas }: Picture, slots: (worker: WorkerProgress) => string[]): string[] {
  const { columns, paint } = canvas;
  const workers = progress.workers.map((worker): readonly [StepProgress, string[]] => [stepOf(worker), slots(worker)]);
  const names = widest([...progress.steps, ...workers.map(([step]) => step)].map(({ name }) => name));
  const line = (step: StepProgress) => stepLine(step, names, canvas);
  return [
    ...titleLines(progress, canvas),
    ...progress.steps.map(line),
    ...workers.flatMap(([step, lines]) => [line(step), ...lines]),
    ...progress.remarks.flatMap((remark) => wrapped(remark, columns).map((text) => paint(text, 'warning'))),
    ...(foot.lastLine === null ? [] : [paint(cut(foot.lastLine, columns), 'faint')]),
    ...wrapped(foot.wayOut, columns).map((text) => paint(text, 'faint')),
  ];
}

function titleLines({ title, seconds }: DeployProgress, { columns, paint }: Canvas): string[] {
  return wrapped(`${title} (${durationWords(seconds)})`, columns, '  ').map((text) => paint(text, 'strong'));
}

const stepOf = ({ name, stage, healthy, wanted }: WorkerProgress): StepProgress => {
  return { name, stage, detail: `${healthy} of ${wanted} healthy` };
};

function stepLine({ name, stage, detail }: StepProgress, names: number, canvas: Canvas): string {
  const width = Math.min(names, Math.floor(canvas.columns / 2));
  const text = `${padded(cut(name, width), width)}  ${detail}`;
  return `${painted(stage, canvas)} ${cut(text, canvas.columns - 2)}`;
}

function slotLines({ slots }: WorkerProgress, canvas: Canvas): string[] {
  const numbers = widest(slots.map(({ slot }) => String(slot)));
  const hosts = Math.min(widest(slots.map(({ host }) => host)), Math.floor(canvas.columns / 3));
  return slots.map((slot) => slotLine(slot, { numbers, hosts }, canvas));
}

interface SlotWidths {
  readonly numbers: number;
  readonly hosts: number;
}

function slotLine({ slot, host, stage, detail }: SlotProgress, { numbers, hosts }: SlotWidths, canvas: Canvas): string {
  const head = `   ${String(slot).padStart(numbers)} ${padded(cut(host, hosts), hosts)}  `;
  return `${head}${painted(stage, canvas)} ${cut(detail, canvas.columns - head.length - 2)}`;
}

/** One sign a slot, as many in a line as there is room for. */
function foldedSlots({ slots }: WorkerProgress, canvas: Canvas): string[] {
  const each = canvas.columns - 4;
  const count = Math.ceil(slots.length / each);
  return Array.from({ length: count }, (_, at) => {
    const signs = slots.slice(at * each, (at + 1) * each).map(({ stage }) => painted(stage, canvas));
    return `    ${signs.join('')}`;
  });
}

const PAINTS = { done: 'good', failed: 'bad', current: 'warning', waiting: 'faint' } as const;

function painted(stage: Stage, { signs, tick, paint }: Canvas): string {
  return paint(signOf(stage, signs, tick), PAINTS[stage]);
}

import { StringDecoder } from 'node:string_decoder';
import type { BuildLine } from '../../../domain/build/build-line.js';
import { PrintedBytes } from '../../../domain/log/printed-bytes.js';
import type { SolveStatus, Vertex, VertexLog, VertexStatus, VertexWarning } from './buildkit-messages.js';

/** A step that failed. */
export interface FailedStep {
  readonly name: string;
  readonly error: string;
  /** What it printed last, the oldest first. */
  readonly lastLines: readonly string[];
}

/** How many last lines of a step are kept for the sentence of its failure. */
const LAST_LINES = 5;

/** Its failure fails nothing: what there is not cannot be used again. */
const CACHE_IMPORT = /^importing cache manifest from (.*)/;

/** A base image; the digest is there where a registry was asked. */
const BASE_IMAGE = /^\[[^\]]*\] FROM (\S+)/;

const CANCELED = /context canceled/;

/**
 * The story of a solve, told in lines. BuildKit tells a step again at each change, and may start it more than once: it
 * first finds out what a base image is, and pulls it when a later step needs it.
 */
export class BuildTrace {
  private readonly steps = new Map<string, Step>();

  /** Takes the next item in, and answers the lines that it makes. */
  *add({ vertexes, statuses, logs, warnings }: SolveStatus): Generator<BuildLine> {
    for (const vertex of vertexes) yield* this.stepOf(vertex.digest).change(vertex);
    for (const status of statuses) yield* this.stepOf(status.vertex).progress(status);
    for (const log of logs) yield* this.stepOf(log.vertex).print(log);
    for (const warning of warnings) yield this.stepOf(warning.vertex).warn(warning);
  }

  /** What stands without a newline at the end. */
  *end(): Generator<BuildLine> {
    for (const step of this.steps.values()) yield* step.end();
  }

  /** The step that the solve failed by; null for none: it may fail before its first. */
  get failed(): FailedStep | null {
    const failed = [...this.steps.values()].find((step) => step.isFault);
    return failed === undefined ? null : { name: failed.name, error: failed.error, lastLines: failed.lastLines };
  }

  /** Names of the steps that were begun and have not ended. */
  get running(): readonly string[] {
    return [...this.steps.values()].filter((step) => step.isRunning).map((step) => step.name);
  }

  /** The images of `FROM`, as the steps name them: `registry/base:1@sha256:…`, or without the digest. */
  get baseImages(): readonly string[] {
    const names = [...this.steps.values()].map((step) => BASE_IMAGE.exec(step.name)?.[1]);
    return [...new Set(names.filter((name) => name !== undefined))];
  }

  private stepOf(digest: string): Step {
    const known = this.steps.get(digest);
    if (known !== undefined) return known;
    const step = new Step();
    this.steps.set(digest, step);
    return step;
  }
}

/** One step: what is known of it, and what was said of it already. */
class Step {
  name = '';
  error = '';
  lastLines: readonly string[] = [];
  private started: number | null = null;
  private ended = false;
  private cached = false;
  private readonly said = new Set<string>();
  private readonly outputs = { stdout: printed(), stderr: printed() };

  get isRunning(): boolean {
    return this.started !== null && !this.ended;
  }

  get isFault(): boolean {
    return this.error !== '' && !CANCELED.test(this.error) && !CACHE_IMPORT.test(this.name);
  }

  *change({ name, cached, started, completed, error }: Vertex): Generator<BuildLine> {
    this.name = name;
    if (this.cached || (this.ended && cached)) return;
    if (started !== null && started !== this.started && !cached) {
      this.started = started;
      this.ended = false;
      yield* this.once(name);
    }
    if (completed === null || this.ended) return;
    this.ended = true;
    this.cached = cached;
    this.error = error;
    if (!cached) yield* this.end();
    yield* this.once(cached ? `${name}: CACHED` : this.ending(completed));
  }

  *progress({ id, completed }: VertexStatus): Generator<BuildLine> {
    if (completed) yield* this.once(`${id}: done`);
  }

  *print({ stream, bytes }: VertexLog): Generator<BuildLine> {
    for (const line of this.outputs[stream].add(bytes)) yield this.printed(stream, line);
  }

  *end(): Generator<BuildLine> {
    for (const stream of ['stdout', 'stderr'] as const)
      for (const line of this.outputs[stream].end()) yield this.printed(stream, line);
  }

  warn({ text }: VertexWarning): BuildLine {
    return this.status(`warning: ${text}`);
  }

  private printed(stream: VertexLog['stream'], { text, goesOn }: { text: string; goesOn: boolean }): BuildLine {
    if (text.trim() !== '') this.lastLines = [...this.lastLines.slice(1 - LAST_LINES), text];
    return { text, stream, step: this.stepName, ...(goesOn ? { goesOn } : {}) };
  }

  private ending(completed: number): string {
    const seconds = ((completed - (this.started ?? completed)) / 1_000).toFixed(1);
    const from = CACHE_IMPORT.exec(this.name)?.[1];
    if (from !== undefined && this.error !== '') return `nothing of ${from} can be used again: ${this.error}`;
    const short = /^\[[^\]]*\d+\/\d+\]/.exec(this.name)?.[0] ?? this.name;
    return this.error === '' ? `${short} done in ${seconds} s` : `${short} failed after ${seconds} s: ${this.error}`;
  }

  private *once(text: string): Generator<BuildLine> {
    if (this.said.has(text)) return;
    this.said.add(text);
    yield this.status(text);
  }

  private status(text: string): BuildLine {
    return { text, stream: 'status', step: this.stepName };
  }

  private get stepName(): string | null {
    return this.name === '' ? null : this.name;
  }
}

/** What a step prints to one stream; BuildKit cuts it where it likes, also within a character. */
const printed = () => new PrintedBytes<Buffer>(new StringDecoder('utf8'));

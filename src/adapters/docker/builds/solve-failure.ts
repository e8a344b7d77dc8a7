import type { Redact } from '../../../domain/config-set/redact.js';
import { stripAnsi } from '../../../domain/log/strip-ansi.js';
import type { FailedStep } from './buildkit-trace.js';

/** What a solve failed with. */
export interface SolveFault {
  readonly dockerfile: string;
  /** The step that failed; null where the solve failed before or between its steps. */
  readonly step: FailedStep | null;
  /** BuildKit's words for the whole. */
  readonly words: string;
  /** Takes the secrets of the build out of what it printed, before that is cut. */
  readonly redact: Redact;
}

/** Longest command in a sentence, and longest tail of what was printed, in characters: a reason has 500. */
const LONGEST_COMMAND = 100;
const LONGEST_TAIL = 300;

/** `[7/9] RUN make`, `[build 2/3] COPY . .`; numbers below ten stand after a blank where there are more: `[ 7/12]`. */
const NUMBERED = /^\[(?:(\S.*?) +)? *(\d+)\/(\d+)\] (.+)$/s;

/** What BuildKit puts before its words to say which of its own parts speaks. */
const PREFACES =
  /^(?:failed to solve(?: with frontend [\w.]+)?: |failed to create LLB definition: |rpc error: code = \w+ desc = )+/;

/** A solve's failure as a sentence; null where it has no words of its own for it and Docker's are as good. */
export function solveFailure(fault: SolveFault): string | null {
  if (isAboutTheDockerfile(fault.words)) return `Cannot locate specified Dockerfile: ${fault.dockerfile}`;
  const numbered = fault.step === null ? null : stepFailure(fault.step, fault.redact);
  return numbered ?? baseImageFailure(fault.step);
}

/** BuildKit's words without its prefaces, and without the folders of the host. */
export function plainWords(words: string): string {
  return words
    .replace(PREFACES, '')
    .replace(/\/\S*\/buildkit-mount\d+/g, '')
    .trim();
}

/** A missing Dockerfile; a missing file of a `COPY` reads alike, but not from here. */
function isAboutTheDockerfile(words: string): boolean {
  return /failed to read dockerfile: .*(?:no such file|not a directory)/i.test(words);
}

function stepFailure({ name, error, lastLines }: FailedStep, redact: Redact): string | null {
  const [, stage, number, all, command] = NUMBERED.exec(name) ?? [];
  if (command === undefined) return null;
  const of = stage === undefined ? '' : ` of stage ${stage}`;
  const code = /exit code: (\d+)/.exec(error)?.[1];
  const what = `step ${number} of ${all}${of} failed`;
  const shown = shortened(command, LONGEST_COMMAND);
  if (code === undefined) return `${what}: ${shown}: ${plainWords(error)}`;
  return `${what} with exit code ${code}: ${shown}${lastWords(lastLines, redact)}`;
}

/** The end of what was printed says most. */
function lastWords(lines: readonly string[], redact: Redact): string {
  if (lines.length === 0) return '; it printed nothing';
  const text = lines.map((line) => redact(stripAnsi(line)).trim()).join(' / ');
  const tail = text.length <= LONGEST_TAIL ? text : `…${text.slice(text.length - LONGEST_TAIL + 1)}`;
  return `; its last lines: ${tail}`;
}

function baseImageFailure(step: FailedStep | null): string | null {
  const image = /^\[internal\] load metadata for (\S+)/.exec(step?.name ?? '')?.[1];
  return image === undefined ? null : `the base image ${image} cannot be had: ${plainWords(step?.error ?? '')}`;
}

function shortened(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= length ? line : `${line.slice(0, length - 1)}…`;
}

import type { World } from '../world.js';
import type { Stage } from './deploy-progress.js';

/** The signs of a progress view. */
export interface Signs {
  readonly waiting: string;
  readonly done: string;
  readonly failed: string;
  /** One after the other while something goes on. */
  readonly current: readonly string[];
}

const UNICODE: Signs = { waiting: '·', done: '✓', failed: '✗', current: ['◐', '◓', '◑', '◒'] };

/** For terminals that may not know more. */
const ASCII: Signs = { waiting: '.', done: '+', failed: 'x', current: ['|', '/', '-', '\\'] };

/** The signs that the terminal can be trusted with. */
export function signsFor({ environment }: Pick<World, 'environment'>): Signs {
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || '';
  return /utf-?8/i.test(locale) && environment['TERM'] !== 'linux' ? UNICODE : ASCII;
}

/** The sign of a stage at this tick. */
export function signOf(stage: Stage, signs: Signs, tick: number): string {
  if (stage !== 'current') return signs[stage];
  return signs.current[tick % signs.current.length] ?? signs.waiting;
}

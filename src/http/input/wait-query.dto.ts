import { WholeNumber } from './fields.js';

/** How long an answer may be held until its resource settles. */
export class WaitQueryDto {
  /** Seconds, at most 60; without it the answer comes at once. */
  @WholeNumber({ min: 0, max: 60, unit: 'seconds', optional: true, example: 30 })
  wait?: number;
}

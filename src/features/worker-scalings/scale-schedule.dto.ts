import { HIGHEST_SCALE } from '../../domain/worker/worker.js';
import { Field, show, WholeNumber } from '../../http/input/fields.js';
import { cronFault, timeZoneFault } from '../../observation/schedule-times.js';

/** Longer than any cron expression of five fields, and any name of a time zone, that means something. */
const LONGEST = 200;

const textual = (fault: (text: string) => string | null) => (value: unknown) =>
  typeof value === 'string' && value.length <= LONGEST
    ? fault(value)
    : `is ${show(value)}, but should be a text of up to ${LONGEST} characters.`;

/** A scale that holds from a time on. */
export class ScaleScheduleInputDto {
  /** When it begins, again and again: a cron expression of five fields. */
  @Field('text', textual(cronFault), { example: '0 8 * * 1-5', schema: { type: 'string', maxLength: LONGEST } })
  cron!: string;

  /** The time zone of the expression, by its IANA name; UTC where nothing is said. */
  @Field('text', textual(timeZoneFault), {
    optional: true,
    example: 'Europe/Berlin',
    schema: { type: 'string', maxLength: LONGEST },
  })
  time_zone?: string;

  /** The scale from then on, until another schedule begins; beside a metric it is the least. */
  @WholeNumber({ min: 0, max: HIGHEST_SCALE, example: 6 })
  scale!: number;
}

/** A schedule as an answer shows it. */
export class ScaleScheduleDto {
  /** When it begins, again and again. */
  cron!: string;

  /** The time zone of the expression. */
  time_zone!: string;

  /** The scale from then on. */
  scale!: number;
}

/** What the next schedule to begin asks for. */
export class NextScheduleDto {
  /** When it begins: ISO 8601, UTC. */
  at!: string;

  /** The scale from then on. */
  scale!: number;
}

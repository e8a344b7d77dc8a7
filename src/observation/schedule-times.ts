import { Cron } from 'croner';
import type { ScheduleInForce } from '../domain/autoscale/scale-snapshot.js';
import type { ScaleSchedule } from '../domain/worker/worker-scaling.js';

/** When a schedule begins next, and what it asks for. */
export interface NextSchedule extends ScheduleInForce {
  readonly at: Date;
}

/** Five fields, and nothing else that the parser would take: no nicknames, no dates, no seconds. */
const FIVE_FIELDS = /^\s*(?:[\dA-Za-z*,/#-]+\s+){4}[\dA-Za-z*,/#-]+\s*$/;

/** Why a cron expression cannot be followed; a predicate sentence, or null. */
export function cronFault(cron: string): string | null {
  if (!FIVE_FIELDS.test(cron)) return 'is no cron expression of five fields, as 0 8 * * 1-5 is.';
  try {
    return readCron(cron, 'UTC').nextRun() === null ? 'never begins.' : null;
  } catch (error) {
    const words = error instanceof Error ? error.message.replace(/^Cron\w+: /, '') : '';
    return `is no cron expression: ${words}.`;
  }
}

/** Why a time zone is none; a predicate sentence, or null. */
export function timeZoneFault(timeZone: string): string | null {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return null;
  } catch {
    return 'is no time zone of the IANA list, as Europe/Berlin or UTC are.';
  }
}

/**
 * The schedule that began last, of several at the same moment the one that asks for most; null where none has begun. One
 * at a time that a change to summer time leaves out begins when the clocks have changed; one at a time that comes twice
 * begins at its first.
 */
export function scheduleInForce(schedules: readonly ScaleSchedule[], now: number): ScheduleInForce | null {
  const begun = schedules.flatMap((schedule) => {
    const [at] = readCron(schedule.cron, schedule.timeZone).previousRuns(1, justAfter(now));
    return at === undefined ? [] : [nextOf(schedule, at)];
  });
  const [last] = begun.sort((one, other) => other.at.getTime() - one.at.getTime() || other.scale - one.scale);
  return last === undefined ? null : { scale: last.scale, words: last.words };
}

/** The schedule that begins next; null where none will. */
export function nextSchedule(schedules: readonly ScaleSchedule[], now: number): NextSchedule | null {
  const coming = schedules.flatMap((schedule) => {
    const at = readCron(schedule.cron, schedule.timeZone).nextRun(new Date(now));
    return at === null ? [] : [nextOf(schedule, at)];
  });
  return coming.sort((one, other) => one.at.getTime() - other.at.getTime() || other.scale - one.scale)[0] ?? null;
}

const nextOf = ({ cron, timeZone, scale }: ScaleSchedule, at: Date): NextSchedule => ({
  at,
  scale,
  words: `${cron} (${timeZone})`,
});

/** The parser's past ends before the moment that it is asked at: one that begins at it has begun. */
const justAfter = (now: number): Date => new Date(now + 1);

function readCron(cron: string, timeZone: string): Cron {
  return new Cron(cron.trim(), { timezone: timeZone, paused: true, mode: '5-part' });
}

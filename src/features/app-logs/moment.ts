import { nanosecondsOf } from '../../domain/log/output-line.js';

/** Milliseconds of each unit. */
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const AGO = /^(\d{1,6})([smhd])$/;

const ISO = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** Whether a text says a moment: a time in ISO 8601, or how long ago it was. */
export function isMoment(text: string): boolean {
  return AGO.test(text) || (ISO.test(text) && !Number.isNaN(Date.parse(text)));
}

/** The moment that such a text says, in nanoseconds since 1970. */
export function momentOf(text: string, now: Date): bigint {
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count === undefined) return nanosecondsOf(text);
  return BigInt(now.getTime() - Number(count) * (UNITS[unit] ?? 0)) * 1_000_000n;
}

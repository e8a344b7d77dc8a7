import { describe, expect, it } from 'vitest';
import type { ScaleSchedule } from '../domain/worker/worker-scaling.js';
import { cronFault, nextSchedule, scheduleInForce, timeZoneFault } from './schedule-times.js';

const BERLIN = 'Europe/Berlin';
const daily = (cron: string, scale: number, timeZone = BERLIN): ScaleSchedule => ({ cron, scale, timeZone });
const at = (time: string): number => Date.parse(time);
const WORK = [daily('0 8 * * 1-5', 6), daily('0 20 * * *', 2)];

describe('scheduleInForce', () => {
  it.each([
    ['2026-11-20T06:59:59.999Z', 2],
    ['2026-11-20T07:00:00.000Z', 6],
    ['2026-11-20T18:59:00Z', 6],
    ['2026-11-20T19:00:00Z', 2],
    // A Saturday: the evening before is still in force.
    ['2026-11-21T12:00:00Z', 2],
    // In summer the clocks are an hour ahead.
    ['2026-07-01T06:00:00Z', 6],
    ['2026-07-01T05:59:00Z', 2],
  ])('at %s asks for %i', (time, scale) => expect(scheduleInForce(WORK, at(time))).toMatchObject({ scale }));

  it('says which it is', () => {
    expect(scheduleInForce(WORK, at('2026-11-20T12:00:00Z'))).toEqual({ scale: 6, words: `0 8 * * 1-5 (${BERLIN})` });
  });

  it('begins a time that is left out in spring when the clocks have changed', () => {
    const night = [daily('30 2 * * *', 9), daily('0 0 * * *', 1)];
    expect(scheduleInForce(night, at('2026-03-29T00:59:00Z'))).toMatchObject({ scale: 1 });
    expect(scheduleInForce(night, at('2026-03-29T01:00:00Z'))).toMatchObject({ scale: 9 });
  });

  it('begins a time that comes twice in autumn at its first, and once', () => {
    const night = [daily('30 2 * * *', 9), daily('45 2 * * *', 1)];
    expect(scheduleInForce(night, at('2026-10-25T00:31:00Z'))).toMatchObject({ scale: 9 });
    expect(scheduleInForce(night, at('2026-10-25T01:31:00Z'))).toMatchObject({ scale: 1 });
  });

  it('takes the higher of two that begin together, in whatever order', () => {
    const both = [daily('0 8 * * *', 3), daily('0 8 * * *', 7)];
    for (const list of [both, [...both].reverse()])
      expect(scheduleInForce(list, at('2026-11-20T12:00:00Z'))).toMatchObject({ scale: 7 });
  });

  it('is none without schedules', () => expect(scheduleInForce([], at('2026-11-20T12:00:00Z'))).toBeNull());
});

describe('nextSchedule', () => {
  it('is the one that begins first from now on', () => {
    expect(nextSchedule(WORK, at('2026-11-20T12:00:00Z'))).toEqual({
      at: new Date('2026-11-20T19:00:00Z'),
      scale: 2,
      words: `0 20 * * * (${BERLIN})`,
    });
    expect(nextSchedule([], 0)).toBeNull();
  });
});

describe('cronFault', () => {
  it.each(['0 8 * * 1-5', '*/15 0-6,22 1,15 JAN-MAR MON', '0 8 L * *'])('has none of %j', (cron) =>
    expect(cronFault(cron)).toBeNull(),
  );

  it.each([
    '',
    '* * *',
    '0 0 8 * * *',
    '@daily',
    '2026-01-01T00:00:00',
    '61 * * * *',
    '0 8 * * 9',
    '0 0 30 2 *',
    'a b c d e',
  ])('refuses %j', (cron) => expect(cronFault(cron)).toMatch(/^(is no cron expression.*|never begins)\.$/));
});

describe('timeZoneFault', () => {
  it('knows the zones of the IANA list, and no others', () => {
    expect([timeZoneFault(BERLIN), timeZoneFault('UTC')]).toEqual([null, null]);
    for (const zone of ['Mars/Olympus', '']) expect(timeZoneFault(zone)).toMatch(/IANA/);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScaleMetric } from '../worker/worker-scaling.js';
import { planScale } from './plan-scale.js';
import { TOLERANCE } from './scale-demand.js';
import type { ScaleReading, ScaleSnapshot } from './scale-snapshot.js';

const NOW = 1_800_000_000_000;
const QUEUE: ScaleMetric = { kind: 'prometheus', target: 100, url: 'http://p.test', query: 'sum(jobs)' };
const CPU: ScaleMetric = { kind: 'cpu', target: 60, url: null, query: null };

function aSnapshot(change: Partial<ScaleSnapshot> = {}): ScaleSnapshot {
  return {
    now: NOW,
    current: 4,
    minScale: 2,
    maxScale: 10,
    scheduled: null,
    metric: null,
    reading: null,
    deploy: null,
    lowerSince: null,
    scaledAt: null,
    scaleInAfterSeconds: 300,
    coolDownSeconds: 60,
    ...change,
  };
}

const total = (value: number, at = NOW): ScaleReading => ({ kind: 'total', value, at });
const shares = (percents: readonly number[], missing = 0): ScaleReading => ({
  kind: 'shares',
  percents,
  missing,
  at: NOW,
});
const followed = (reading: ScaleReading, change: Partial<ScaleSnapshot> = {}) =>
  planScale(aSnapshot({ metric: QUEUE, reading, ...change }));
const ago = (seconds: number): number => NOW - seconds * 1000;

describe('planScale', () => {
  it('keeps what was set while it is within the bounds', () => {
    expect(planScale(aSnapshot())).toEqual({
      scale: 4,
      reason: 'Stays at 4: 4 was set.',
      lowerSince: null,
      value: null,
      trouble: null,
    });
  });

  it.each([
    [0, 2, 'From 0 to 2: 0 was set; min_scale is 2.'],
    [40, 10, 'From 40 to 10: 40 was set, which asks for 40, but max_scale is 10.'],
  ])('brings a scale of %i into the bounds at once, cool-down or not', (current, scale, reason) => {
    expect(planScale(aSnapshot({ current, scaledAt: NOW }))).toMatchObject({ scale, reason });
  });

  it('sets what the schedule in force asks for, up and down, at once', () => {
    const words = '0 8 * * 1-5 (Europe/Berlin)';
    expect(planScale(aSnapshot({ scheduled: { scale: 8, words }, scaledAt: NOW }))).toMatchObject({
      scale: 8,
      reason: 'From 4 to 8: the schedule 0 8 * * 1-5 (Europe/Berlin) asks for 8.',
    });
    expect(planScale(aSnapshot({ scheduled: { scale: 3, words } }))).toMatchObject({ scale: 3 });
  });

  it('takes a schedule for the least of what a metric asks for', () => {
    const scheduled = { scale: 6, words: '0 8 * * * (UTC)' };
    expect(followed(total(100), { current: 6, scheduled })).toMatchObject({
      scale: 6,
      reason:
        'Stays at 6: prometheus is 100, and one instance should bear 100; the schedule 0 8 * * * (UTC) asks for 6.',
    });
    expect(followed(total(850), { current: 6, scheduled })).toMatchObject({ scale: 9 });
  });

  it('starts as many as bear the total, up to the bound', () => {
    expect(followed(total(650))).toEqual({
      scale: 7,
      reason: 'From 4 to 7: prometheus is 650, and one instance should bear 100.',
      lowerSince: null,
      value: 650,
      trouble: null,
    });
    expect(followed(total(5_000))).toMatchObject({
      scale: 10,
      reason: expect.stringContaining('asks for 50') as string,
    });
  });

  it('comes back from zero, and goes there, where the bounds allow it', () => {
    expect(followed(total(1), { current: 0, minScale: 0 })).toMatchObject({ scale: 1 });
    expect(followed(total(0), { current: 1, minScale: 0, lowerSince: ago(301) })).toMatchObject({ scale: 0 });
  });

  it.each([[360], [400], [440]])('leaves a value of %i within 10 % of its target alone', (value) =>
    expect(followed(total(value))).toMatchObject({ scale: 4, lowerSince: null }),
  );

  it('waits with fewer until they were enough for a while', () => {
    const first = followed(total(200));
    expect(first).toMatchObject({ scale: 4, lowerSince: NOW, reason: expect.stringContaining('300 s more') as string });
    expect(followed(total(200), { lowerSince: ago(299) })).toMatchObject({ scale: 4, lowerSince: ago(299) });
    expect(followed(total(200), { lowerSince: ago(300) })).toMatchObject({ scale: 2, lowerSince: null });
    expect(followed(total(400), { lowerSince: ago(299) })).toMatchObject({ scale: 4, lowerSince: null });
  });

  it('takes at most half at a time', () => {
    expect(followed(total(0), { current: 9, lowerSince: ago(300) })).toMatchObject({ scale: 4, lowerSince: ago(300) });
  });

  it('rests after a change, both ways', () => {
    expect(followed(total(900), { scaledAt: ago(20) })).toMatchObject({
      scale: 4,
      reason: expect.stringContaining('not yet 9') as string,
    });
    expect(followed(total(200), { scaledAt: ago(20), lowerSince: ago(400) })).toMatchObject({ scale: 4 });
    expect(followed(total(900), { scaledAt: ago(60) })).toMatchObject({ scale: 9 });
  });

  it('takes nothing away while a deploy is in progress, and adds all the same', () => {
    expect(followed(total(200), { deploy: '7', lowerSince: ago(900) })).toMatchObject({
      scale: 4,
      reason: expect.stringContaining('deploy 7 is in progress') as string,
    });
    expect(planScale(aSnapshot({ current: 40, deploy: '7' }))).toMatchObject({ scale: 40 });
    expect(followed(total(900), { deploy: '7' })).toMatchObject({ scale: 9 });
  });

  it.each<[string, ScaleReading]>([
    ['missing', { kind: 'none', because: 'Nobody answers.' }],
    ['no number', total(NaN)],
    ['infinite', total(Infinity)],
    ['negative', total(-1)],
    ['late', total(0, ago(61))],
    ['of no instance', shares([], 4)],
  ])('changes nothing by a value that is %s, and says so', (_how, reading) => {
    const plan = followed(reading, { lowerSince: ago(1_000) });
    expect(plan).toMatchObject({ scale: 4, value: null, lowerSince: null });
    expect(plan.trouble).toMatch(/\.$/);
  });

  describe('by what instances use', () => {
    const measured = (reading: ScaleReading, change: Partial<ScaleSnapshot> = {}) =>
      followed(reading, { metric: CPU, ...change });

    it('starts more where they use more than the target', () => {
      expect(measured(shares([90, 90, 90, 90]))).toMatchObject({
        scale: 6,
        value: 90,
        reason: 'From 4 to 6: cpu is 90 % of what is reserved, for a target of 60 %.',
      });
    });

    it('counts one that is not measured as idle where more are asked for, and as busy where fewer are', () => {
      expect(measured(shares([90, 90, 90], 1))).toMatchObject({ scale: 5 });
      expect(measured(shares([80, 80], 2))).toMatchObject({ scale: 4 });
      expect(measured(shares([20, 20, 20], 1), { lowerSince: ago(300) })).toMatchObject({ scale: 2 });
      expect(measured(shares([50], 3), { lowerSince: ago(300) })).toMatchObject({ scale: 4 });
    });
  });
});

describe('properties of planScale', () => {
  const count = fc.integer({ min: 0, max: 60 });
  const amount = fc.oneof(fc.double({ min: 0, max: 20_000, noNaN: true }), fc.constantFrom(NaN, Infinity, -5));
  const reading: fc.Arbitrary<ScaleReading> = fc.oneof(
    fc.record({ kind: fc.constant('total' as const), value: amount, at: fc.integer({ min: ago(200), max: NOW }) }),
    fc.constant({ kind: 'none' as const, because: 'Nobody answers.' }),
  );
  const when = fc.option(fc.integer({ min: ago(1_000), max: NOW }), { nil: null });
  const snapshot = fc
    .record({
      current: count,
      low: count,
      span: count,
      scheduled: fc.option(
        count.map((scale) => ({ scale, words: '0 8 * * * (UTC)' })),
        { nil: null },
      ),
      metric: fc.option(fc.constant(QUEUE), { nil: null }),
      reading,
      deploy: fc.option(fc.constant('7'), { nil: null }),
      lowerSince: when,
      scaledAt: when,
      scaleInAfterSeconds: fc.integer({ min: 0, max: 600 }),
      coolDownSeconds: fc.integer({ min: 0, max: 600 }),
    })
    .map(({ low, span, ...rest }) => aSnapshot({ ...rest, minScale: low, maxScale: low + span }));

  /** Looks again and again, a minute apart, at values that are read anew. */
  function settled(begin: ScaleSnapshot, looks: number): readonly number[] {
    const scales: number[] = [];
    let now = begin;
    for (let look = 0; look < looks; look += 1) {
      const { scale, lowerSince } = planScale(now);
      scales.push(scale);
      const scaledAt = scale === now.current ? now.scaledAt : now.now;
      const next = now.now + 60_000;
      const again = now.reading?.kind === 'total' ? { ...now.reading, at: next } : now.reading;
      now = { ...now, current: scale, lowerSince, scaledAt, now: next, reading: again };
    }
    return scales;
  }

  it('bounds hold as soon as nothing is deployed, whatever the metric says', () => {
    fc.assert(
      fc.property(snapshot, (each) => {
        const { scale } = planScale(each);
        expect(scale).toBeGreaterThanOrEqual(each.minScale);
        if (each.deploy === null) expect(scale).toBeLessThanOrEqual(each.maxScale);
        else expect(scale).toBeLessThanOrEqual(Math.max(each.maxScale, each.current));
      }),
    );
  });

  it('a value that is missing, no number or late never takes an instance away', () => {
    const bad = snapshot.filter(({ metric, maxScale, current }) => metric !== null && current <= maxScale);
    fc.assert(
      fc.property(bad, (each) => {
        const plan = planScale(each);
        if (plan.trouble !== null) expect(plan.scale).toBeGreaterThanOrEqual(each.current);
      }),
    );
  });

  it('a deploy in progress never takes an instance away', () => {
    fc.assert(
      fc.property(snapshot, (each) => {
        expect(planScale({ ...each, deploy: '7' }).scale).toBeGreaterThanOrEqual(each.current);
      }),
    );
  });

  it('more to bear never asks for fewer', () => {
    const value = fc.double({ min: 0, max: 20_000, noNaN: true });
    fc.assert(
      fc.property(snapshot, value, value, (each, one, other) => {
        const by = (of: number) => planScale({ ...each, metric: QUEUE, reading: total(of) }).scale;
        expect(by(Math.max(one, other))).toBeGreaterThanOrEqual(by(Math.min(one, other)));
      }),
    );
  });

  it('a constant value ends in one scale, that bears it, and never turns back on its way', () => {
    fc.assert(
      fc.property(snapshot, fc.double({ min: 0, max: 5_000, noNaN: true }), (each, value) => {
        const begin = { ...each, deploy: null, metric: QUEUE, reading: total(value) };
        const scales = [begin.current, ...settled(begin, 80)];
        const last = scales.at(-1) ?? 0;
        expect(new Set(scales.slice(-10))).toEqual(new Set([last]));
        const steps = scales.slice(1).map((scale, index) => Math.sign(scale - (scales[index] ?? 0)));
        const turns = new Set(steps.filter((step) => step !== 0));
        // Into the bounds first, and then to what the value asks for: that alone may be a turn.
        if (begin.current >= begin.minScale && begin.current <= begin.maxScale)
          expect(turns.size).toBeLessThanOrEqual(1);
        if (last < begin.maxScale) expect(value).toBeLessThanOrEqual(last * QUEUE.target * (1 + TOLERANCE) + 1e-6);
      }),
    );
  });
});

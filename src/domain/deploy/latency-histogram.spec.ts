import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GROWTH, LatencyHistogram, LONGEST_LATENCY } from './latency-histogram.js';

const latencies = fc.array(fc.double({ min: 0, max: LONGEST_LATENCY, noNaN: true }), { minLength: 1, maxLength: 300 });
const shares = fc.double({ min: 0.01, max: 1, noNaN: true });

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** By sorting: the nearest rank. */
function exactly(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? NaN;
}

describe('LatencyHistogram', () => {
  it('answers what sorting answers, at most one bucket too high and never too low', () => {
    fc.assert(
      fc.property(latencies, shares, (values, share) => {
        const answer = histogramOf(values).percentile(share) ?? NaN;
        const exact = exactly(values, share);
        expect(answer).toBeGreaterThanOrEqual(exact * (1 - 1e-9));
        expect(answer).toBeLessThanOrEqual(Math.max(1, exact) * GROWTH * (1 + 1e-9));
      }),
    );
  });

  it('knows nothing of nothing', () => {
    expect(new LatencyHistogram().percentile(0.99)).toBeNull();
  });

  it('counts what takes longer than a minute as a minute', () => {
    const histogram = histogramOf([1e12]);
    expect(histogram.percentile(0.99)).toBeGreaterThanOrEqual(LONGEST_LATENCY);
    expect(histogram.count).toBe(1);
  });

  it('finds the one slow request of a hundred above the 99th percentile, and two in it', () => {
    const fast = Array.from({ length: 98 }, () => 10);
    expect(histogramOf([...fast, 10, 900]).percentile(0.99)).toBeLessThan(11);
    expect(histogramOf([...fast, 900, 900]).percentile(0.99)).toBeGreaterThan(890);
  });
});

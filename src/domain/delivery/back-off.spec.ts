import { describe, expect, it } from 'vitest';
import { LONGEST_TRY, nextWait } from './back-off.js';

const waits = (chance: number): number[] =>
  Array.from({ length: LONGEST_TRY - 1 }, (_, failed) => nextWait(failed + 1, chance) ?? Number.NaN);

describe('nextWait', () => {
  it('grows from ten seconds to an hour', () => {
    const plain = waits(0.5).map(Math.round);
    expect(plain.slice(0, 8)).toEqual([10, 30, 90, 270, 810, 2_430, 3_600, 3_600]);
    expect(Math.max(...plain)).toBe(3_600);
  });

  it('gives up after about a day', () => {
    const total = waits(0.5).reduce((sum, wait) => sum + wait, 0);
    expect(total).toBeGreaterThan(22 * 3_600);
    expect(total).toBeLessThanOrEqual(24 * 3_600);
    expect(nextWait(LONGEST_TRY, 0.5)).toBeNull();
    expect(nextWait(LONGEST_TRY + 100, 0.5, 60)).toBeNull();
  });

  it('is spread by a fifth to either side', () => {
    expect(nextWait(1, 0)).toBeCloseTo(8);
    expect(nextWait(1, 1)).toBeCloseTo(12);
  });

  it('is no shorter than what the receiver asks for, up to an hour', () => {
    expect(nextWait(1, 0.5, 900)).toBe(900);
    expect(nextWait(1, 0.5, 1)).toBeCloseTo(10);
    expect(nextWait(1, 0.5, 86_400)).toBe(3_600);
  });
});

import { describe, expect, it } from 'vitest';
import { poolContradictions, type PoolNumbers } from './pool-contradictions.js';

const GOOD: PoolNumbers = {
  minHosts: 1,
  maxHosts: 4,
  desiredHosts: 2,
  scaleToZero: false,
  memoryMb: 4096,
  cpus: 2,
};

const faultsOf = (change: Partial<PoolNumbers>): string[] =>
  poolContradictions({ ...GOOD, ...change }).map(({ field, message }) => `${field} ${message}`);

describe('the settings of a pool', () => {
  it('may agree', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ memoryMb: null, cpus: null })).toEqual([]);
    expect(faultsOf({ minHosts: 0, maxHosts: 0, desiredHosts: 0, scaleToZero: true })).toEqual([]);
    expect(faultsOf({ minHosts: 4, desiredHosts: 4 })).toEqual([]);
  });

  it.each([
    [{ minHosts: 5 }, 'min_hosts is 5, but should be at most max_hosts, which is 4.'],
    [{ desiredHosts: 5 }, 'desired_hosts is 5, but should be within min_hosts and max_hosts, 1 to 4.'],
    [{ desiredHosts: 0 }, 'desired_hosts is 0, but should be within min_hosts and max_hosts, 1 to 4.'],
    [{ scaleToZero: true }, 'scale_to_zero is true, but min_hosts is 1: a pool that may be empty has min_hosts 0.'],
    [
      { minHosts: 0, maxHosts: 0, desiredHosts: 0 },
      'max_hosts is 0, but should be 1 or more: only with scale_to_zero may a pool be empty.',
    ],
    [{ cpus: null }, 'cpus is required where memory_mb is given: say both, or neither.'],
    [{ memoryMb: null }, 'memory_mb is required where cpus is given: say both, or neither.'],
  ])('contradict themselves: %j', (change, fault) => {
    expect(faultsOf(change)).toEqual([fault]);
  });
});

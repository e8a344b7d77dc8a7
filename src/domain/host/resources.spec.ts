import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addResources, cpusOf, freeResources, microCpus } from './resources.js';

describe('resources', () => {
  it('add cores without the error of floating point', () => {
    expect(addResources({ memoryMb: 1, cpus: 0.1 }, { memoryMb: 2, cpus: 0.2 })).toEqual({ memoryMb: 3, cpus: 0.3 });
  });

  it('keep millionths of a core through both conversions', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (micro) => {
        expect(microCpus(cpusOf(micro))).toBe(micro);
      }),
    );
  });

  it('leave what is not reserved, and never less than nothing', () => {
    const capacity = { memoryMb: 1024, cpus: 1 };
    expect(freeResources(capacity, { memoryMb: 1000, cpus: 0.9 })).toEqual({ memoryMb: 24, cpus: 0.1 });
    expect(freeResources(capacity, { memoryMb: 2000, cpus: 3 })).toEqual({ memoryMb: 0, cpus: 0 });
  });
});

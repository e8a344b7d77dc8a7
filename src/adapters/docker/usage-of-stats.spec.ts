import { describe, expect, it } from 'vitest';
import { type StatsAnswer, usageOfStats } from './usage-of-stats.js';

const MIB = 1024 * 1024;

/** Half a core of a machine with 4, in the second between two looks. */
const HALF_A_CORE: StatsAnswer = {
  precpu_stats: { cpu_usage: { total_usage: 1e9 }, system_cpu_usage: 100e9, online_cpus: 4 },
  cpu_stats: { cpu_usage: { total_usage: 1.5e9 }, system_cpu_usage: 104e9, online_cpus: 4 },
  memory_stats: { usage: 96 * MIB, stats: { total_inactive_file: 32 * MIB } },
};

describe('usageOfStats', () => {
  it('is cores and MiB without the cache of files, under both kinds of control groups', () => {
    expect(usageOfStats(HALF_A_CORE)).toEqual({ cpus: 0.5, memoryMb: 64 });
    const v2 = { usage: 96 * MIB, stats: { inactive_file: 16 * MIB } };
    expect(usageOfStats({ ...HALF_A_CORE, memory_stats: v2 })).toEqual({ cpus: 0.5, memoryMb: 80 });
  });

  it.each<[string, StatsAnswer]>([
    ['one that does not run', { cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }],
    ['a first look alone', { ...HALF_A_CORE, precpu_stats: { cpu_usage: { total_usage: 0 } } }],
    [
      'one that was started again between the looks',
      {
        ...HALF_A_CORE,
        cpu_stats: { cpu_usage: { total_usage: 1e6 }, system_cpu_usage: 104e9, online_cpus: 4 },
      },
    ],
    ['nothing', {}],
  ])('is null of %s', (_of, stats) => expect(usageOfStats(stats)).toBeNull());
});

import type { ContainerUsage } from '../../ports/docker-hosts.js';

/** What is read of one answer of `GET /containers/NAME/stats?stream=false`, which is two looks a second apart. */
export interface StatsAnswer {
  readonly cpu_stats?: CpuLook;
  readonly precpu_stats?: CpuLook;
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
}

interface CpuLook {
  /** Nanoseconds that the container had since its start. */
  readonly cpu_usage?: { readonly total_usage?: number };
  /** Nanoseconds that the machine had, of all its cores. */
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

const MIB = 1024 * 1024;

/**
 * What a container uses, as `docker stats` counts it: https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerStats
 * Null of one that does not run, and where either look is missing.
 */
export function usageOfStats({
  cpu_stats: now,
  precpu_stats: before,
  memory_stats: memory,
}: StatsAnswer): ContainerUsage | null {
  const own = difference(now?.cpu_usage?.total_usage, before?.cpu_usage?.total_usage);
  const machine = difference(now?.system_cpu_usage, before?.system_cpu_usage);
  if (own === null || machine === null || machine === 0 || memory?.usage === undefined) return null;
  return { cpus: (own / machine) * (now?.online_cpus ?? 1), memoryMb: (memory.usage - cached(memory.stats)) / MIB };
}

/** Null where one of the two is missing, or the later is the lower one: the container was started again between them. */
function difference(now: number | undefined, before: number | undefined): number | null {
  if (now === undefined || before === undefined || now < before) return null;
  return now - before;
}

/** Files that the kernel keeps as long as nobody needs the memory; cgroup v1 and v2 name them differently. */
function cached(stats: Readonly<Record<string, number>> = {}): number {
  return stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0;
}

import type { Resources } from '../host/host.js';
import { microCpus } from '../host/resources.js';
import type { Instance } from '../instance/instance.js';

/**
 * Which of the planned instances have room on their hosts now, by id. One of an earlier wave keeps its room also while
 * it may not start yet: else a quick worker would take what a slow one was promised, and both would wait for ever.
 * `room` is what is free for all of them; a host that is not in it is not asked.
 */
export function fittingOf(planned: readonly Instance[], room: ReadonlyMap<string, Resources>): ReadonlySet<string> {
  const taken = new Map<string, Resources>();
  const fitting = new Set<string>();
  for (const { id, host, spec } of [...planned].sort(byWave)) {
    const before = taken.get(host) ?? { memoryMb: 0, cpus: 0 };
    const { memoryMb, cpus } = spec.resources;
    const own = { memoryMb: before.memoryMb + memoryMb, cpus: before.cpus + cpus };
    taken.set(host, own);
    if (isWithin(own, room.get(host))) fitting.add(id);
  }
  return fitting;
}

function isWithin({ memoryMb, cpus }: Resources, free: Resources | undefined): boolean {
  return free === undefined || (memoryMb <= free.memoryMb && microCpus(cpus) <= microCpus(free.cpus));
}

function byWave(one: Instance, other: Instance): number {
  const worker = one.workerId === other.workerId ? 0 : one.workerId < other.workerId ? -1 : 1;
  return one.wave - other.wave || worker || one.slot - other.slot || one.attempt - other.attempt;
}

import type { FieldError } from '../kernel/errors.js';

/** What of a pool must agree. */
export interface PoolNumbers {
  readonly minHosts: number;
  readonly maxHosts: number;
  readonly desiredHosts: number;
  readonly scaleToZero: boolean;
  readonly memoryMb: number | null;
  readonly cpus: number | null;
}

/** What contradicts itself in the settings of a pool, each with the way out; nothing where all is well. */
export function poolContradictions(pool: PoolNumbers): FieldError[] {
  return [limitsFault(pool), zeroFault(pool), desiredFault(pool), offerFault(pool)].flatMap((fault) => fault ?? []);
}

function limitsFault({ minHosts, maxHosts }: PoolNumbers): FieldError | null {
  if (minHosts <= maxHosts) return null;
  return { field: 'min_hosts', message: `is ${minHosts}, but should be at most max_hosts, which is ${maxHosts}.` };
}

function zeroFault({ minHosts, maxHosts, scaleToZero }: PoolNumbers): FieldError | null {
  if (scaleToZero && minHosts > 0)
    return {
      field: 'scale_to_zero',
      message: `is true, but min_hosts is ${minHosts}: a pool that may be empty has min_hosts 0.`,
    };
  if (!scaleToZero && maxHosts === 0)
    return {
      field: 'max_hosts',
      message: 'is 0, but should be 1 or more: only with scale_to_zero may a pool be empty.',
    };
  return null;
}

function desiredFault({ minHosts, maxHosts, desiredHosts }: PoolNumbers): FieldError | null {
  if (minHosts > maxHosts || (desiredHosts >= minHosts && desiredHosts <= maxHosts)) return null;
  return {
    field: 'desired_hosts',
    message: `is ${desiredHosts}, but should be within min_hosts and max_hosts, ${minHosts} to ${maxHosts}.`,
  };
}

function offerFault({ memoryMb, cpus }: PoolNumbers): FieldError | null {
  if ((memoryMb === null) === (cpus === null)) return null;
  return memoryMb === null
    ? { field: 'memory_mb', message: 'is required where cpus is given: say both, or neither.' }
    : { field: 'cpus', message: 'is required where memory_mb is given: say both, or neither.' };
}

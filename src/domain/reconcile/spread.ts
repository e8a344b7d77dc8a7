import type { Instance } from '../instance/instance.js';
import type { MissingInstance } from './reconcile-snapshot.js';

/**
 * How many instances of each worker a host holds, as far as they count for the spread of what is placed: only those of
 * the same deploy, because what leaves or is replaced is not there in the end.
 */
export function spreadOn(
  host: string,
  instances: readonly Instance[],
  missing: readonly MissingInstance[],
): ReadonlyMap<string, number> {
  const deploys = new Set(missing.map(({ deployId }) => deployId));
  const counts = new Map<string, number>();
  for (const each of instances)
    if (each.host === host && each.desired === 'running' && each.state !== 'failed' && deploys.has(each.deployId))
      counts.set(each.workerId, (counts.get(each.workerId) ?? 0) + 1);
  return counts;
}

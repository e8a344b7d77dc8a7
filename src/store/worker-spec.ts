import { splitCommand } from '../domain/worker/split-command.js';
import { DEFAULT_WEB_PORT, WEB_WORKER, type WorkerSpec } from '../domain/worker/worker.js';
import type { WorkerRow } from './entities/index.js';

/** Time that a worker without traffic has to run before it counts as healthy: long enough to see a crash at start. */
const MIN_RUNNING_SECONDS = 2;

/** The spec of a worker as it is stored. Only `web` takes traffic, is checked over HTTP and drained. */
export function specOf(row: WorkerRow): WorkerSpec {
  const web = row.name === WEB_WORKER;
  const every = { intervalSeconds: row.healthIntervalSeconds, timeoutSeconds: row.healthTimeoutSeconds };
  return {
    name: row.name,
    command: splitCommand(row.command),
    port: web ? (row.port ?? DEFAULT_WEB_PORT) : null,
    resources: { memoryMb: row.memoryMb, cpus: row.cpus },
    check: web ? { kind: 'http', path: row.healthPath, ...every } : { kind: 'running', ...every },
    healthDeadlineSeconds: row.healthDeadlineSeconds,
    minHealthySeconds: web ? 0 : MIN_RUNNING_SECONDS,
    drainSeconds: web ? row.drainSeconds : 0,
    stopGraceSeconds: row.stopGraceSeconds,
  };
}

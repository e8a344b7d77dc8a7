import type { RolloutPolicy } from '../domain/rollout/rollout-policy.js';
import { splitCommand } from '../domain/worker/split-command.js';
import { DEFAULT_WEB_PORT, type RouteProbe, WEB_WORKER, type WorkerSpec } from '../domain/worker/worker.js';
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
    stopSignal: row.stopSignal,
    policy: policyOf(row),
    probe: probeOf(row),
  };
}

/** How a worker is rolled out, as it is stored. */
export function policyOf(row: WorkerRow): RolloutPolicy {
  return {
    strategy: row.strategy,
    parallelism: row.parallelism,
    delaySeconds: row.batchDelaySeconds,
    monitorSeconds: row.monitorSeconds,
    progressDeadlineSeconds: row.progressDeadlineSeconds,
    allowedFailures: row.allowedFailures,
    onFailure: row.onFailure,
    canaryPercent: row.canaryPercent,
    canaryPauseSeconds: row.canaryPauseSeconds,
  };
}

function probeOf({ probeUrl, probeHost, probeAllowedFailures }: WorkerRow): RouteProbe | null {
  return probeUrl === null ? null : { url: probeUrl, host: probeHost, allowedFailures: probeAllowedFailures };
}

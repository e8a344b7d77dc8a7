import type { WorkerRow } from '../../store/entities/index.js';
import type { PlacesSeen } from '../../store/repositories/places.js';
import { specOf } from '../../store/worker-spec.js';
import { placeViewOf } from '../apps/place-view.js';
import type { WorkerPolicyDto } from './worker-policy.dto.js';
import type { WorkerDto } from './worker.dto.js';

/** A worker as the API shows it; `notice` is of one that scales itself. */
export function viewOf(row: WorkerRow, places: PlacesSeen, notice: string | null): WorkerDto {
  return {
    id: row.id,
    name: row.name,
    command: row.command,
    scale: row.scale,
    scaling_notice: notice,
    ...placeViewOf(row, places),
    port: specOf(row).port,
    memory_mb: row.memoryMb,
    cpus: row.cpus,
    health_path: row.healthPath,
    health_interval_seconds: row.healthIntervalSeconds,
    health_timeout_seconds: row.healthTimeoutSeconds,
    health_deadline_seconds: row.healthDeadlineSeconds,
    drain_seconds: row.drainSeconds,
    stop_grace_seconds: row.stopGraceSeconds,
    may_move: row.mayMove,
    ...policyViewOf(row),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function policyViewOf(row: WorkerRow): WorkerPolicyDto {
  return {
    stop_signal: row.stopSignal,
    strategy: row.strategy,
    parallelism: row.parallelism,
    batch_delay_seconds: row.batchDelaySeconds,
    monitor_seconds: row.monitorSeconds,
    progress_deadline_seconds: row.progressDeadlineSeconds,
    allowed_failures: row.allowedFailures,
    on_failure: row.onFailure,
    canary_percent: row.canaryPercent,
    canary_pause_seconds: row.canaryPauseSeconds,
    probe_url: row.probeUrl,
    probe_host: row.probeHost,
    probe_allowed_failures: row.probeAllowedFailures,
  };
}

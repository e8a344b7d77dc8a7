import type { WorkerRow } from '../../store/entities/index.js';
import type { Names } from '../../store/repositories/names.js';
import { specOf } from '../../store/worker-spec.js';
import type { WorkerDto } from './worker.dto.js';

/** A worker as the API shows it. */
export function viewOf(
  row: WorkerRow,
  { apps, environments }: { readonly apps: Names; readonly environments: Names },
): WorkerDto {
  return {
    id: row.id,
    name: row.name,
    command: row.command,
    scale: row.scale,
    app: apps.get(row.appId) ?? '',
    environment: environments.get(row.environmentId) ?? '',
    port: specOf(row).port,
    memory_mb: row.memoryMb,
    cpus: row.cpus,
    health_path: row.healthPath,
    health_interval_seconds: row.healthIntervalSeconds,
    health_timeout_seconds: row.healthTimeoutSeconds,
    health_deadline_seconds: row.healthDeadlineSeconds,
    drain_seconds: row.drainSeconds,
    stop_grace_seconds: row.stopGraceSeconds,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

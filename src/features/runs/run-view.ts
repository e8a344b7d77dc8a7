import { releaseName } from '../../domain/release/release-facts.js';
import type { InstanceRow, ReleaseRow, RunRow } from '../../store/entities/index.js';
import type { PlacesSeen } from '../../store/repositories/places.js';
import { placeViewOf } from '../apps/place-view.js';
import type { RunDto } from './run.dto.js';

/** What stands around runs, by id. */
export interface RunsSeen extends PlacesSeen {
  readonly releases: ReadonlyMap<string, ReleaseRow>;
  readonly instances: ReadonlyMap<string, InstanceRow>;
}

/** A run as it stands on the wire, its texts as they are. */
export function viewOf(run: RunRow, seen: RunsSeen): RunDto {
  const release = seen.releases.get(run.releaseId ?? '');
  const instance = seen.instances.get(run.instanceId ?? '');
  return {
    id: run.id,
    kind: run.kind,
    ...placeViewOf(run, seen),
    release: release === undefined ? null : { id: release.id, name: releaseName(release) },
    instance: instance === undefined ? null : { id: instance.id, name: instance.containerName },
    worker: run.worker,
    command: [...run.command],
    interactive: run.interactive,
    input: run.input,
    detach: run.detached,
    state: run.state,
    outcome: run.outcome,
    exit_code: run.exitCode,
    signal: run.signal,
    failure_reason: run.failureReason,
    waiting_for: run.waitingFor,
    host: run.host,
    requested_by: run.requestedBy,
    memory_mb: run.memoryMb,
    cpus: run.cpus,
    time_limit_seconds: run.timeLimitSeconds,
    created_at: run.createdAt.toISOString(),
    started_at: run.startedAt?.toISOString() ?? null,
    completed_at: run.completedAt?.toISOString() ?? null,
  };
}

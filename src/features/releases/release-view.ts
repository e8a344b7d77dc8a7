import { releaseName } from '../../domain/release/release-facts.js';
import type { WorkerSpec } from '../../domain/worker/worker.js';
import type { BuildRow, ReleaseRow } from '../../store/entities/index.js';
import type { ReleasesSeen } from '../../store/repositories/around-releases.js';
import { placeViewOf } from '../apps/place-view.js';
import { viewOf as buildViewOf } from '../builds/build-view.js';
import type { ReleaseDto, ReleaseWorkerDto } from './release.dto.js';

/** A release as it stands on the wire. The variables of its Config Set are not in it. */
export function viewOf(release: ReleaseRow, seen: ReleasesSeen): ReleaseDto {
  const source = seen.sources.get(release.fromReleaseId ?? '');
  return {
    id: release.id,
    number: releaseName(release),
    ...placeViewOf(release, seen),
    deploy_id: release.deployId,
    build: buildViewOf(seen.builds.get(release.buildId) as BuildRow, seen),
    image: release.image,
    rref: release.sha,
    config_version: seen.configVersions.get(release.configVersionId ?? '') ?? null,
    workers: release.workers.map(workerOf),
    kind: release.kind,
    from: source === undefined ? null : releaseName(source),
    from_environment: seen.environments.get(source?.environmentId ?? '')?.name ?? null,
    current: seen.current.has(release.deployId),
    created_at: release.createdAt.toISOString(),
  };
}

function workerOf(spec: WorkerSpec): ReleaseWorkerDto {
  return {
    name: spec.name,
    command: [...spec.command],
    port: spec.port,
    memory_mb: spec.resources.memoryMb,
    cpus: spec.resources.cpus,
    health_path: spec.check.kind === 'http' ? spec.check.path : null,
    drain_seconds: spec.drainSeconds,
    stop_signal: spec.stopSignal,
    stop_grace_seconds: spec.stopGraceSeconds,
  };
}

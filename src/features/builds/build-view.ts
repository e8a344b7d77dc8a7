import type { AppRow, BuildRow } from '../../store/entities/index.js';
import type { AppsSeen } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import type { Provenance } from '../../domain/build/provenance.js';
import type { BuildDto } from './build.dto.js';
import type { ProvenanceDto } from './provenance.dto.js';

/** A build as it stands on the wire. */
export function viewOf(build: BuildRow, { apps, stacks }: AppsSeen): BuildDto {
  return {
    id: build.id,
    app: appViewOf(apps.get(build.appId) as AppRow, stacks),
    ref: build.ref,
    rref: build.rref,
    branch: build.branch,
    state: build.state,
    phase: build.phase,
    outcome: build.outcome,
    image: build.image,
    failure_reason: build.failureReason,
    method: build.method,
    method_reason: build.methodReason,
    process_types: build.processTypes.map(({ name, command }) => ({ name, command })),
    provenance: build.provenance === null ? null : provenanceViewOf(build.provenance),
    requested_by: build.requestedBy,
    cancel_reason: build.cancelReason,
    callback_url: build.callbackUrl,
    container_host: build.containerHost,
    container_id: build.containerId,
    attempts: build.attempts,
    host_losses: build.hostLosses,
    created_at: build.createdAt.toISOString(),
    started_at: build.startedAt?.toISOString() ?? null,
    completed_at: build.completedAt?.toISOString() ?? null,
    log_removed_at: build.logRemovedAt?.toISOString() ?? null,
    image_removed_at: build.imageRemovedAt?.toISOString() ?? null,
  };
}

function provenanceViewOf(provenance: Provenance): ProvenanceDto {
  return {
    source: provenance.source,
    sha: provenance.sha,
    builder: provenance.builder,
    base_images: [...provenance.baseImages],
    host: provenance.host,
    requested_by: provenance.requestedBy,
    started_at: provenance.startedAt,
    finished_at: provenance.finishedAt,
  };
}

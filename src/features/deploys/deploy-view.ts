import type { InstanceFailure } from '../../domain/instance/instance.js';
import { releaseName } from '../../domain/release/release-facts.js';
import type { AppRow, BuildRow, DeployRow, EnvironmentRow, InstanceRow } from '../../store/entities/index.js';
import { type DeploysSeen, isWaiting } from '../../store/repositories/around-deploys.js';
import { isSettled } from '../../store/repositories/deploys.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import { viewOf as buildViewOf } from '../builds/build-view.js';
import type { DeployDto, ProbeDto, ReleaseCommandDto } from './deploy.dto.js';
import { waitsForRoomOf } from './room.dto.js';
import type { DeployFailureDto, FailureDto, InstanceDto } from './instance.dto.js';

/** A deploy as it stands on the wire. The variables of its Config Set are not in it. */
export function viewOf(deploy: DeployRow, seen: DeploysSeen): DeployDto {
  const environment = seen.environments.get(deploy.environmentId) as EnvironmentRow;
  return {
    id: deploy.id,
    state: deploy.state,
    outcome: isSettled(deploy) ? deploy.outcome : null,
    kind: deploy.kind,
    release: nameOf(seen.made.get(deploy.id)),
    from_release: nameOf(seen.sources.get(deploy.fromReleaseId ?? '')),
    queued: isWaiting(deploy),
    position: seen.positions.get(deploy.id) ?? null,
    automatic: deploy.automatic,
    build: buildViewOf(seen.builds.get(deploy.buildId ?? '') as BuildRow, seen),
    environment: { id: environment.id, name: environment.name },
    app: appViewOf(seen.apps.get(deploy.appId) as AppRow, seen.stacks),
    rref: deploy.rref,
    created_at: deploy.createdAt.toISOString(),
    updated_at: deploy.updatedAt.toISOString(),
    completed_at: timeOf(deploy.completedAt),
    failure_reason: deploy.failureReason,
    failure: deploy.failure === null ? null : deployFailureOf(deploy.failure),
    waits_for_room: waitsForRoomOf(deploy),
    paused_because: deploy.pausedBecause,
    cancel_requested_at: timeOf(deploy.cancelRequestedAt),
    release_command: releaseCommandOf(deploy),
    probe: probeOf(deploy),
    container_host: deploy.containerHost,
    container_id: deploy.containerId,
    callback_url: deploy.callbackUrl,
  };
}

/** An instance as it stands on the wire. */
export function instanceOf(row: InstanceRow): InstanceDto {
  return {
    id: row.containerName,
    worker: row.spec.name,
    slot: row.slot,
    host: row.host,
    port: row.hostPort,
    state: row.state,
    failure: row.failure === null ? null : failureOf(row.failure),
  };
}

function nameOf(number: number | undefined): string | null {
  return number === undefined ? null : releaseName({ number });
}

function timeOf(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}

function releaseCommandOf({ releaseCommand }: DeployRow): ReleaseCommandDto | null {
  if (releaseCommand === null) return null;
  const { state, host, exitCode } = releaseCommand;
  return { state, host, exit_code: exitCode };
}

function probeOf({ probe }: DeployRow): ProbeDto | null {
  if (probe === null) return null;
  const { requests, failures, p99Ms, lastFailure } = probe;
  return { requests, failures, p99_ms: p99Ms, last_failure: lastFailure };
}

function deployFailureOf(failure: NonNullable<DeployRow['failure']>): DeployFailureDto {
  return { ...failureOf(failure), instance: failure.instance, host: failure.host };
}

/** Failures that were kept before signals and checks were have neither. */
function failureOf(failure: InstanceFailure): FailureDto {
  const { signal = null, lastChecks = [] } = failure as Partial<InstanceFailure>;
  return {
    cause: failure.cause,
    kind: failure.kind,
    exit_code: failure.exitCode,
    signal,
    out_of_memory: failure.outOfMemory,
    last_check: failure.lastCheck,
    last_checks: [...lastChecks],
    last_lines: [...failure.lastLines],
  };
}

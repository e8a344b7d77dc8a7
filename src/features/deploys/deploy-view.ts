import type { InstanceFailure } from '../../domain/instance/instance.js';
import type { AppRow, BuildRow, DeployRow, EnvironmentRow, InstanceRow } from '../../store/entities/index.js';
import type { AppsSeen } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import { viewOf as buildViewOf } from '../builds/build-view.js';
import type { DeployDto, FailureDto, InstanceDto } from './deploy.dto.js';

/** What stands around deploys. */
export interface DeploysSeen extends AppsSeen {
  readonly environments: ReadonlyMap<string, EnvironmentRow>;
  readonly builds: ReadonlyMap<string, BuildRow>;
}

/** A deploy as it stands on the wire. The variables of its Config Set are not in it. */
export function viewOf(deploy: DeployRow, seen: DeploysSeen): DeployDto {
  const environment = seen.environments.get(deploy.environmentId) as EnvironmentRow;
  return {
    id: deploy.id,
    state: deploy.state,
    outcome: deploy.outcome,
    build: buildViewOf(seen.builds.get(deploy.buildId ?? '') as BuildRow, seen),
    environment: { id: environment.id, name: environment.name },
    app: appViewOf(seen.apps.get(deploy.appId) as AppRow, seen.stacks),
    rref: deploy.rref,
    created_at: deploy.createdAt.toISOString(),
    updated_at: deploy.updatedAt.toISOString(),
    completed_at: deploy.completedAt?.toISOString() ?? null,
    failure_reason: deploy.failureReason,
    failure: deploy.failure === null ? null : failureOf(deploy.failure),
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

function failureOf(failure: InstanceFailure): FailureDto {
  return {
    cause: failure.cause,
    kind: failure.kind,
    exit_code: failure.exitCode,
    out_of_memory: failure.outOfMemory,
    last_check: failure.lastCheck,
    last_lines: [...failure.lastLines],
  };
}

import { type DeployState, IN_PROGRESS_DEPLOY_STATES } from '../../domain/deploy/deploy-lifecycle.js';
import type { InstanceFailure } from '../../domain/instance/instance.js';
import type { AppRow, BuildRow, DeployRow, EnvironmentRow, InstanceRow } from '../../store/entities/index.js';
import type { AppsSeen } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import { viewOf as buildViewOf } from '../builds/build-view.js';
import type { DeployDto, DeployFailureDto, FailureDto, InstanceDto } from './deploy.dto.js';

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
    failure: deploy.failure === null ? null : deployFailureOf(deploy.failure),
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

/** What a caller may not expect of a deploy; null where all is plain. */
export function noticeOf(
  state: DeployState,
  { instances, scale }: { instances: number; scale: number },
): string | null {
  const inProgress = (IN_PROGRESS_DEPLOY_STATES as readonly string[]).includes(state);
  if (state === 'deployed' && instances === 0) return `Nothing was started: every worker was at scale 0. ${TO_START}`;
  if (inProgress && instances === 0 && scale === 0)
    return `Nothing will be started: there is no worker with a scale above 0. ${TO_START}`;
  return null;
}

const TO_START = 'PUT /workers/rescale gives one a scale, and its instances are started then.';

function deployFailureOf(failure: NonNullable<DeployRow['failure']>): DeployFailureDto {
  return { ...failureOf(failure), instance: failure.instance, host: failure.host };
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

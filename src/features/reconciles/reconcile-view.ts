import type { WantedRestart } from '../../domain/reconcile/wanted-restart.js';
import type { ReconcileStep } from '../../domain/reconcile/reconcile-step.js';
import type { AppRow, EnvironmentRow, ReconcileRow } from '../../store/entities/index.js';
import type { Names } from '../../store/repositories/names.js';
import type { AppsSeen } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import type { ReconcileDto, RestartDto } from './reconcile.dto.js';

/** What stands around reconciles. */
export interface ReconcilesSeen extends AppsSeen {
  readonly environments: ReadonlyMap<string, EnvironmentRow>;
  readonly workers: Names;
}

/** What a preview is of. */
export interface Previewed {
  readonly environment: EnvironmentRow;
  readonly app: AppRow | null;
  readonly plan: readonly ReconcileStep[];
}

/** A reconcile as it stands on the wire. */
export function viewOf(reconcile: ReconcileRow, { apps, stacks, environments, workers }: ReconcilesSeen): ReconcileDto {
  const environment = environments.get(reconcile.environmentId) as EnvironmentRow;
  const app = reconcile.appId === null ? null : (apps.get(reconcile.appId) as AppRow);
  const settledAt = reconcile.completedAt?.toISOString() ?? null;
  return {
    id: reconcile.id,
    environment: { id: environment.id, name: environment.name },
    app: app === null ? null : appViewOf(app, stacks),
    state: reconcile.state,
    plan: [...reconcile.plan],
    restart: reconcile.restart === null ? null : restartOf(reconcile.restart, workers),
    failure_reason: reconcile.failureReason,
    callback_url: reconcile.callbackUrl,
    created_at: reconcile.createdAt.toISOString(),
    updated_at: settledAt ?? reconcile.createdAt.toISOString(),
    completed_at: settledAt,
  };
}

function restartOf({ workerId, onlyUnhealthy }: WantedRestart, workers: Names): RestartDto {
  return { worker: workerId === null ? null : (workers.get(workerId) ?? null), only_unhealthy: onlyUnhealthy };
}

/** A preview as it stands on the wire: it is not kept, so it has no id. */
export function previewOf({ environment, app, plan }: Previewed, { stacks }: AppsSeen): ReconcileDto {
  const now = new Date().toISOString();
  return {
    id: null,
    environment: { id: environment.id, name: environment.name },
    app: app === null ? null : appViewOf(app, stacks),
    state: 'preview',
    plan: [...plan],
    restart: null,
    failure_reason: null,
    callback_url: null,
    created_at: now,
    updated_at: now,
    completed_at: null,
  };
}

import type { AppRow, BuildRow } from '../../store/entities/index.js';
import type { AppsSeen } from '../../store/repositories/views.js';
import { viewOf as appViewOf } from '../apps/app-view.js';
import type { BuildDto } from './build.dto.js';

/** A build as it stands on the wire. */
export function viewOf(build: BuildRow, { apps, stacks }: AppsSeen): BuildDto {
  return {
    id: build.id,
    app: appViewOf(apps.get(build.appId) as AppRow, stacks),
    ref: build.ref,
    rref: build.rref,
    state: build.state,
    image: build.image,
    failure_reason: build.failureReason,
    callback_url: build.callbackUrl,
    container_host: build.containerHost,
    container_id: build.containerId,
    created_at: build.createdAt.toISOString(),
    completed_at: build.completedAt?.toISOString() ?? null,
  };
}

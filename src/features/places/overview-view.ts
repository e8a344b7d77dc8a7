import type { OverviewDeploy, OverviewRow } from '../../store/repositories/place-overview.js';
import type { PlaceDeployDto, PlaceDto } from './place.dto.js';

/** A place as the API shows it. */
export function viewOf(row: OverviewRow): PlaceDto {
  const { app, environment, release, deploy, lastDeploy, hold, workers } = row;
  return {
    app,
    environment,
    condition: conditionOf(row),
    release:
      release === null ? null : { number: `v${release.number}`, rref: release.sha, since: inUtc(release.createdAt) },
    deploy: deployOf(deploy),
    last_deploy: deployOf(lastDeploy),
    hold,
    workers: workers.map((worker) => ({ ...worker, hosts: [...worker.hosts] })),
  };
}

/** All of it in one word: what somebody should look at comes first. */
export function conditionOf({ release, deploy, lastDeploy, hold, workers }: OverviewRow): string {
  if (deploy !== null) return 'deploying';
  if (release !== null && workers.some(({ wanted, healthy }) => healthy < wanted)) return 'failing';
  if (lastDeploy?.state === 'failed' && !WITHDRAWN.has(lastDeploy.outcome ?? '')) return 'failed';
  if (hold !== null) return 'held';
  return release !== null && workers.some(({ wanted }) => wanted > 0) ? 'running' : 'idle';
}

/** What nobody wanted any more has not failed. */
const WITHDRAWN = new Set(['canceled', 'superseded']);

function deployOf(deploy: OverviewDeploy | null): PlaceDeployDto | null {
  if (deploy === null) return null;
  const { id, state, outcome, kind, rref, failureReason, pausedBecause, createdAt, completedAt } = deploy;
  return {
    ...{ id, state, outcome, kind, rref, failure_reason: failureReason, paused_because: pausedBecause },
    created_at: inUtc(createdAt),
    completed_at: completedAt === null ? null : inUtc(completedAt),
  };
}

/** Postgres writes times into JSON with the offset of its session. */
const inUtc = (time: string): string => new Date(time).toISOString();

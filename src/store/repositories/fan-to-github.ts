import type { EntityManager } from 'typeorm';
import type { EventKind } from '../../domain/event/event-kind.js';
import type { EventRow } from '../entities/index.js';

/** What GitHub is told by: a mark on the commit, a deployment, the tag of an environment. */
export const GITHUB_KEYS = ['status', 'deployment', 'tag'] as const;

/** One of {@link GITHUB_KEYS}. */
export type GithubKey = (typeof GITHUB_KEYS)[number];

const STATUS: readonly GithubKey[] = ['status'];
const BOTH: readonly GithubKey[] = ['status', 'deployment'];

/** What is told of which event. */
const TOLD: Partial<Record<EventKind, readonly GithubKey[]>> = {
  'build.started': STATUS,
  'build.completed': STATUS,
  'build.failed': STATUS,
  'deploy.created': BOTH,
  'deploy.deploying': BOTH,
  'deploy.paused': STATUS,
  'deploy.deployed': GITHUB_KEYS,
  'deploy.failed': BOTH,
  'deploy.stopped': ['deployment'],
};

/**
 * GitHub, of the builds and deploys of an app that says so and is on GitHub. Each of the three goes its own way, so that a
 * right that the token lacks for one keeps none of the others; in one way, what happened first is told first.
 */
export async function toGithub(manager: EntityManager, event: EventRow): Promise<void> {
  const keys = TOLD[event.kind];
  if (keys === undefined) return;
  const { id, appId, environmentId, subject } = event;
  const lane = subject === 'build' ? `github ${appId} builds` : `github ${appId} ${environmentId}`;
  await manager.query(
    `INSERT INTO deliveries (event_id, channel, key, lane, app_id, environment_id)
     SELECT $1, 'github', told.key, $2 || ' ' || told.key, app.id, $3::bigint
     FROM apps app, unnest($4::text[]) AS told (key)
     WHERE app.id = $5 AND app.report_to_github AND app.git_url IS NULL
     ON CONFLICT DO NOTHING`,
    [id, lane, environmentId, keys, appId],
  );
}

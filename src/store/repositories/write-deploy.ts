import type { EntityManager } from 'typeorm';
import { IN_PROGRESS_DEPLOY_STATES, type QueueMode } from '../../domain/deploy/deploy-lifecycle.js';
import { DomainError } from '../../domain/kernel/errors.js';
import { BuildRow, DeployRow, EnvironmentRow } from '../entities/index.js';
import { deploysInProgress } from './deploys-in-progress.js';
import { refuseWhileHeld } from './holds.js';
import { lockApp } from './lock-app.js';
import { type DeployPlace, lockDeploys } from './lock-deploys.js';
import { presentTrace } from '../present-trace.js';
import { tellOfDeploys } from './tell.js';

/** So many deploys of an app may wait in an environment: more is a loop that asks without end. */
export const LONGEST_QUEUE = 100;

/** What a new deploy does while another is in progress: it is refused, waits, or takes the other's place. */
export type WhenBusy = 'refuse' | 'queue' | 'force';

/** What a deploy rolls out. */
export type Chosen = Pick<DeployRow, 'rref' | 'kind' | 'fromReleaseId'> & { readonly buildId: string };

/** What a deploy is asked for with. */
export interface WantedDeploy extends DeployPlace {
  readonly callbackUrl: string | null;
  /** Nobody asked for it: a hold keeps it out. */
  readonly automatic: boolean;
  readonly whenBusy: WhenBusy;
  /** It rolls out nothing of its own, so those that wait need not end for it. */
  readonly besideOthers?: boolean;
  /** Says what is rolled out, when nothing else can be written here any more; `waitsFor` is what it would wait for. */
  readonly choose: (manager: EntityManager, waitsFor: DeployRow | null) => Promise<Chosen>;
}

/** A deploy as it was written. */
export interface WrittenDeploy {
  readonly deploy: DeployRow;
  /** The build that it rolls out, new or not. */
  readonly build: BuildRow;
  /** Ids of the deploys whose place it took. */
  readonly superseded: readonly string[];
}

/** Writes a deploy. Throws `resource_locked` while another is in its way, `conflict` when too many wait. */
export async function writeDeploy(manager: EntityManager, wanted: WantedDeploy): Promise<WrittenDeploy> {
  const { appId, environmentId, automatic, callbackUrl } = wanted;
  const app = await lockApp(manager, appId, 'share');
  await lockDeploys(manager, wanted);
  if (automatic) await refuseWhileHeld(manager, { app, environmentId });
  const superseded = await makeWay(manager, wanted, app.deployQueue);
  const waitsFor = await inTheWay(manager, wanted, app.name);
  const chosen = await wanted.choose(manager, waitsFor);
  const known = { appId, environmentId, callbackUrl, automatic, traceparent: presentTrace() };
  const row = { ...known, queued: waitsFor !== null, ...chosen };
  const { id } = await manager.save(DeployRow, row as DeployRow);
  await manager.query('UPDATE deploys SET failure_reason = $2 WHERE id = ANY($1)', [
    superseded,
    supersededBy(id, wanted.whenBusy),
  ]);
  await tellOfDeploys(manager, 'deploy.failed', superseded);
  await tellOfDeploys(manager, 'deploy.created', [id]);
  const deploy = await manager.findOneByOrFail(DeployRow, { id });
  return { deploy, build: await manager.findOneByOrFail(BuildRow, { id: chosen.buildId }), superseded };
}

/** Why a deploy ended whose place another took. */
export function supersededBy(id: string, how: WhenBusy): string {
  return `superseded by deploy ${id}${how === 'force' ? ' (forced)' : ', which was asked for later'}`;
}

/**
 * Ends the one in progress, where that is forced, and those that wait, where the latest wins. What instances they have
 * stay until the engine has put others in their place. One that has just succeeded stays.
 */
async function makeWay(manager: EntityManager, wanted: WantedDeploy, mode: QueueMode): Promise<readonly string[]> {
  if (wanted.whenBusy === 'refuse') return [];
  const rows = await manager.query<{ id: string }[]>(
    `WITH ended AS (
       UPDATE deploys SET state = 'failed', outcome = 'superseded', completed_at = now(), updated_at = now()
       WHERE app_id = $1 AND environment_id = $2 AND state = ANY($3) AND CASE WHEN queued THEN $4::boolean ELSE $5::boolean END
       RETURNING id)
     SELECT id FROM ended`,
    [
      wanted.appId,
      wanted.environmentId,
      IN_PROGRESS_DEPLOY_STATES,
      mode === 'latest_wins' && wanted.besideOthers !== true,
      wanted.whenBusy === 'force',
    ],
  );
  return rows.map(({ id }) => id);
}

/** The deploy that a new one has to wait for; null where it may begin. Throws where it may not wait. */
async function inTheWay(manager: EntityManager, wanted: WantedDeploy, app: string): Promise<DeployRow | null> {
  const { appId, environmentId, whenBusy } = wanted;
  if (whenBusy === 'force') return null;
  const open = await deploysInProgress(manager, { appId, environmentId });
  const first = open.find(({ queued }) => !queued) ?? open[0];
  if (first === undefined) return null;
  if (whenBusy === 'refuse') throw await lockedBy(manager, first, app);
  const waiting = open.filter(({ queued }) => queued).length;
  if (waiting < LONGEST_QUEUE) return first;
  throw new DomainError(
    'conflict',
    `${waiting} deploys of ${app} wait there already, and no more may. Cancel some with POST /deploys/:id/cancel, or set deploy_queue of the app to latest_wins.`,
  );
}

/** Says what is in the way, since when, and how to go on. */
async function lockedBy(manager: EntityManager, deploy: DeployRow, app: string): Promise<DomainError> {
  const { id, state, rref, createdAt, environmentId } = deploy;
  const environment = await manager.findOneByOrFail(EnvironmentRow, { id: environmentId });
  return new DomainError(
    'resource_locked',
    `Deploy ${id} of ${app} (${rref.slice(0, 12)}) to ${environment.name} is in progress (${state}) since ${createdAt.toISOString()}. ` +
      `Wait until GET /deploys/${id}?wait=60 says deployed or failed, or call again with queue: true to wait for it, or with force to take its place.`,
  );
}

import { type EntityManager, In } from 'typeorm';
import type { EventKind } from '../../domain/event/event-kind.js';
import { releaseName } from '../../domain/release/release-facts.js';
import {
  BuildRow,
  type ConfigSetRow,
  DeployRow,
  type HostPoolRow,
  ReconcileRow,
  ReleaseRow,
  StackRow,
} from '../entities/index.js';
import { Events } from './events.js';

/** The kinds of one family. */
type KindOf<Family extends string> = Extract<EventKind, `${Family}.${string}`>;

/** Records what became of a build, as its row says it now. */
export async function tellOfBuild(manager: EntityManager, kind: KindOf<'build'>, id: string): Promise<void> {
  const { appId, ref, rref, state, failureReason } = await manager.findOneByOrFail(BuildRow, { id });
  const data = { state, ref, rref, failure_reason: failureReason };
  await Events.record(manager, { kind, appId, environmentId: null, subject: 'build', subjectId: id, data });
}

/** Records what became of deploys, as their rows say it now, oldest first. */
export async function tellOfDeploys(
  manager: EntityManager,
  kind: KindOf<'deploy'>,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const deploys = await manager.find(DeployRow, { where: { id: In([...ids]) }, order: { id: 'ASC' } });
  for (const deploy of deploys) {
    const { id: subjectId, appId, environmentId } = deploy;
    await Events.record(manager, { kind, appId, environmentId, subject: 'deploy', subjectId, data: factsOf(deploy) });
  }
}

/** Records what became of a reconcile, as its row says it now. */
export async function tellOfReconcile(manager: EntityManager, kind: KindOf<'reconcile'>, id: string): Promise<void> {
  const { appId, environmentId, state, failureReason, restart } = await manager.findOneByOrFail(ReconcileRow, { id });
  const data = { state, restart: restart !== null, failure_reason: failureReason };
  await Events.record(manager, { kind, appId, environmentId, subject: 'reconcile', subjectId: id, data });
}

/** Records the release that a deploy made. */
export async function tellOfRelease(manager: EntityManager, deployId: string): Promise<void> {
  const release = await manager.findOneByOrFail(ReleaseRow, { deployId });
  const { id: subjectId, appId, environmentId, sha, image, kind: why } = release;
  const data = { release: releaseName(release), rref: sha, image, kind: why, deploy_id: deployId };
  await Events.record(manager, {
    kind: 'release.created',
    appId,
    environmentId,
    subject: 'release',
    subjectId,
    data,
  });
}

/** Records that a Config Set has a new version; values are never told. */
export async function tellOfConfig(
  manager: EntityManager,
  { id, appId, environmentId }: Pick<ConfigSetRow, 'id' | 'appId' | 'environmentId'>,
  { version, names }: { readonly version: number; readonly names: readonly string[] },
): Promise<void> {
  const data = { version, names: [...names].sort() };
  await Events.record(manager, {
    kind: 'config.changed',
    appId,
    environmentId,
    subject: 'config_set',
    subjectId: id,
    data,
  });
}

/** Records what became of a host pool. */
export async function tellOfPool(
  manager: EntityManager,
  kind: KindOf<'host_pool'>,
  { pool, data }: { readonly pool: HostPoolRow; readonly data: Readonly<Record<string, unknown>> },
): Promise<void> {
  const { name } = await manager.findOneByOrFail(StackRow, { id: pool.stackId });
  const of = { appId: null, environmentId: pool.environmentId, subject: 'host_pool', subjectId: pool.id } as const;
  await Events.record(manager, { kind, ...of, data: { stack: name, ...data } });
}

/** The outcome of one that is being taken back is kept before it ends; until then it has none. */
function factsOf(deploy: DeployRow): Readonly<Record<string, unknown>> {
  const { state, outcome, kind, rref, buildId, automatic, queued, failureReason, pausedBecause } = deploy;
  return {
    state,
    outcome: deploy.completedAt === null ? null : outcome,
    kind,
    rref,
    build_id: buildId,
    automatic,
    queued,
    failure_reason: failureReason,
    paused_because: pausedBecause,
  };
}

import type { DataSource } from 'typeorm';
import {
  AppRow,
  BuildRow,
  ConfigSetRow,
  ConfigVersionRow,
  DeployRow,
  EnvironmentRow,
  ReleaseRow,
  WorkerRow,
} from '../../src/store/entities/index.js';
import { specOf } from '../../src/store/worker-spec.js';
import { type Place, shaOf } from './world.js';

/** What a release is made of that a test cares for. */
export interface PutRelease {
  /** The commit, as a number. */
  readonly commit: number;
  /** The release that it brought back or promoted. */
  readonly from?: ReleaseRow;
  readonly kind?: ReleaseRow['kind'];
}

/** The next release of a place and the deploy that made it current, as the engine would have written them. */
export async function putRelease(dataSource: DataSource, place: Place, put: PutRelease): Promise<ReleaseRow> {
  const { manager } = dataSource;
  const ids = await idsOf(dataSource, place);
  const { commit, from, kind = from === undefined ? 'deploy' : 'rollback' } = put;
  const build = await buildOf(dataSource, ids.appId, shaOf(commit));
  await manager.update(DeployRow, { ...ids, state: 'deployed' }, { state: 'stopped' });
  const made = { ...ids, buildId: build.id, kind, fromReleaseId: from?.id ?? null };
  const deploy = await manager.save(DeployRow, {
    ...made,
    ...{ rref: build.rref, state: 'deployed', outcome: 'succeeded' },
  } as DeployRow);
  const last = (await manager.maximum(ReleaseRow, 'number', ids)) ?? 0;
  const frozen = from?.workers ?? (await manager.findBy(WorkerRow, ids)).map(specOf);
  const { id } = await manager.save(ReleaseRow, {
    ...made,
    ...{ number: last + 1, deployId: deploy.id, image: build.image, sha: build.rref, workers: frozen },
    configVersionId: from?.configVersionId ?? (await newestConfigVersion(dataSource, ids)),
  } as ReleaseRow);
  return manager.findOneByOrFail(ReleaseRow, { id });
}

interface Ids {
  readonly appId: string;
  readonly environmentId: string;
}

async function idsOf({ manager }: DataSource, { app, environment }: Place): Promise<Ids> {
  const { id: appId } = await manager.findOneByOrFail(AppRow, { name: app });
  const { id: environmentId } = await manager.findOneByOrFail(EnvironmentRow, { name: environment });
  return { appId, environmentId };
}

async function buildOf({ manager }: DataSource, appId: string, rref: string): Promise<BuildRow> {
  const built = await manager.findOneBy(BuildRow, { appId, rref });
  const image = `r/x@sha256:${rref.slice(-8)}`;
  return built ?? manager.save(BuildRow, { appId, ref: 'main', rref, state: 'completed', image } as BuildRow);
}

async function newestConfigVersion({ manager }: DataSource, ids: Ids): Promise<string | null> {
  const set = await manager.findOneBy(ConfigSetRow, ids);
  if (set === null) return null;
  const version = await manager.findOneBy(ConfigVersionRow, { configSetId: set.id, version: set.version });
  return version?.id ?? null;
}

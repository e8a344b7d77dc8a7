import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  ConfigSetRow,
  DeliveryRow,
  DeployRow,
  EventRow,
  InstanceRow,
  NotificationTargetRow,
  ReconcileRow,
  type ReleaseRow,
  RunRow,
  WebhookDeliveryRow,
  WorkerRow,
} from '../../src/store/entities/index.js';
import type { RecordNoun } from '../../src/store/repositories/record-places.js';
import type { TestApi } from './api.js';
import { putRelease } from './releases.js';
import { type Place, putInstance, putThere } from './world.js';

/** Ids of one record of each kind. */
export type Records = Readonly<Record<RecordNoun, string>>;

/** Fills an app in an environment with one of everything, as the engine and people would have written it. */
export async function fillPlace(api: TestApi, place: Place, commit: number): Promise<Records> {
  const { manager } = api.dataSource;
  await api.client.post('/config_sets', place);
  await api.client.post('/workers', { ...place, name: 'web', command: '/start web', port: 8888 });
  const release = await putRelease(api.dataSource, place, { commit });
  const { appId, environmentId, deployId, buildId } = release;
  const at = { appId, environmentId };
  const set = await manager.findOneByOrFail(ConfigSetRow, at);
  await api.client.put(`/config_sets/${set.id}`, { config: { MARK: `${place.app}-${place.environment}` } });
  const { id: worker } = await manager.findOneByOrFail(WorkerRow, { ...at, name: 'web' });
  await api.client.put(`/workers/${worker}/scaling`, { min_scale: 0, max_scale: 3, schedules: [NIGHTLY] });
  const instance = await putRunning(api, place, deployId);
  const { id: reconcile } = await manager.save(ReconcileRow, { ...at, state: 'completed' } as ReconcileRow);
  await api.client.post(`/apps/${place.app}/hold`, { environment: place.environment, reason: `${place.app} is held` });
  const ids = {
    ...(await putRun(api, release, place)),
    instance,
    build: buildId,
    deploy: deployId,
    release: release.id,
    'config set': set.id,
    worker,
    reconcile,
  };
  return {
    ...ids,
    ...(await putTold(api.dataSource, at)),
    'webhook delivery': await putWebhookDelivery(api.dataSource, appId),
  };
}

/** A schedule, so that the worker has a rule to be shown. */
const NIGHTLY = { cron: '0 22 * * *', time_zone: 'Europe/Berlin', scale: 1 };

/** An instance that is there, on a host whose name says of what. */
async function putRunning(api: TestApi, place: Place, deployId: string): Promise<string> {
  const { manager } = api.dataSource;
  const deploy = await manager.findOneByOrFail(DeployRow, { id: deployId });
  const { id } = await putInstance(api.dataSource, deploy, { host: `h-${place.app}-${place.environment}` });
  putThere(api.world, place, [await manager.findOneByOrFail(InstanceRow, { id })]);
  return id;
}

/** A command that ran once, and says of what. */
async function putRun(api: TestApi, release: ReleaseRow, place: Place): Promise<Pick<Records, 'run'>> {
  const { appId, environmentId, deployId, id: releaseId } = release;
  const words = { command: ['echo', `${place.app}-${place.environment}`], host: `h-${place.app}-${place.environment}` };
  const run = { kind: 'one_off', appId, environmentId, deployId, releaseId, ...words, timeLimitSeconds: 60 };
  const { id } = await api.dataSource.manager.save(RunRow, {
    ...run,
    state: 'exited',
    exitCode: 0,
  } as unknown as RunRow);
  return { run: id };
}

/** Somebody who is told of events of the app, and a delivery to them. */
async function putTold(
  { manager }: DataSource,
  at: Pick<DeployRow, 'appId' | 'environmentId'>,
): Promise<Pick<Records, 'delivery' | 'notification target'>> {
  const { appId } = at;
  const target = { appId, kind: 'generic', url: { key: 'none', box: '' }, urlHost: 'hooks.example.com', events: ['*'] };
  const { id: targetId } = await manager.save(NotificationTargetRow, target as unknown as NotificationTargetRow);
  const about = { ...at, kind: 'config.changed', subject: 'config_set', subjectId: '1', data: {} };
  const { id: eventId } = await manager.save(EventRow, about as unknown as EventRow);
  const delivery = { ...at, eventId, channel: 'webhook', key: targetId, targetId, state: 'failed' };
  const { id } = await manager.save(DeliveryRow, delivery as unknown as DeliveryRow);
  return { delivery: id, 'notification target': targetId };
}

async function putWebhookDelivery({ manager }: DataSource, appId: string): Promise<string> {
  const guid = randomUUID();
  const delivery = { appId, guid, event: 'ping', digest: guid, headers: {}, bytes: 2, accepted: true };
  const answer = { accepted: true, why: 'It is a ping.', build: null, deploys: [] };
  return (await manager.save(WebhookDeliveryRow, { ...delivery, answer } as unknown as WebhookDeliveryRow)).id;
}

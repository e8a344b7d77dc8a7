import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  ConfigSetRow,
  DeployRow,
  InstanceRow,
  ReconcileRow,
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
  await putRunning(api, place, deployId);
  const { id: reconcile } = await manager.save(ReconcileRow, { ...at, state: 'completed' } as ReconcileRow);
  await api.client.post(`/apps/${place.app}/hold`, { environment: place.environment, reason: `${place.app} is held` });
  const ids = { build: buildId, deploy: deployId, release: release.id, 'config set': set.id, worker, reconcile };
  return { ...ids, 'webhook delivery': await putWebhookDelivery(api.dataSource, appId) };
}

/** An instance that is there, on a host whose name says of what. */
async function putRunning(api: TestApi, place: Place, deployId: string): Promise<void> {
  const { manager } = api.dataSource;
  const deploy = await manager.findOneByOrFail(DeployRow, { id: deployId });
  const { id } = await putInstance(api.dataSource, deploy, { host: `h-${place.app}-${place.environment}` });
  putThere(api.world, place, [await manager.findOneByOrFail(InstanceRow, { id })]);
}

async function putWebhookDelivery({ manager }: DataSource, appId: string): Promise<string> {
  const guid = randomUUID();
  const delivery = { appId, guid, event: 'ping', digest: guid, headers: {}, bytes: 2, accepted: true };
  const answer = { accepted: true, why: 'It is a ping.', build: null, deploys: [] };
  return (await manager.save(WebhookDeliveryRow, { ...delivery, answer } as unknown as WebhookDeliveryRow)).id;
}

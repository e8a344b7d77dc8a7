import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppRow, BuildRow, CleanUpRow, StackRow } from '../../src/store/entities/index.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { putRelease } from '../support/releases.js';
import { seedPlaces, shaOf } from '../support/world.js';

const REGISTRY = '127.0.0.1:5000';
const OLD = new Date('2026-01-01T00:00:00.000Z');

let api: TestApi;

beforeAll(async () => {
  api = await TestApi.start({ environment: { RETENTION_IMAGE_DAYS: '30', RETENTION_BUILDS: '1' } });
  await seedPlaces(api.dataSource);
  const { id: stackId } = await api.dataSource.manager.findOneByOrFail(StackRow, { name: 'api' });
  await api.dataSource.manager.save(AppRow, { name: 'shop', repo: 'acme/shop', stackId } as AppRow);
  const host = api.world.machines.addHost('h1');
  api.world.hosts.pools.set('api/production', [aHost('h1', host)]);
});
afterAll(() => api.stop());

/** A build of long ago, with its image in the registry and on h1. */
async function putBuild(number: number, change: Partial<BuildRow> = {}): Promise<BuildRow> {
  const { id: appId } = await api.dataSource.manager.findOneByOrFail(AppRow, { name: 'shop' });
  const rref = shaOf(number);
  const image = api.world.machines.publish(`${REGISTRY}/shop:${rref}`);
  api.world.machines.machine('h1').images.add(image);
  const ended = { state: 'completed' as const, image, createdAt: OLD, completedAt: OLD };
  return api.dataSource.manager.save(BuildRow, { appId, ref: 'main', rref, ...ended, ...change } as BuildRow);
}

describe('POST /clean_ups/preview', () => {
  it('says what would go and why the rest stays, and removes nothing', async () => {
    const [old, newest] = [await putBuild(1), await putBuild(2, { completedAt: new Date() })];
    const { status, body } = await api.client.post('/clean_ups/preview', {});
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: {
        policy: {
          releases: 10,
          builds: 1,
          image_days: 30,
          host_image_days: 7,
          build_cache_bytes: null,
          log_days: null,
        },
        remove: [
          { kind: 'host_image', what: old.image, host: 'h1' },
          { kind: 'registry_image', what: old.image, host: null },
        ],
        keep: expect.arrayContaining([
          expect.objectContaining({
            kind: 'registry_image',
            what: newest.image,
            why: `build ${newest.id} is one of the newest 1 of its app`,
          }),
        ]) as unknown,
        logs: 0,
        troubles: [],
      },
    });
    expect(await api.world.images.exists(old.image ?? '')).toBe(true);
    expect(await api.dataSource.manager.count(CleanUpRow)).toBe(0);
  });

  it('says what it could not look at', async () => {
    api.world.machines.registryAnswers = false;
    const { body } = await api.client.post('/clean_ups/preview', {});
    api.world.machines.registryAnswers = true;
    expect(body).toMatchObject({
      data: { troubles: [expect.stringContaining(`${REGISTRY}/shop was not looked at: the registry does not answer`)] },
    });
  });
});

describe('POST /clean_ups', () => {
  it('asks an engine for one, once at a time, and it can be read', async () => {
    api.world.queue.sent.length = 0;
    const { status, body } = await api.client.post('/clean_ups', {});
    expect(status).toBe(202);
    expect(body).toMatchObject({ data: { state: 'requested', requested_by: 'bootstrap', removed: [], bytes: 0 } });
    expect(api.world.queue.sent).toEqual([{ kind: 'clean_up' }]);
    const { id } = (body as { data: { id: string } }).data;
    expect((await api.client.get(`/clean_ups/${id}`)).body).toEqual(body);
    expect((await api.client.get('/clean_ups')).body).toMatchObject({ data: [{ id }], pagination: {} });
    const second = await api.client.post('/clean_ups', {});
    expect([second.status, second.text]).toEqual([409, expect.stringContaining(`Clean-up ${id} is in progress`)]);
  });

  it('knows no clean-up that there is not', async () => {
    for (const id of ['999', 'x']) expect((await api.client.get(`/clean_ups/${id}`)).status).toBe(404);
  });
});

describe('a rollback to a release whose image was removed', () => {
  it('says so, and how it can be built again', async () => {
    const place = { app: 'shop', environment: 'production' };
    const first = await putRelease(api.dataSource, place, { commit: 11 });
    await putRelease(api.dataSource, place, { commit: 12 });
    await api.dataSource.manager.update(BuildRow, { id: first.buildId }, { imageRemovedAt: OLD });
    const answer = await api.client.post('/apps/shop/rollback', { to: 'v1', environment: 'production' });
    expect(answer.status).toBe(422);
    expect(answer.text).toContain(`The image of v1 was removed by the clean-up on 2026-01-01`);
    expect(answer.text).toContain(`POST /deploys with the ref ${first.sha}`);
  });
});

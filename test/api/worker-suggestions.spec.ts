import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BuildRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { seedPlaces, shaOf } from '../support/world.js';

const TYPES = [
  { name: 'web', command: 'bundle exec puma' },
  { name: 'mailer', command: 'bundle exec rake mail:work' },
];

describe('suggestions for workers', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let appId: string;

  const get = (environment = 'production') => client.get(`/workers/suggestions?app=${app}&environment=${environment}`);
  const names = async () => ((await get()).body.data['suggestions'] as { name: string }[]).map(({ name }) => name);
  const build = (sha: string, change: Partial<BuildRow> = {}) =>
    api.dataSource.manager.save(BuildRow, {
      ...{ appId, ref: 'main', rref: sha, state: 'completed', image: 'r/x@sha256:1', method: 'buildstep' },
      ...{ processTypes: TYPES, completedAt: new Date() },
      ...change,
    } as BuildRow);

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    appId = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
  });

  it('are none before an image is there', async () => {
    await build(shaOf(1), { state: 'failed', image: null });
    expect((await get()).body.data).toEqual({ build: null, suggestions: [] });
  });

  it('are the process types that no worker runs, and are taken up as they are', async () => {
    const { id } = await build(shaOf(1));
    expect((await get()).body.data).toEqual({
      build: { id, rref: shaOf(1), method: 'buildstep' },
      suggestions: [
        { process_type: 'mailer', name: 'mailer', command: '/start mailer', declared: 'bundle exec rake mail:work' },
      ],
    });
    const place = { app, environment: 'production' };
    const created = await client.post('/workers', { ...place, name: 'mailer', command: '/start mailer' });
    expect(created.status).toBe(201);
    expect(await names()).toEqual([]);
    expect(((await get('development')).body.data['suggestions'] as unknown[]).length).toBe(1);
  });

  it('come from the newest image', async () => {
    await build(shaOf(1), { completedAt: new Date('2026-01-01') });
    await build(shaOf(2), { processTypes: [{ name: 'clock', command: 'clockwork' }] });
    await build(shaOf(3), { completedAt: new Date('2026-01-02') });
    expect(await names()).toEqual(['clock']);
  });

  it('are for who may read there', async () => {
    await build(shaOf(1));
    const path = `/workers/suggestions?app=${app}&environment=production`;
    const elsewhere = await clientWith(api, { verbs: ['read'], apps: [app], environments: ['staging'] });
    expect((await elsewhere.get(path)).status).not.toBe(200);
    const here = await clientWith(api, { verbs: ['read'], apps: [app], environments: ['production'] });
    expect((await here.get(path)).status).toBe(200);
    expect((await client.get('/workers/suggestions?app=nobody&environment=production')).status).toBe(404);
    expect((await client.get(`/workers/suggestions?app=${app}`)).status).toBe(422);
  });
});

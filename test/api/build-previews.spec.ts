import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { BuildRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { clientWith } from '../support/tokens.js';
import { seedPlaces, shaOf } from '../support/world.js';

const BUILDSTEP = 'registry.example.com/buildstep:1';

describe('the preview of a build', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;

  const change = (settings: object) => client.put(`/apps/${app}`, settings);
  const preview = async (ref = 'main') => (await client.post('/builds/preview', { app, ref })).body.data;
  const files = (texts: Record<string, string>) => {
    api.world.source.files.clear();
    for (const [path, text] of Object.entries(texts)) api.world.source.files.set(path, text);
  };

  beforeAll(async () => {
    api = await TestApi.start({ environment: { BUILDSTEP_IMAGE: BUILDSTEP, BUILDS_PER_HOST: '1' } });
    client = api.client;
    await seedPlaces(api.dataSource);
    api.world.hosts.pools.set('build/production', [aHost('h3')]);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: `jockey/${app}`, stack: 'api' });
    api.world.source.commits.set('main', shaOf(count));
    files({ Dockerfile: 'FROM scratch' });
  });

  it('says how the image would be made and where, and writes nothing', async () => {
    expect(await preview()).toEqual({
      rref: shaOf(count),
      branch: 'main',
      method: 'dockerfile',
      reason: 'the commit has the file Dockerfile',
      dockerfile: 'Dockerfile',
      build_context: '.',
      ...{ build_target: null, builder_image: null, process_types: null, timeout_minutes: 60, build: null },
      queue: { position: 0, host: 'h3', why: null },
    });
    expect(await api.dataSource.manager.countBy(BuildRow, { rref: shaOf(count) })).toBe(0);
    expect(api.world.queue.sent).toEqual([]);
  });

  it('goes by the settings of the app', async () => {
    files({ 'services/api/Dockerfile': 'FROM scratch', 'services/Procfile': 'web: bin/web\n' });
    const settings = { dockerfile: 'services/api/Dockerfile', build_context: 'services', build_target: 'app' };
    await change({ ...settings, build_timeout_minutes: 5 });
    expect(await preview()).toMatchObject({
      ...settings,
      ...{ method: 'dockerfile', timeout_minutes: 5, process_types: [{ name: 'web', command: 'bin/web' }] },
    });
  });

  it('takes the builder image of the operator where there is no Dockerfile, and that of the app before it', async () => {
    files({ Procfile: 'web: bin/web\nworker: bin/work\n' });
    expect(await preview()).toMatchObject({
      ...{ method: 'buildstep', builder_image: BUILDSTEP, dockerfile: null },
      reason: expect.stringContaining('no file Dockerfile') as string,
      process_types: [
        { name: 'web', command: 'bin/web' },
        { name: 'worker', command: 'bin/work' },
      ],
    });
    await change({ build_method: 'cnb', builder_image: 'mine:2' });
    expect(await preview()).toMatchObject({ method: 'cnb', builder_image: 'mine:2' });
  });

  it('lists what was tried where nothing fits', async () => {
    files({ README: 'hello' });
    await change({ build_method: 'cnb' });
    expect(await preview()).toMatchObject({
      method: null,
      reason: expect.stringMatching(/build_method cnb.*CNB_BUILDER_IMAGE/) as string,
      ...{ dockerfile: null, builder_image: null },
    });
  });

  it('shows the build that is there already, by the branch and by the commit', async () => {
    const { id } = (await client.post('/builds', { app, ref: 'main' })).body.data;
    expect(await preview()).toMatchObject({ build: { id, state: 'in_progress', image: null }, queue: null });
    const image = 'registry/app@sha256:1';
    await api.dataSource.manager.update(BuildRow, id, { state: 'completed', phase: 'settled', image });
    expect(await preview()).toMatchObject({ build: { id, state: 'completed', image }, queue: null });
    expect(await preview(shaOf(count))).toMatchObject({ branch: null, build: { id } });
    await api.dataSource.manager.update(BuildRow, id, { imageRemovedAt: new Date() });
    expect(await preview()).toMatchObject({ build: null, queue: { host: 'h3' } });
  });

  it('says where it would wait, and what for', async () => {
    api.world.hosts.pools.set('build/production', [aHost('h3', { healthy: false, unhealthyBecause: 'disk full' })]);
    const { queue } = (await preview()) as unknown as { queue: { host: string | null; why: string } };
    api.world.hosts.pools.set('build/production', [aHost('h3')]);
    expect(queue.host).toBeNull();
    expect(queue.why).toContain('h3: disk full');
  });

  it('refuses a ref that is not there, and says when the Git server is silent', async () => {
    const refused = await client.post('/builds/preview', { app, ref: 'no-such-branch' });
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unprocessable_entity']);
    const { listing } = api.world.source;
    api.world.source.listing = () => Promise.reject(unavailable('The Git server of jockey/x', 'connect ECONNREFUSED'));
    const silent = await client.post('/builds/preview', { app, ref: 'main' });
    api.world.source.listing = listing;
    expect([silent.status, silent.body.error.code]).toEqual([503, 'unavailable']);
  });

  it('is for who may read the app, and hides other apps', async () => {
    const reader = await clientWith(api, { verbs: ['read'], apps: [app] });
    expect((await reader.post('/builds/preview', { app, ref: 'main' })).status).toBe(200);
    expect((await reader.post('/builds/preview', { app: 'app-1', ref: 'main' })).status).toBe(404);
  });
});

describe('the provenance of a build', () => {
  let api: TestApi;
  let id: string;

  const HEX = 'f'.repeat(64);
  const get = () => api.client.get(`/builds/${id}/provenance`);

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    api.world.source.commits.set('main', shaOf(1));
    id = (await api.client.post('/builds', { app: 'sample', ref: 'main' })).body.data.id;
  });
  afterAll(() => api?.stop());

  it('is told of no build before its end, nor of one that was made before it was kept', async () => {
    const early = await get();
    expect([early.status, early.body.detail]).toEqual([422, expect.stringContaining('no provenance yet')]);
    const image = `registry:5000/sample@sha256:${HEX}`;
    await api.dataSource.manager.update(BuildRow, id, { state: 'completed', image, method: 'dockerfile' });
    expect((await get()).body.detail).toContain('before Jockey wrote provenance down');
    expect((await api.client.get('/builds/999999/provenance')).status).toBe(404);
  });

  it('is in the build, and a statement of in-toto without an envelope', async () => {
    const provenance = {
      ...{ source: 'https://github.com/jockey/sample', sha: shaOf(1), builder: 'BuildKit of Docker 20.10.24' },
      ...{ baseImages: [`registry:5000/base@sha256:${HEX}`], host: 'h3', requestedBy: 'bootstrap' },
      ...{ startedAt: '2026-11-21T03:36:00.000Z', finishedAt: '2026-11-21T03:36:08.000Z' },
    };
    const image = `registry:5000/sample@sha256:${HEX}`;
    const processTypes = [{ name: 'web', command: 'bin/web' }];
    await api.dataSource.manager.update(BuildRow, id, {
      ...{ state: 'completed', image, method: 'dockerfile', methodReason: 'because', provenance, processTypes },
    });
    expect((await api.client.get(`/builds/${id}`)).body.data).toMatchObject({
      ...{ method: 'dockerfile', method_reason: 'because', process_types: processTypes },
      provenance: { base_images: provenance.baseImages, requested_by: 'bootstrap', host: 'h3', sha: shaOf(1) },
    });
    const statement = JSON.parse((await get()).text) as unknown;
    expect(statement).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'registry:5000/sample', digest: { sha256: HEX } }],
      predicateType: 'https://slsa.dev/provenance/v1',
      predicate: { runDetails: { metadata: { invocationId: `urn:jockey:build:${id}` } } },
    });
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

const DEFAULTS = {
  stop_signal: 'SIGTERM',
  strategy: 'rolling',
  parallelism: null,
  batch_delay_seconds: 0,
  monitor_seconds: 0,
  progress_deadline_seconds: 600,
  allowed_failures: 0,
  on_failure: 'revert',
  canary_percent: 10,
  canary_pause_seconds: 60,
  probe_url: null,
  probe_host: null,
  probe_allowed_failures: null,
};

describe('policies of workers', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const place = () => ({ app, environment: 'staging' });
  const put = (body: object) => client.put(`/workers/${id}`, body);
  const faults = (answer: Awaited<ReturnType<typeof put>>) => [
    answer.status,
    answer.body.errors.map(({ field }) => field),
  ];

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    id = (await client.post('/workers', { ...place(), name: 'web', scale: 4 })).body.data.id;
  });

  it('begin with the defaults, and are changed field by field', async () => {
    expect((await client.get(`/workers/${id}`)).body.data).toMatchObject(DEFAULTS);
    const canary = {
      strategy: 'canary',
      canary_percent: 25,
      canary_pause_seconds: null,
      parallelism: 2,
      batch_delay_seconds: 3,
      monitor_seconds: 4,
      progress_deadline_seconds: 700,
      allowed_failures: 1,
      on_failure: 'pause',
      stop_signal: 'SIGQUIT',
      probe_url: 'http://router.example.com/up',
      probe_host: 'sample.example.com',
      probe_allowed_failures: 0,
    };
    expect((await put(canary)).body.data).toMatchObject(canary);
    expect((await put({ memory_mb: 512 })).body.data).toMatchObject(canary);
    const back = { parallelism: null, probe_url: null, probe_host: null, probe_allowed_failures: null };
    expect((await put(back)).body.data).toMatchObject({ ...canary, ...back });
  });

  it('are given when a worker of any name is created', async () => {
    const given = { strategy: 'blue_green', parallelism: 3, monitor_seconds: 1, stop_signal: 'SIGINT' };
    const created = await client.post('/workers', { ...place(), name: 'mailer', ...given });
    expect(created.status).toBe(201);
    expect(created.body.data).toMatchObject({ ...DEFAULTS, ...given });
  });

  it('are taken from forms', async () => {
    const changed = await client.form(
      'PUT',
      `/workers/${id}`,
      'strategy=canary&canary_percent=50&parallelism=2&probe_url=&on_failure=pause',
    );
    expect(changed.status).toBe(200);
    expect(changed.body.data).toMatchObject({
      strategy: 'canary',
      canary_percent: 50,
      parallelism: 2,
      probe_url: null,
      on_failure: 'pause',
    });
    expect((await client.form('PUT', `/workers/${id}`, 'parallelism=')).status).toBe(422);
  });

  it.each([
    [{ strategy: 'fast' }, 'strategy'],
    [{ strategy: null }, 'strategy'],
    [{ parallelism: 0 }, 'parallelism'],
    [{ parallelism: 1001 }, 'parallelism'],
    [{ parallelism: '2' }, 'parallelism'],
    [{ batch_delay_seconds: -1 }, 'batch_delay_seconds'],
    [{ batch_delay_seconds: 3601 }, 'batch_delay_seconds'],
    [{ monitor_seconds: 1.5 }, 'monitor_seconds'],
    [{ progress_deadline_seconds: 0 }, 'progress_deadline_seconds'],
    [{ progress_deadline_seconds: 86_401 }, 'progress_deadline_seconds'],
    [{ allowed_failures: -1 }, 'allowed_failures'],
    [{ on_failure: 'ignore' }, 'on_failure'],
    [{ strategy: 'canary', canary_percent: 0 }, 'canary_percent'],
    [{ strategy: 'canary', canary_percent: 100 }, 'canary_percent'],
    [{ strategy: 'canary', canary_pause_seconds: 86_401 }, 'canary_pause_seconds'],
    [{ stop_signal: 'SIGKILL' }, 'stop_signal'],
    [{ stop_signal: 'sigterm' }, 'stop_signal'],
    [{ probe_url: 'router/up' }, 'probe_url'],
    [{ probe_url: 'ftp://router/up' }, 'probe_url'],
    [{ probe_url: 'http://me:secret@router/up' }, 'probe_url'],
    [{ probe_url: 'http://router/', probe_host: 'a b' }, 'probe_host'],
    [{ probe_url: 'http://router/', probe_host: 'http://a' }, 'probe_host'],
    [{ probe_url: 'http://router/', probe_allowed_failures: -1 }, 'probe_allowed_failures'],
  ])('refuse %j', async (body, field) => {
    expect(faults(await put(body))).toEqual([422, [field]]);
    expect((await client.get(`/workers/${id}`)).body.data).toMatchObject(DEFAULTS);
  });

  it.each([
    [{ progress_deadline_seconds: 120 }, ['progress_deadline_seconds']],
    [{ health_deadline_seconds: 600 }, ['progress_deadline_seconds']],
    [{ monitor_seconds: 480 }, ['progress_deadline_seconds']],
    [{ canary_percent: 20 }, ['canary_percent']],
    [{ strategy: 'blue_green', canary_pause_seconds: 5 }, ['canary_pause_seconds']],
    [{ strategy: 'recreate', parallelism: 2, canary_percent: 5 }, ['canary_percent', 'parallelism']],
    [{ allowed_failures: 4 }, ['allowed_failures']],
    [{ probe_host: 'sample.example.com', probe_allowed_failures: 1 }, ['probe_host', 'probe_allowed_failures']],
    [{ health_interval_seconds: 121 }, ['health_interval_seconds']],
  ])('that contradict themselves, as %j, are refused with all faults at once', async (body, fields) => {
    const refused = await put(body);
    expect(faults(refused)).toEqual([422, fields]);
    expect(refused.body.error.code).toBe('record_invalid');
    for (const { field, message } of refused.body.errors) expect(refused.body.detail).toContain(`${field} ${message}`);
    expect((await client.get(`/workers/${id}`)).headers.get('etag')).toBe('"1"');
  });

  it('are judged as they would stand, with what was there before', async () => {
    await put({ parallelism: 2 });
    expect(faults(await put({ strategy: 'recreate' }))).toEqual([422, ['parallelism']]);
    expect((await put({ strategy: 'recreate', parallelism: null })).status).toBe(200);
    expect((await put({ strategy: 'canary', canary_percent: 30 })).status).toBe(200);
    expect((await put({ strategy: 'rolling' })).body.data).toMatchObject({ strategy: 'rolling', canary_percent: 30 });
  });

  it('do not stand in the way of a new scale', async () => {
    expect((await put({ allowed_failures: 3 })).status).toBe(200);
    const scaled = await client.put('/workers/rescale', { ...place(), name: 'web', scale: 1 });
    expect([scaled.status, scaled.body.data['allowed_failures']]).toEqual([200, 3]);
  });

  it('that contradict themselves make no worker', async () => {
    const refused = await client.post('/workers', {
      ...{ ...place(), name: 'mailer', scale: 2 },
      ...{ probe_url: 'http://router/', allowed_failures: 2, health_deadline_seconds: 2 },
    });
    expect(faults(refused)).toEqual([422, ['health_deadline_seconds', 'allowed_failures', 'probe_url']]);
    expect((await client.get(`/workers?app=${app}&worker=mailer`)).body.data).toEqual([]);
  });

  it('stay free of contradictions when two halves of one come at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await put({ strategy: 'rolling', parallelism: null });
      const answers = await Promise.all([put({ strategy: 'recreate' }), put({ parallelism: 2 })]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    }
  });
});

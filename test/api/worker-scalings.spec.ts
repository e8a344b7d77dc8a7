import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WorkerRow, WorkerScalingRow } from '../../src/store/entities/index.js';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aHost } from '../support/fake-ports.js';
import { clientWith } from '../support/tokens.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

const PROMETHEUS = { kind: 'prometheus', target: 100, url: 'https://prometheus.example.com', query: 'sum(jobs)' };
const BOUNDS = { min_scale: 1, max_scale: 8 };

describe('how workers scale', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let id: string;
  let count = 0;

  const path = () => `/workers/${id}/scaling`;
  const put = (body: object, headers = {}) => client.put(path(), { ...BOUNDS, ...body }, headers);
  const preview = (body: object = {}) => client.post(`${path()}/preview`, body);
  const faults = ({ status, body }: Reply) => [status, body.errors?.map(({ field }) => field)];
  const sentence = ({ body }: Reply) => body.errors?.[0]?.message;

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
    id = (await client.post('/workers', { app, environment: 'staging', name: 'web', scale: 2 })).body.data.id;
    api.world.metrics.fateOf = () => 450;
    api.world.metrics.asked.length = 0;
  });

  it('is shown as it was put, with the defaults', async () => {
    const schedules = [
      { cron: ' 0  8 * * 1-5', time_zone: 'Europe/Berlin', scale: 6 },
      { cron: '0 20 * * *', scale: 2 },
    ];
    const answer = await put({ schedules, metric: PROMETHEUS });
    expect([answer.status, answer.headers.get('etag')]).toEqual([200, expect.any(String)]);
    expect(answer.body.data).toEqual({
      worker_id: id,
      ...BOUNDS,
      mode: 'automatic',
      effective_mode: 'automatic',
      schedules: [
        { cron: '0 8 * * 1-5', time_zone: 'Europe/Berlin', scale: 6 },
        { cron: '0 20 * * *', time_zone: 'UTC', scale: 2 },
      ],
      next_schedule: { at: expect.any(String) as string, scale: expect.any(Number) as number },
      metric: PROMETHEUS,
      scale_in_after_seconds: 300,
      cool_down_seconds: 60,
      scale: 2,
      last_value: null,
      last_value_at: null,
      lower_since: null,
      scaled_at: null,
      reason: null,
      trouble: null,
    });
    expect((await client.get(`/workers/${id}/scaling`)).body.data).toEqual(answer.body.data);
  });

  it('is replaced as a whole', async () => {
    await put({ metric: PROMETHEUS, cool_down_seconds: 5, mode: 'advice' });
    expect((await put({})).body.data).toMatchObject({ metric: null, cool_down_seconds: 60, mode: 'automatic' });
  });

  it('keeps what was seen while the metric is the same', async () => {
    await put({ metric: PROMETHEUS });
    await api.dataSource.manager.update(WorkerScalingRow, { workerId: id }, { lastValue: 7, reason: 'Stays.' });
    expect((await put({ metric: PROMETHEUS, max_scale: 9 })).body.data).toMatchObject({ last_value: 7 });
    expect((await put({ metric: { ...PROMETHEUS, target: 5 } })).body.data).toMatchObject({
      last_value: null,
      reason: null,
    });
  });

  it('is taken away, and the scale stays', async () => {
    await put({});
    expect((await client.delete(`/workers/${id}/scaling`)).body.data).toMatchObject({ worker_id: id, ...BOUNDS });
    const gone = await client.get(path());
    expect([gone.status, gone.body.detail]).toEqual([404, expect.stringContaining(`PUT /workers/${id}/scaling`)]);
    expect((await client.delete(path())).status).toBe(404);
    expect((await client.get(`/workers/${id}`)).body.data).toMatchObject({ scale: 2 });
  });

  it('is not changed by who has read another version', async () => {
    const tag = (await put({})).headers.get('etag') ?? '';
    expect((await put({ max_scale: 9 }, { 'If-Match': tag })).status).toBe(200);
    expect((await put({ max_scale: 10 }, { 'If-Match': tag })).status).toBe(412);
  });

  it.each<[object, string]>([
    [{ min_scale: 9 }, 'min_scale'],
    [{ min_scale: -1 }, 'min_scale'],
    [{ max_scale: 100_000 }, 'max_scale'],
    [{ mode: 'manual' }, 'mode'],
    [{ cool_down_seconds: 1.5 }, 'cool_down_seconds'],
    [{ schedules: { cron: '* * * * *' } }, 'schedules'],
    [{ schedules: [{ cron: '0 8 * *', scale: 2 }] }, 'schedules.0.cron'],
    [{ schedules: [{ cron: '@daily', scale: 2 }] }, 'schedules.0.cron'],
    [{ schedules: [{ cron: '0 8 * * *', scale: 2, time_zone: 'Mars/Olympus' }] }, 'schedules.0.time_zone'],
    [{ schedules: [{ cron: '0 8 * * *', scale: 9 }] }, 'schedules.0.scale'],
    [{ schedules: [{ cron: '0 8 * * *', scale: 2, until: 'noon' }] }, 'schedules.0.until'],
    [{ metric: 'cpu' }, 'metric'],
    [{ metric: { kind: 'heat', target: 1 } }, 'metric.kind'],
    [{ metric: { kind: 'cpu', target: 0 } }, 'metric.target'],
    [{ metric: { kind: 'cpu', target: 101 } }, 'metric.target'],
    [{ metric: { ...PROMETHEUS, kind: 'memory', target: 50 } }, 'metric.url'],
    [{ min_scale: 0, metric: { kind: 'cpu', target: 50 } }, 'min_scale'],
    [{ metric: { kind: 'prometheus', target: 1, query: 'up' } }, 'metric.url'],
    [{ metric: { ...PROMETHEUS, query: ' ' } }, 'metric.query'],
    [{ metric: { ...PROMETHEUS, url: 'https://user:word@prometheus.example.com' } }, 'metric.url'],
    [{ metric: { ...PROMETHEUS, url: 'http://169.254.169.254/' } }, 'metric.url'],
    [{ metric: { ...PROMETHEUS, kind: 'http_json', query: '$.jobs' } }, 'metric.query'],
  ])('refuses %j by the name of the field', async (body, field) => {
    const answer = await put(body);
    expect(faults(answer)).toEqual([422, [field]]);
    expect(sentence(answer)).toMatch(/\.$/);
    expect((await client.get(path())).status).toBe(404);
  });

  it('is previewed by the number of this moment, and nothing is written', async () => {
    const answer = await preview({ ...BOUNDS, metric: PROMETHEUS });
    expect([answer.status, answer.body.data]).toEqual([
      200,
      {
        scale: 2,
        planned_scale: 5,
        reason: 'From 2 to 5: prometheus is 450, and one instance should bear 100.',
        value: 450,
        trouble: null,
        lower_since: null,
        next_schedule: null,
      },
    ]);
    expect(api.world.metrics.asked).toHaveLength(1);
    expect((await client.get(path())).status).toBe(404);
    expect(await api.dataSource.manager.findOneByOrFail(WorkerRow, { id })).toMatchObject({ scale: 2, version: 1 });
  });

  it('is previewed by the rule that there is where none is sent', async () => {
    expect((await preview()).status).toBe(404);
    await put({ metric: PROMETHEUS, max_scale: 3 });
    expect((await preview()).body.data).toMatchObject({ planned_scale: 3, value: 450 });
    expect(faults(await preview({ max_scale: 3 }))).toEqual([422, ['min_scale']]);
  });

  it('says in a preview why a metric cannot be had', async () => {
    api.world.metrics.fateOf = () => ({ failure: 'connect ECONNREFUSED' });
    expect((await preview({ ...BOUNDS, metric: PROMETHEUS })).body.data).toMatchObject({
      planned_scale: 2,
      value: null,
      trouble: 'prometheus.example.com does not answer: connect ECONNREFUSED.',
    });
  });

  it('measures instances on their hosts for a preview', async () => {
    api.world.hosts.pools.set('api/staging', [aHost('h1')]);
    const deploy = await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deployed');
    for (const slot of [1, 2]) {
      const { containerName, cpus } = await putInstance(api.dataSource, deploy, { host: 'h1', slot });
      api.world.docker.uses.set(containerName, { cpus: cpus * 0.9, memoryMb: 64 });
    }
    const cpu = await preview({ ...BOUNDS, metric: { kind: 'cpu', target: 60 } });
    expect(cpu.body.data).toMatchObject({ value: 90, planned_scale: 3, trouble: null });
    const memory = await preview({ ...BOUNDS, metric: { kind: 'memory', target: 25 } });
    expect(memory.body.data).toMatchObject({ value: 25, planned_scale: 2 });
  });

  it('tells that the switch for all makes it advice', async () => {
    await put({});
    await client.put('/scaling', { mode: 'advice' });
    expect((await client.get(path())).body.data).toMatchObject({ mode: 'automatic', effective_mode: 'advice' });
    await client.put('/scaling', { mode: 'automatic' });
  });

  it('needs the right to scale, and for an address to call the right to configure', async () => {
    const scale = await clientWith(api, { verbs: ['scale'] });
    expect((await scale.put(path(), BOUNDS)).status).toBe(200);
    expect((await scale.put(path(), { ...BOUNDS, metric: PROMETHEUS })).status).toBe(403);
    expect((await scale.post(`${path()}/preview`, { ...BOUNDS, metric: PROMETHEUS })).status).toBe(403);
    const both = await clientWith(api, { verbs: ['scale', 'config'] });
    expect((await both.put(path(), { ...BOUNDS, metric: PROMETHEUS })).status).toBe(200);
    const read = await clientWith(api, { verbs: ['read'] });
    expect((await read.get(path())).status).toBe(200);
    expect((await read.put(path(), BOUNDS)).status).toBe(403);
    expect((await read.delete(path())).status).toBe(403);
  });

  it('leaves who changed it, and nothing of an address but its host, in the audit', async () => {
    await put({ metric: { ...PROMETHEUS, url: 'https://prometheus.example.com/canary-path' } });
    const { body } = await client.get('/audit?subject=worker%20scaling');
    const [entry] = body.data as unknown as { operation: string; subject: object }[];
    expect(entry).toMatchObject({ operation: 'putWorkerScaling', subject: { kind: 'worker scaling', id } });
    expect(JSON.stringify(body.data)).not.toContain('canary-path');
  });

  it('is told to who sets a scale that will not stay', async () => {
    expect((await client.get(`/workers/${id}`)).body.data).toMatchObject({ scaling_notice: null });
    await put({});
    const rescaled = await client.put('/workers/rescale', { app, environment: 'staging', name: 'web', scale: 20 });
    expect(rescaled.body.data).toMatchObject({
      scale: 20,
      scaling_notice: expect.stringContaining('the next look sets 8 instead of 20') as string,
    });
    await put({ mode: 'advice' });
    expect((await client.get(`/workers/${id}`)).body.data).toMatchObject({
      scaling_notice: expect.stringContaining('keeps the scale that is set') as string,
    });
  });

  it('is nothing of a worker that is not there', async () => {
    for (const method of ['GET', 'DELETE'] as const)
      expect((await client.send(method, '/workers/999999/scaling', {})).status).toBe(404);
    expect((await client.put('/workers/999999/scaling', BOUNDS)).status).toBe(404);
    expect((await client.post('/workers/999999/scaling/preview', BOUNDS)).status).toBe(404);
  });
});

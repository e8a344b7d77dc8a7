import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { BuildRow } from '../../src/store/entities/index.js';
import { LogBook } from '../../src/store/log-book.js';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { seedPlaces, shaOf } from '../support/world.js';

describe('builds', () => {
  let api: TestApi;
  let client: ApiClient;
  let progress: BuildProgress;
  let app: string;
  let count = 0;

  const ask = (ref = 'main', query = '') => client.post(`/builds${query}`, { app, ref });
  const rows = () => api.dataSource.manager.find(BuildRow, { order: { id: 'ASC' } });
  const rowsOf = async (rref: string) => (await rows()).filter((row) => row.rref === rref);

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    progress = new BuildProgress(api.dataSource);
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: `jockey/${app}`, stack: 'api' });
    api.world.source.commits.set('main', shaOf(count));
    api.world.queue.sent.length = 0;
  });

  it('are asked for by a ref, resolved first, and handed to the engine', async () => {
    const asked = await client.post('/builds', { app, ref: 'main', callback_url: 'https://ci.example.com/done?id=1' });
    expect(asked.status).toBe(202);
    expect(asked.body.data).toEqual({
      id: expect.stringMatching(/^[0-9]+$/),
      app: expect.objectContaining({ name: app, repo: `jockey/${app}` }),
      ref: 'main',
      rref: shaOf(count),
      branch: 'main',
      state: 'in_progress',
      phase: 'queued',
      outcome: null,
      image: null,
      failure_reason: null,
      ...{ method: null, method_reason: null, process_types: [], provenance: null },
      ...{ requested_by: 'bootstrap', cancel_reason: null, attempts: 0, host_losses: 0 },
      callback_url: 'https://ci.example.com/done?id=1',
      container_host: null,
      container_id: null,
      created_at: expect.stringMatching(/Z$/),
      ...{ started_at: null, completed_at: null, log_removed_at: null, image_removed_at: null },
    });
    const { id } = asked.body.data;
    expect(api.world.queue.sent).toEqual([{ kind: 'build', buildId: id }]);
    expect((await client.get(`/builds/${id}`)).body.data).toEqual(asked.body.data);
    const listed = await client.get(`/builds?app=${app}&state=in_progress&rref=${shaOf(count)}`);
    expect(listed.body.data).toEqual([asked.body.data]);
    expect((await client.get(`/builds?app=${app}&state=failed`)).body.data).toEqual([]);
  });

  it('are asked for by a form too', async () => {
    expect((await client.form('POST', '/builds', `app=${app}&ref=main`)).status).toBe(202);
  });

  it('are one of a commit however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask()));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.data.id)).size).toBe(1);
    expect(await rowsOf(shaOf(count))).toHaveLength(1);
  });

  it('answer 200 once completed, and then need no Git for the full commit id', async () => {
    const { id } = (await ask()).body.data;
    await progress.complete(id, 'registry/app@sha256:1');
    const again = await ask();
    expect([again.status, again.body.data.id]).toEqual([200, id]);
    expect(again.body.data).toMatchObject({ state: 'completed', image: 'registry/app@sha256:1' });
    api.world.queue.sent.length = 0;
    const bySha = await ask(shaOf(count).toUpperCase());
    expect([bySha.status, bySha.body.data.id]).toEqual([200, id]);
    expect(api.world.queue.sent).toEqual([]);
  });

  it('may be asked for again when failed, and the failed one stays', async () => {
    const { id } = (await ask()).body.data;
    await progress.fail(id, 'Step 3/9 : RUN make ended with 2');
    const again = await ask();
    expect(again.status).toBe(202);
    expect(again.body.data.id).not.toBe(id);
    expect((await client.get(`/builds/${id}`)).body.data).toMatchObject({
      state: 'failed',
      failure_reason: 'Step 3/9 : RUN make ended with 2',
      completed_at: expect.any(String),
    });
    expect(await rowsOf(shaOf(count))).toHaveLength(2);
  });

  it('of an unknown ref are refused, saying so, and nothing is written', async () => {
    const before = (await rows()).length;
    const refused = await ask('no-such-branch');
    expect([refused.status, refused.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect(refused.body.error.message).toContain('"no-such-branch"');
    expect((await rows()).length).toBe(before);
  });

  it('are refused with 503 while the Git server is silent, and asked for again later', async () => {
    const { resolve } = api.world.source;
    api.world.source.resolve = () =>
      Promise.reject(unavailable('The Git server of jockey/sample', 'no answer in 20 s'));
    const refused = await ask();
    expect([refused.status, refused.body.error.code]).toEqual([503, 'unavailable']);
    expect(refused.body.error.message).toContain('Git server');
    api.world.source.resolve = resolve;
    expect((await ask()).status).toBe(202);
  });

  it('hold their answer until they settle', async () => {
    const { id } = (await ask()).body.data;
    const held = ask('main', '?wait=30');
    const got = client.get(`/builds/${id}?wait=30`);
    await eventually('the second trigger', () => api.world.queue.sent.length >= 2);
    await progress.complete(id, 'registry/app@sha256:2');
    expect([(await held).status, (await held).body.data['state']]).toEqual([200, 'completed']);
    expect((await got).body.data['state']).toBe('completed');
  });

  it('show their log line by line', async () => {
    const { id } = (await ask()).body.data;
    await api.app.get(LogBook).append({ subject: 'build', id }, [{ logger: 'docker', text: 'Step 1/3' }]);
    const { logs } = (await client.get(`/builds/${id}/logs`)).body as unknown as { logs: { message: object }[] };
    expect(logs.map(({ message }) => message)).toEqual([{ text: 'Step 1/3' }]);
  });

  it.each([
    [{ ref: '' }, 'ref'],
    [{ ref: 7 }, 'ref'],
    [{ ref: 'x'.repeat(256) }, 'ref'],
    [{ callback_url: 'ftp://example.com' }, 'callback_url'],
    [{ callback_url: 'not a url' }, 'callback_url'],
    [{ callback_url: 'https://user:secret@example.com' }, 'callback_url'],
    [{ force: true }, 'force'],
  ])('refuse %j, naming the field', async (change, field) => {
    const refused = await client.post('/builds', { app, ref: 'main', ...change });
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error) => error.field)).toEqual([field]);
    expect(refused.text).not.toContain('secret');
  });

  it.each(['abc', '0', '1.5', '-1', '999999999', '9'.repeat(30)])('answer 404 for the id %s', async (key) => {
    const missing = await client.get(`/builds/${key}`);
    expect([missing.status, missing.body.error.code]).toEqual([404, 'not_found']);
    expect(missing.body.error.message).toBe(`There is no build "${key}".`);
  });

  it('of an app that is not there are 404', async () => {
    expect((await client.post('/builds', { app: 'nobody', ref: 'main' })).status).toBe(404);
    expect((await client.get('/builds?app=nobody')).status).toBe(404);
    expect((await client.get('/builds?state=done')).status).toBe(422);
  });
});

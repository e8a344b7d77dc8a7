import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ConfigValues } from '../../src/store/repositories/config-values.js';
import { ConfigVersionRow, DeployRow } from '../../src/store/entities/index.js';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putDeploy, seedPlaces } from '../support/world.js';

describe('the history of config sets', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const list = (reply: Reply) => reply.body.data as unknown as Record<string, unknown>[];
  const put = (body: object) => client.put(`/config_sets/${id}`, body);
  const revert = (body: object, headers?: Record<string, string>) =>
    client.post(`/config_sets/${id}/revert`, body, headers);
  /** What a container would get of the newest version. */
  const valuesOf = async (): Promise<unknown> => {
    const deploy = await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deployed');
    const where = { configSetId: id };
    const row = await api.dataSource.manager.findOneOrFail(ConfigVersionRow, { where, order: { version: 'DESC' } });
    await api.dataSource.manager.update(DeployRow, deploy.id, { configVersionId: row.id });
    return api.app.get(ConfigValues).of(deploy.id);
  };

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: randomBytes(32).toString('base64') } });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    const first = { app, environment: 'staging', config: { A: '1', B: '1' }, secrets: { T: 'first one' } };
    id = (await client.post('/config_sets', { ...first, reason: 'to begin with' })).body.data.id;
    await put({ config: { A: '2', B: null, C: '1' }, secrets: { T: 'second one' }, reason: 'a change' });
    await put({ secrets: { T: null, U: 'another' } });
  });

  it('is a list of who changed what, when and why, the newest first, page by page', async () => {
    const reply = await client.get(`/config_sets/${id}/versions`);
    expect(list(reply)).toEqual([
      { version: 3, author: 'bootstrap', reason: null, created_at: expect.any(String), ...named(['U'], ['T'], []) },
      {
        ...{ version: 2, author: 'bootstrap', reason: 'a change', created_at: expect.any(String) },
        ...named(['C'], ['B'], ['A', 'T']),
      },
      {
        ...{ version: 1, author: 'bootstrap', reason: 'to begin with', created_at: expect.any(String) },
        ...named(['A', 'B', 'T'], [], []),
      },
    ]);
    const second = await client.get(`/config_sets/${id}/versions?per_page=1&page=2`);
    expect(list(second)).toMatchObject([{ version: 2, removed: ['B'] }]);
    expect(second.body.pagination['total_count']).toBe(3);
  });

  it('shows a version with its variables, and of its secrets the marks', async () => {
    const shown = await client.get(`/config_sets/${id}/versions/2`);
    expect(shown.body.data).toMatchObject({
      ...{ version: 2, reason: 'a change', changed: ['A', 'T'], config: { A: '2', C: '1' } },
      secrets: [{ name: 'T', version: 2, fingerprint: expect.any(String) }],
    });
    expect(shown.text).not.toContain('second one');
  });

  it('compares any two versions', async () => {
    const { data } = (await client.get(`/config_sets/${id}/diff?from=1&to=3`)).body;
    const plain = (value: string) => ({ secret: false, value, fingerprint: null });
    const secret = { secret: true, value: null, fingerprint: expect.any(String) };
    expect(data).toEqual({
      ...{ from: 1, to: 3 },
      changes: [
        { name: 'A', change: 'changed', from: plain('1'), to: plain('2') },
        { name: 'B', change: 'removed', from: plain('1'), to: null },
        { name: 'C', change: 'added', from: null, to: plain('1') },
        { name: 'T', change: 'removed', from: secret, to: null },
        { name: 'U', change: 'added', from: null, to: secret },
      ],
    });
    expect((await client.get(`/config_sets/${id}/diff?from=2&to=2`)).body.data['changes']).toEqual([]);
  });

  it.each(['4', '0', '-1', 'x', '1.5', '9'.repeat(20)])('says 404 of version %s', async (version) => {
    expect((await client.get(`/config_sets/${id}/versions/${version}`)).status).toBe(404);
  });

  it('says which version is not there, or is none', async () => {
    expect((await client.get(`/config_sets/${id}/diff?from=1&to=9`)).status).toBe(404);
    expect((await client.get(`/config_sets/${id}/diff?from=1`)).status).toBe(422);
    expect((await client.get(`/config_sets/${id}/diff?from=a&to=1`)).status).toBe(422);
    expect((await client.get('/config_sets/999/versions')).status).toBe(404);
    expect((await revert({ version: 9 })).status).toBe(404);
    expect((await revert({})).status).toBe(422);
  });

  it('brings a version back as a new one, secrets included', async () => {
    const back = await revert({ version: 1, reason: 'it was better' });
    expect(back.status).toBe(200);
    expect(back.body.data).toMatchObject({
      version: 4,
      config: { A: '1', B: '1' },
      secrets: [{ name: 'T', version: 1 }],
    });
    expect(back.headers.get('etag')).toContain('"4');
    expect(await valuesOf()).toEqual({ A: '1', B: '1', T: 'first one' });
    expect((await client.get(`/config_sets/${id}/versions/4`)).body.data['reason']).toBe('it was better');
    expect((await client.get(`/config_sets/${id}/diff?from=1&to=4`)).body.data['changes']).toEqual([]);
  });

  it('says of its own accord what a revert was, and writes nothing where nothing changes', async () => {
    expect((await revert({ version: 3 })).body.data['version']).toBe(3);
    await revert({ version: 2 });
    expect((await client.get(`/config_sets/${id}/versions/4`)).body.data['reason']).toBe('back to version 2');
  });

  it('is not reverted by who read an older version', async () => {
    expect((await revert({ version: 1 }, { 'if-match': '"2"' })).status).toBe(412);
    expect((await client.get(`/config_sets/${id}`)).body.data['version']).toBe(3);
  });

  it('reverts once for one Idempotency-Key', async () => {
    const key = { 'idempotency-key': `revert-${count}` };
    const replies = [await revert({ version: 1 }, key), await revert({ version: 1 }, key)];
    expect(replies.map(({ body }) => body.data['version'])).toEqual([4, 4]);
  });

  const named = (added: string[], removed: string[], changed: string[]) => ({ added, removed, changed });
});

import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

describe('config sets', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const configOf = (reply: Reply) => reply.body.data['config'];

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
    const created = await client.post('/config_sets', { app, environment: 'staging', config: { A: '1' } });
    id = created.body.data.id;
  });

  it('are shown with names, version and arguments', async () => {
    const shown = await client.get(`/config_sets/${id}`);
    expect(shown.status).toBe(200);
    expect(shown.headers.get('etag')).toBe('"1"');
    expect(shown.body.data).toEqual({
      id,
      config: { A: '1' },
      config_command_line_args: ' -e A="1"',
      secrets: [],
      app: (await client.get(`/apps/${app}`)).body.data,
      environment: (await client.get('/environments/staging')).body.data,
      version: 1,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect((await client.get(`/config_sets?app=${app}`)).body.pagination['total_count']).toBe(3);
    expect((await client.get('/config_sets?environment=nowhere')).status).toBe(404);
  });

  it('are one per app and environment: a second is told where to merge', async () => {
    const again = await client.post('/config_sets', { app, environment: 'staging' });
    expect(again.status).toBe(409);
    expect(again.body.detail).toContain(`PUT /config_sets/${id}`);
  });

  it('merge: set, keep, empty, and remove by null', async () => {
    const merged = await client.put(`/config_sets/${id}`, { config: { B: '2', C: '' } });
    expect(configOf(merged)).toEqual({ A: '1', B: '2', C: '' });
    expect(merged.headers.get('etag')).toBe('"2"');
    expect(configOf(await client.put(`/config_sets/${id}`, { config: { A: null, B: '3' } }))).toEqual({
      B: '3',
      C: '',
    });
  });

  it('merge a form, as the Ruby client sends it', async () => {
    const merged = await client.form(
      'PUT',
      `/config_sets/${id}`,
      'config[DATABASE_URL]=postgres%3A%2F%2Fdb%2Fx%3Fa%3D1%26b%3D2&config[N]=3&config[FLAG]=true&config[EMPTY]=',
    );
    expect(merged.status).toBe(200);
    expect(configOf(merged)).toEqual({
      A: '1',
      DATABASE_URL: 'postgres://db/x?a=1&b=2',
      N: '3',
      FLAG: 'true',
      EMPTY: '',
    });
  });

  it('write no version where nothing changes', async () => {
    expect((await client.put(`/config_sets/${id}`, { config: { A: '1' } })).body.data['version']).toBe(1);
    expect((await client.put(`/config_sets/${id}`, { config: {} })).body.data['version']).toBe(1);
    expect((await client.put(`/config_sets/${id}`, {})).body.data['version']).toBe(1);
  });

  it('lose nothing of fifty merges at once, and number each', async () => {
    const names = Array.from({ length: 50 }, (_, i) => `KEY_${i}`);
    const replies = await Promise.all(
      names.map((name) => client.put(`/config_sets/${id}`, { config: { [name]: name } })),
    );
    expect(replies.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { data } = (await client.get(`/config_sets/${id}`)).body;
    expect(data['config']).toEqual({ A: '1', ...Object.fromEntries(names.map((name) => [name, name])) });
    expect(data['version']).toBe(51);
    const versions = new Set(replies.map(({ body }) => body.data['version']));
    expect(versions.size).toBe(50);
  });

  it('are not changed by who read an older version', async () => {
    await client.put(`/config_sets/${id}`, { config: { B: '1' } }, { 'if-match': '"1"' });
    const stale = await client.put(`/config_sets/${id}`, { config: { B: '2' } }, { 'if-match': '"1"' });
    expect(stale.status).toBe(412);
    expect(configOf(await client.get(`/config_sets/${id}`))).toMatchObject({ B: '1' });
  });

  it.each([
    [{ config: { '1A': 'x' } }, 'config.1A'],
    [{ config: { 'A B': 'x' } }, 'config.A B'],
    [{ config: { A: 1 } }, 'config.A'],
    [{ config: { A: { B: 'x' } } }, 'config.A'],
    [{ config: { A: ['x'] } }, 'config.A'],
    [{ config: { A: 'a\u0000b' } }, 'config.A'],
    [{ config: { A: '\ud800' } }, 'config.A'],
    [{ config: { A: 'x'.repeat(32 * 1024 + 1) } }, 'config.A'],
    [{ config: ['A'] }, 'config'],
    [{ config: 'A=1' }, 'config'],
    [{ config: null }, 'config'],
    [{ configs: {} }, 'configs'],
  ])('refuse %j', async (body, field) => {
    const refused = await client.put(`/config_sets/${id}`, body);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map((error) => error.field)).toContain(field);
  });

  it('refuse more than 256 KiB together', async () => {
    const config = Object.fromEntries([...Array(9).keys()].map((i) => [`A${i}`, 'x'.repeat(30_000)]));
    expect((await client.put(`/config_sets/${id}`, { config })).body.errors).toMatchObject([{ field: 'config' }]);
  });

  it('take names that objects have too, and no prototype', async () => {
    const merged = await client.form('PUT', `/config_sets/${id}`, 'config[constructor]=a&config[hasOwnProperty]=b');
    expect(configOf(merged)).toMatchObject({ A: '1', constructor: 'a', hasOwnProperty: 'b' });
    const json = '{"config":{"__proto__":"x"}}';
    const refused = await client.send('PUT', `/config_sets/${id}`, {
      body: json,
      headers: { 'content-type': 'application/json' },
    });
    expect(refused.status).toBe(422);
    expect(Object.prototype).not.toHaveProperty('polluted');
    await client.form('PUT', `/config_sets/${id}`, 'config[__proto__][polluted]=1&__proto__[polluted]=1');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('give arguments that a shell reads back as they were', async () => {
    const value = `"$(id)" \`id\` $HOME \\n \\\\ 'x' ! *\n; & | é`;
    const merged = await client.put(`/config_sets/${id}`, { config: { A: value } });
    const program = `printf '%s' ${String(merged.body.data['config_command_line_args'])}`;
    expect(execFileSync('/bin/sh', ['-c', program], { encoding: 'utf8' })).toBe(`-eA=${value}`);
  });

  it.each(['abc', '0', '999999999', '1.5', '-1', '9'.repeat(30)])('answer 404 for the id %s', async (key) => {
    expect((await client.get(`/config_sets/${key}`)).status).toBe(404);
    expect((await client.put(`/config_sets/${key}`, { config: {} })).status).toBe(404);
  });
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { seedPlaces } from '../support/world.js';

const KEY = randomBytes(32).toString('base64');

/** A fetch asks no cache of its own accord, and then no answer is 304. */
const unlessIs = (etag: string) => ({ 'if-none-match': etag, 'cache-control': 'max-age=0' });

describe('secrets of config sets', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const put = (body: object, headers?: Record<string, string>) => client.put(`/config_sets/${id}`, body, headers);
  const secretsOf = (reply: Reply) =>
    reply.body.data['secrets'] as { name: string; version: number; fingerprint: string }[];
  const faultsOf = (reply: Reply) => reply.body.errors.map(({ field }) => field);

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: KEY } });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    const created = await client.post('/config_sets', {
      ...{ app, environment: 'staging', config: { A: '1' }, secrets: { TOKEN: 'hunter2' } },
    });
    expect(created.status).toBe(201);
    id = created.body.data.id;
  });

  it('are shown by name, version and fingerprint, and by no value', async () => {
    const shown = await client.get(`/config_sets/${id}`);
    expect(shown.body.data['config']).toEqual({ A: '1' });
    expect(shown.body.data['config_command_line_args']).toBe(' -e A="1"');
    expect(secretsOf(shown)).toEqual([
      { name: 'TOKEN', version: 1, fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/) },
    ]);
    const listed = await client.get(`/config_sets?app=${app}&environment=staging`);
    expect(listed.text + shown.text).not.toContain('hunter2');
  });

  it('lie encrypted in the database, each sealed anew', async () => {
    await put({ secrets: { OTHER: 'hunter2' } });
    const [row] = await api.dataSource.query<{ text: string; secrets: Record<string, { sealed: { box: string } }> }[]>(
      'SELECT v::text AS text, secrets FROM config_versions v WHERE config_set_id = $1 AND version = 2',
      [id],
    );
    expect(row?.text).not.toContain('hunter2');
    expect(row?.secrets['TOKEN']?.sealed.box).not.toBe(row?.secrets['OTHER']?.sealed.box);
    expect(secretsOf(await client.get(`/config_sets/${id}`)).map(({ fingerprint }) => fingerprint)).toHaveLength(2);
  });

  it('merge: set, keep and remove', async () => {
    const set = await put({ config: { B: '2' }, secrets: { NEW: 'a new one' } });
    expect(secretsOf(set).map(({ name, version }) => [name, version])).toEqual([
      ['NEW', 2],
      ['TOKEN', 1],
    ]);
    const changed = await put({ secrets: { TOKEN: 'changed', NEW: null } });
    expect(secretsOf(changed)).toMatchObject([{ name: 'TOKEN', version: 3 }]);
    expect(secretsOf(changed)[0]?.fingerprint).not.toBe(secretsOf(set)[1]?.fingerprint);
    expect(changed.body.data['config']).toEqual({ A: '1', B: '2' });
  });

  it('write no version where the same value is set again', async () => {
    const again = await put({ secrets: { TOKEN: 'hunter2', NOBODY: null } });
    expect(again.body.data['version']).toBe(1);
    expect(secretsOf(again)).toMatchObject([{ name: 'TOKEN', version: 1 }]);
  });

  it('merge a form', async () => {
    const merged = await client.form('PUT', `/config_sets/${id}`, 'secrets[TOKEN]=from%20a%20form&reason=why');
    expect(secretsOf(merged)).toMatchObject([{ name: 'TOKEN', version: 2 }]);
  });

  it('have another fingerprint under another name and in another app: none can be guessed elsewhere', async () => {
    const other = await client.post('/config_sets', { app, environment: 'development' });
    const elsewhere = /already, (\d+)/.exec(other.body.detail ?? '')?.[1] ?? other.body.data.id;
    const there = await client.put(`/config_sets/${elsewhere}`, { secrets: { TOKEN: 'hunter2' } });
    const here = await put({ secrets: { COPY: 'hunter2' } });
    const fingerprints = [...secretsOf(here), ...secretsOf(there)].map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(3);
  });

  it('are what they are until a change says otherwise', async () => {
    const refused = await put({ config: { TOKEN: 'now plain' } });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain('secrets: {"TOKEN": null} beside it');
    expect(refused.text).not.toContain('now plain');
    const plain = await put({ config: { TOKEN: 'now plain' }, secrets: { TOKEN: null } });
    expect(plain.body.data['config']).toEqual({ A: '1', TOKEN: 'now plain' });
    expect(secretsOf(plain)).toEqual([]);
    const hidden = await put({ secrets: { A: 'now secret' } });
    expect(hidden.body.data['config']).toEqual({ TOKEN: 'now plain' });
    expect(hidden.body.data['notice']).toContain('What A was before it became a secret can still be read');
    expect((await client.get(`/config_sets/${id}/versions/1`)).body.data['config']).toEqual({ A: '1' });
  });

  it.each([
    [{ secrets: 'hunter3-in-the-wrong-place' }, 'secrets'],
    [{ secrets: ['hunter3-in-the-wrong-place'] }, 'secrets'],
    [{ secrets: { 'A B': 'hunter3-in-the-wrong-place' } }, 'secrets.A B'],
    [{ secrets: { A: { B: 'hunter3-in-the-wrong-place' } } }, 'secrets.A'],
    [{ secrets: { A: 'hunter3-in-the-wrong-place\u0000' } }, 'secrets.A'],
    [{ secrets: { A: 'hunter3-in-the-wrong-place', B: 'abc' } }, 'secrets.B'],
    [{ secrets: { A: 'x'.repeat(32 * 1024 + 1) } }, 'secrets.A'],
    [{ config: { A: null }, secrets: { A: null } }, null],
    [{ secrets: { A: null } }, 'secrets.A'],
    [{ config: { TOKEN: null } }, 'config.TOKEN'],
    [{ reason: 'x'.repeat(501) }, 'reason'],
    [{ apply: 'now' }, 'apply'],
  ])('refuse what is wrong of %#, and repeat nothing of it', async (body, field) => {
    const reply = await put(body);
    if (field === null) return expect(reply.status).toBe(200);
    expect(reply.status).toBe(422);
    expect(faultsOf(reply)).toContain(field);
    expect(reply.text).not.toContain('hunter3');
  });

  it('repeat nothing of a body that is no JSON', async () => {
    const body = '{"secrets": {"A": "hunter4-cut-off';
    const broken = await client.send('PUT', `/config_sets/${id}`, {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(broken.status).toBe(400);
    expect(broken.text).not.toContain('hunter4');
  });

  it('keep ETag and If-Match', async () => {
    const etag = (await client.get(`/config_sets/${id}`)).headers.get('etag') ?? '';
    expect((await client.send('GET', `/config_sets/${id}`, { headers: unlessIs(etag) })).status).toBe(304);
    expect((await put({ secrets: { TOKEN: 'second' } }, { 'if-match': etag })).status).toBe(200);
    const stale = await put({ secrets: { TOKEN: 'third' } }, { 'if-match': etag });
    expect(stale.status).toBe(412);
    expect(secretsOf(await client.get(`/config_sets/${id}`))).toMatchObject([{ version: 2 }]);
  });

  it('lose nothing of twenty merges at once', async () => {
    const names = Array.from({ length: 20 }, (_, at) => `KEY_${at}`);
    await Promise.all(names.map((name) => put({ secrets: { [name]: `value of ${name}` } })));
    const { secrets, version } = (await client.get(`/config_sets/${id}`)).body.data as {
      secrets?: { name: string }[];
      version?: number;
    };
    expect(secrets?.map(({ name }) => name)).toEqual([...names, 'TOKEN'].sort());
    expect(version).toBe(21);
  });

  it('are named in plans and drift, and not opened for them', async () => {
    const plan = await client.post('/plans', {
      ...{ app, environment: 'staging' },
      change: { kind: 'config', config: { A: '2' } },
    });
    expect(plan.status).toBe(200);
    expect(plan.body.data['next_deploy']).toMatchObject({ variables: ['A', 'TOKEN'] });
    const refused = await client.post('/plans', {
      ...{ app, environment: 'staging' },
      change: { kind: 'config', config: { TOKEN: 'x' } },
    });
    expect(faultsOf(refused)).toContain('change.config.TOKEN');
  });
});

describe('secrets without a key', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
  });
  afterAll(() => api?.stop());

  it('are refused with the way out, and nothing is written; plain variables go on', async () => {
    const [set] = (await api.client.get('/config_sets')).body.data as unknown as { id: string }[];
    const refused = await api.client.put(`/config_sets/${set?.id}`, { config: { B: '1' }, secrets: { A: 'hunter2' } });
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toContain('set SECRETS_KEY');
    expect((await api.client.put(`/config_sets/${set?.id}`, { config: { C: '1' } })).body.data['version']).toBe(2);
  });
});

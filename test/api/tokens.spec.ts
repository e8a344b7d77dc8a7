import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digestOfToken } from '../../src/store/token-text.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith, makeToken } from '../support/tokens.js';
import { seedPlaces } from '../support/world.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

const WANTED = { name: 'nightly deploys', verbs: ['deploy'], apps: ['blog'], environments: ['staging'] };

const DAY = 86_400_000;

describe('API tokens', () => {
  let api: TestApi;
  let client: ApiClient;
  let blog: string;

  const with_ = (token: unknown) => new ApiClient(api.url, token as string);
  const set = (id: string, assignment: string) =>
    api.dataSource.query(`UPDATE api_tokens SET ${assignment} WHERE id = $1`, [id]);

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: KEY, SIGN_IN_FAILURES_PER_MINUTE: '0' } });
    client = api.client;
    await seedPlaces(api.dataSource);
    blog = (await client.post('/apps', { name: 'blog', repo: 'acme/blog', stack: 'api' })).body.data.id;
    await client.post('/apps', { name: 'shop', repo: 'acme/shop', stack: 'api' });
  });
  afterAll(() => api?.stop());

  it('are shown once, and kept by their digest alone', async () => {
    const made = await client.post('/tokens', WANTED);
    const { token, ...rest } = made.body.data as unknown as Record<string, string>;
    expect(made.status).toBe(201);
    expect(token).toMatch(/^jky_[0-9A-Za-z]{40}$/);
    expect(rest).toEqual({
      ...WANTED,
      id: expect.any(String),
      hint: `jky_…${token?.slice(-4)}`,
      state: 'active',
      created_by: 'bootstrap',
      created_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
      ...{ last_used_at: null, revoked_at: null, revoked_by: null },
    });
    const shown = await client.get(`/tokens/${rest['id']}`);
    expect(shown.body.data).toEqual(rest);
    const [row] = await api.dataSource.query<object[]>('SELECT * FROM api_tokens WHERE id = $1', [rest['id']]);
    expect(row).toMatchObject({ digest: digestOfToken(token ?? ''), apps: [blog], environments: ['staging'] });
    expect(await whereIs(api, token ?? '')).toEqual([]);
  });

  it('speak for themselves, and may do what they allow and no more', async () => {
    const token = await makeToken(api, { verbs: ['deploy'], apps: [blog], environments: ['staging'] });
    const bot = with_(token);
    const apps = await bot.get('/apps');
    expect(apps.body.data as unknown).toEqual([expect.objectContaining({ name: 'blog' })]);
    const deploys = (environment: string, app = 'blog') => bot.post('/deploys', { app, environment, rref: 'gone' });
    expect((await deploys('staging')).status).toBe(422);
    expect((await deploys('production')).status).toBe(404);
    expect((await deploys('staging', 'shop')).status).toBe(404);
    expect((await bot.post('/apps', { name: 'x', repo: 'a/b' })).status).toBe(403);
    expect((await bot.get('/tokens')).status).toBe(403);
  });

  it('are as good in the parameter of old clients, and never logged', async () => {
    const token = await makeToken(api, { verbs: ['read'] });
    const old = new ApiClient(api.url, null);
    expect((await old.get(`/apps?github_access_token=${token}`)).status).toBe(200);
    expect(api.world.log.join('')).not.toContain(token.slice(4));
  });

  it('are out at once when they are revoked, for good', async () => {
    const made = (await client.post('/tokens', WANTED)).body.data;
    const bot = with_(made['token']);
    expect((await bot.get('/apps')).status).toBe(200);
    const revoked = await client.delete(`/tokens/${made.id}`);
    expect([revoked.status, revoked.body.data]).toEqual([
      200,
      expect.objectContaining({ state: 'revoked', revoked_by: 'bootstrap' }),
    ]);
    expect((await bot.get('/apps')).status).toBe(401);
    expect((await client.delete(`/tokens/${made.id}`)).body.data).toEqual(revoked.body.data);
    for (const id of ['999999', 'x', '0'])
      expect((await client.delete(`/tokens/${id}`)).body.error).toMatchObject({ code: 'not_found' });
  });

  it('are out when their time is over', async () => {
    const made = (await client.post('/tokens', WANTED)).body.data;
    await set(made.id, `expires_at = now() + interval '1 hour'`);
    expect((await with_(made['token']).get('/apps')).status).toBe(200);
    await set(made.id, 'expires_at = now()');
    expect((await with_(made['token']).get('/apps')).status).toBe(401);
    expect((await client.get(`/tokens/${made.id}`)).body.data).toMatchObject({ state: 'expired' });
  });

  it('expire in 90 days, or as it is said, or never', async () => {
    const daysOf = async (said: object): Promise<number | null> => {
      const { expires_at: at } = (await client.post('/tokens', { ...WANTED, ...said })).body.data;
      return at === null ? null : Math.round((Date.parse(at as string) - Date.now()) / DAY);
    };
    expect(await daysOf({})).toBe(90);
    expect(await daysOf({ expires_in_days: 7 })).toBe(7);
    expect(await daysOf({ expires_at: new Date(Date.now() + 3 * DAY).toISOString() })).toBe(3);
    expect(await daysOf({ expires_at: null })).toBeNull();
  });

  it('say when they were last used, to the minute', async () => {
    const made = (await client.post('/tokens', WANTED)).body.data;
    const lastUse = async () => (await client.get(`/tokens/${made.id}`)).body.data['last_used_at'] as string | null;
    const bot = with_(made['token']);
    await bot.get('/apps');
    const first = await lastUse();
    expect(Date.now() - Date.parse(first ?? '')).toBeLessThan(60_000);
    await bot.get('/apps');
    expect(await lastUse()).toBe(first);
    await set(made.id, `last_used_at = now() - interval '61 seconds'`);
    await bot.get('/apps');
    expect(Date.parse((await lastUse()) ?? '')).toBeGreaterThanOrEqual(Date.parse(first ?? ''));
  });

  it('are listed by name, maker and state, newest first', async () => {
    const name = 'to be listed';
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1)
      ids.unshift((await client.post('/tokens', { ...WANTED, name })).body.data.id);
    const list = async (query: string) => {
      const { data } = (await client.get(`/tokens?name=${encodeURIComponent(name)}&${query}`)).body;
      return (data as unknown as { id: string }[]).map(({ id }) => id);
    };
    await client.delete(`/tokens/${ids[0]}`);
    await set(ids[1] ?? '', 'expires_at = now()');
    expect(await list('')).toEqual(ids);
    expect(await list('state=revoked')).toEqual([ids[0]]);
    expect(await list('state=expired')).toEqual([ids[1]]);
    expect(await list('state=active')).toEqual([ids[2]]);
    expect(await list('created_by=bootstrap&per_page=1&page=2')).toEqual([ids[1]]);
    expect(await list('created_by=octocat')).toEqual([]);
    expect((await client.get('/tokens?state=lost')).status).toBe(422);
  });

  it.each([
    [{ name: undefined }, 'name'],
    [{ name: 'two\nlines' }, 'name'],
    [{ verbs: undefined }, 'verbs'],
    [{ verbs: [] }, 'verbs'],
    [{ verbs: 'read' }, 'verbs'],
    [{ verbs: ['read', 'read'] }, 'verbs'],
    [{ verbs: ['root'] }, 'verbs'],
    [{ verbs: [['read']] }, 'verbs'],
    [{ verbs: ['*'] }, 'verbs'],
    [{ apps: undefined }, 'apps'],
    [{ apps: [] }, 'apps'],
    [{ apps: ['*'] }, 'apps'],
    [{ apps: 'blog' }, 'apps'],
    [{ apps: [7] }, 'apps'],
    [{ apps: { 0: 'blog' } }, 'apps'],
    [{ apps: 'x'.repeat(101).split('') }, 'apps'],
    [{ environments: '' }, 'environments'],
    [{ environments: null }, 'environments'],
    [{ environments: ['staging', 'staging'] }, 'environments'],
    [{ expires_at: 'tomorrow' }, 'expires_at'],
    [{ expires_at: '2020-01-01T00:00:00Z' }, 'expires_at'],
    [{ expires_at: '2099-01-01T00:00:00' }, 'expires_at'],
    [{ expires_at: '2099-13-01T00:00:00Z' }, 'expires_at'],
    [{ expires_in_days: 0 }, 'expires_in_days'],
    [{ expires_in_days: 3651 }, 'expires_in_days'],
    [{ expires_in_days: 1, expires_at: null }, 'expires_in_days'],
    [{ token: 'jky_mine' }, 'token'],
    [{ created_by: 'somebody' }, 'created_by'],
  ])('are refused with $0 ($1)', async (change, field) => {
    const refused = await client.post('/tokens', { ...WANTED, ...change });
    expect([refused.status, refused.body.errors.map((each) => each.field)]).toEqual([422, [field]]);
  });

  it('name apps and environments that there are, by name or id, once', async () => {
    for (const [field, value] of [
      ['apps', ['nobody']],
      ['environments', ['nowhere']],
    ] as const)
      expect((await client.post('/tokens', { ...WANTED, [field]: value })).status).toBe(404);
    const both = await client.post('/tokens', { ...WANTED, apps: ['blog', blog, 'Blog'] });
    expect(both.body.data).toMatchObject({ apps: ['blog'] });
  });

  it('stay with the app when its name passes to another', async () => {
    const old = (await client.post('/apps', { name: 'passing', repo: 'acme/x', stack: 'api' })).body.data.id;
    const bot = await clientWith(api, { apps: ['passing'] });
    await client.delete(`/apps/${old}`);
    await client.post('/apps', { name: 'passing', repo: 'acme/x', stack: 'api' });
    expect((await bot.get('/apps/passing')).status).toBe(404);
    expect((await bot.get('/apps')).body.data).toEqual([]);
  });

  it('come from forms too', async () => {
    const form = 'name=a+form&verbs[]=read&apps=*&environments[]=staging&expires_in_days=3';
    expect((await client.form('POST', '/tokens', form)).body.data).toMatchObject({
      ...{ verbs: ['read'], apps: ['*'], environments: ['staging'] },
    });
  });

  describe('made by who may not do everything', () => {
    const make = async (own: Parameters<typeof clientWith>[1], wanted: object) =>
      (await clientWith(api, own)).post('/tokens', { ...WANTED, ...wanted });

    it.each([
      ['a verb that they lack', { verbs: ['admin'] as const }, {}],
      ['everything', { verbs: ['admin', 'deploy'] as const }, { verbs: ['admin', 'deploy', 'manage'] }],
    ])('never allow %s', async (_, own, wanted) => {
      const refused = await make({ ...own, verbs: [...own.verbs] }, { apps: '*', environments: '*', ...wanted });
      expect([refused.status, refused.body.error.code]).toEqual([403, 'forbidden']);
      expect(refused.body.error.message).toContain('nobody can give what they do not have');
    });

    it('allow what they may do', async () => {
      const made = await make({ verbs: ['admin', 'deploy'] }, {});
      expect([made.status, made.body.data['created_by']]).toEqual([201, expect.stringMatching(/^token:\d+$/)]);
    });

    it.each([{ apps: ['blog'] }, { environments: ['staging'] }])(
      'are refused where the right is limited: %j',
      async (own) => expect((await make({ verbs: ['admin', 'deploy'], ...own }, {})).status).toBe(403),
    );
  });

  it('are made once with an Idempotency-Key, and the kept answer is sealed', async () => {
    const headers = { 'Idempotency-Key': 'make-a-token-1' };
    const first = await client.post('/tokens', WANTED, headers);
    const again = await client.post('/tokens', WANTED, headers);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.body).toEqual(first.body);
    expect(await whereIs(api, first.body.data['token'] as string)).toEqual([]);
    const other = await client.post('/tokens', { ...WANTED, name: 'other' }, headers);
    expect(other.status).toBe(422);
  });

  it('are unknown in any other form, and no guess is told from another', async () => {
    const token = await makeToken(api, {});
    const swapped = token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
    const answers = [];
    for (const guess of [
      swapped,
      token.toUpperCase(),
      token.slice(0, -1),
      `${token}a`,
      'jky_',
      `jky_${'%'.repeat(40)}`,
    ]) {
      const { status, body } = await with_(guess).get('/apps');
      answers.push([status, body.error]);
    }
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]?.[0]).toBe(401);
  });
});

/** The tables that hold a text anywhere, in any column. */
async function whereIs(api: TestApi, text: string): Promise<string[]> {
  const tables = await api.dataSource.query<{ name: string }[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const [row] = await api.dataSource.query<{ many: number }[]>(
      `SELECT count(*)::int AS many FROM "${name}" each WHERE position($1 IN each::text) > 0`,
      [text],
    );
    if (row?.many !== 0) found.push(name);
  }
  return found;
}

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BuildRow, DeployRow, GithubHookRow, WebhookDeliveryRow } from '../../src/store/entities/index.js';
import { WebhookExamples } from '../github/webhook-examples.js';
import type { WebhookToSend } from '../github/webhook-sender.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { GithubHook, pushOf } from '../support/github-hook.js';
import { seedPlaces, shaOf } from '../support/world.js';

const KEY = randomBytes(32).toString('base64');

describe('webhooks of GitHub', () => {
  let api: TestApi;
  let client: ApiClient;
  let hook: GithubHook;
  let appId: string;
  let count = 0;

  const countOf = (row: new () => { appId: string }) => api.dataSource.manager.countBy(row, { appId });
  const rule = (branch: string, environment: string) =>
    client.post(`/apps/${hook.app}/push_rules`, { branch, environment });
  const nextSha = () => shaOf((count += 1));

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: KEY } });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    const name = `app-${count}`;
    const made = await client.post('/apps', { name, repo: 'jockey/sample', subscribe_to_github_webhook: true });
    appId = made.body.data.id;
    hook = await GithubHook.of(client, name);
    api.world.queue.sent.length = 0;
  });

  describe('that are pushes', () => {
    it('build the head commit, and are answered with the build', async () => {
      const sha = nextSha();
      const { status, data } = await hook.push({ after: sha });
      expect([status, data.accepted, data.deploys]).toEqual([200, true, []]);
      expect(data.why).toContain('no push rule deploys main');
      const build = await client.get(`/builds/${data.build}`);
      expect(build.body.data).toMatchObject({ ref: 'main', rref: sha, state: 'in_progress' });
      expect(api.world.queue.sent).toEqual([{ kind: 'build', buildId: data.build }]);
    });

    it('deploy to each environment that a rule names for the branch, as what nobody asked for by hand', async () => {
      await rule('main', 'staging');
      await rule('*', 'staging');
      await rule('m*', 'production');
      await rule('release/*', 'development');
      const { data } = await hook.push({ after: nextSha() });
      expect(data.deploys?.map(({ environment }) => environment).sort()).toEqual(['production', 'staging']);
      for (const { deploy } of data.deploys ?? []) {
        const shown = await client.get(`/deploys/${deploy}`);
        expect(shown.body.data).toMatchObject({ automatic: true, rref: shaOf(count), build: { id: data.build } });
      }
      expect(await countOf(BuildRow)).toBe(1);
      const told = await client.get(`/events?after=0&app=${appId}&type=push.*,build.*,deploy.*`);
      const events = told.body.data as unknown as { type: string; data: object }[];
      expect(events.map(({ type }) => type)).toEqual([
        'push.received',
        'build.started',
        'deploy.created',
        'deploy.created',
      ]);
      expect(events[0]?.data).toMatchObject({ ref: 'refs/heads/main', rref: shaOf(count), replayed: false });
    });

    it('wait for the deploy in progress, and take the place of the one that waits', async () => {
      await rule('main', 'staging');
      const deploys = [];
      for (let at = 0; at < 3; at += 1) deploys.push((await hook.push({ after: nextSha() })).data.deploys?.[0]?.deploy);
      const states = await Promise.all(deploys.map(async (id) => (await client.get(`/deploys/${id}`)).body.data));
      expect(states.map(({ state, queued }) => [state, queued])).toEqual([
        ['created', false],
        ['failed', false],
        ['created', true],
      ]);
    });

    it('are kept out by a hold, which says why, and by no hold elsewhere', async () => {
      await rule('main', 'staging');
      await rule('main', 'production');
      await client.post(`/apps/${hook.app}/hold`, { environment: 'production', reason: 'an audit' });
      const { data } = await hook.push({ after: nextSha() });
      const [production, staging] = [...(data.deploys ?? [])].sort((a, b) => (a.environment < b.environment ? -1 : 1));
      expect(production).toMatchObject({ deploy: null, why: expect.stringContaining('(an audit)') });
      expect(staging).toMatchObject({ deploy: expect.any(String), why: null });
      expect(data.accepted).toBe(true);
    });

    it('to tags are built, and not deployed', async () => {
      await rule('**', 'staging');
      const { data } = await hook.push({ ref: 'refs/tags/v1', after: nextSha() });
      expect([data.accepted, data.build === null, data.deploys]).toEqual([true, false, []]);
    });

    it.each([
      [{ message: 'Say more [skip ci]' }, 'says [skip ci]'],
      [{ message: 'x [ci skip]' }, 'says [ci skip]'],
      [{ message: 'x\n\n[Skip Jockey]' }, 'says [Skip Jockey]'],
      [{ after: shaOf(0) }, 'branch main was deleted'],
      [{ ref: 'refs/tags/jockey/staging' }, 'moved by Jockey itself'],
      [{ repo: 'other/sample' }, 'The push is to other/sample'],
    ])('with %j lead to nothing, politely', async (facts, why) => {
      await rule('**', 'staging');
      const { status, data } = await hook.push({ after: nextSha(), ...facts });
      expect([status, data.accepted, data.build]).toEqual([200, false, null]);
      expect(data.why).toContain(why);
      expect([await countOf(BuildRow), await countOf(DeployRow), await countOf(WebhookDeliveryRow)]).toEqual([0, 0, 1]);
    });

    it('without a head commit lead to nothing', async () => {
      const { status, data } = await hook.send('push', { ...pushOf(), head_commit: null });
      expect([status, data.accepted, data.why]).toEqual([200, false, expect.stringContaining('no head commit')]);
    });

    it('are declined where the app does not listen', async () => {
      await client.put(`/apps/${hook.app}`, { subscribe_to_github_webhook: false });
      const { status, data } = await hook.push();
      expect([status, data.accepted]).toEqual([200, false]);
      expect(data.why).toContain('subscribe_to_github_webhook');
    });

    it('are done on behalf of the hook', async () => {
      const { data } = await hook.push({ after: nextSha() });
      const audit = await client.get(`/audit?app=${hook.app}`);
      expect(audit.text).toContain(`github:${hook.app}`);
      expect(data.accepted).toBe(true);
    });
  });

  it('take every published example of every event, politely', async () => {
    const examples = WebhookExamples.load();
    const refused: string[] = [];
    for (const event of examples.events)
      for (const payload of examples.of(event)) {
        const { status, data } = await hook.send(event, payload);
        const polite = status === 200 && typeof data.why === 'string' && data.accepted === (event === 'ping');
        if (!polite) refused.push(`${event}: ${status} ${JSON.stringify(data)}`);
      }
    expect(refused).toEqual([]);
    expect(examples.events.length).toBeGreaterThan(50);
  }, 120_000);

  it('take a real repository by its own examples', async () => {
    await client.put(`/apps/${hook.app}`, { repo: 'Codertocat/Hello-World' });
    const push = WebhookExamples.load()
      .of('push')
      .find((each) => each['head_commit'] !== null);
    expect((await hook.send('push', push)).data).toMatchObject({ accepted: true, build: expect.any(String) });
  });

  describe('and who sends them', () => {
    const unsigned = { secret: null };

    it('are known by SHA-256 alone, and by SHA-1 alone where hooks are old', async () => {
      for (const kind of ['sha256', 'sha1'] as const)
        expect((await hook.push({ after: nextSha() }, { signatures: [kind] })).status).toBe(200);
    });

    it('may be sent as a form', async () => {
      const { data } = await hook.push({ after: nextSha() }, { contentType: 'form' });
      expect(data.accepted).toBe(true);
    });

    it('may be sent to the id of the app', async () => {
      const byId = new GithubHook(api.url, appId, hook.secret);
      expect((await byId.push({ after: nextSha() })).data.accepted).toBe(true);
    });

    it('are answered alike for an app that is not there, one without secret, and every forged signature', async () => {
      const bare = `bare-${count}`;
      await client.post('/apps', { name: bare, repo: 'jockey/sample', subscribe_to_github_webhook: true });
      const of = (app: string) => new GithubHook(api.url, app, 'a secret that is wrong');
      const mac = (kind: string) => `${kind}=${createHmac(kind, 'wrong').update('{}').digest('hex')}`;
      const forged: Partial<WebhookToSend>[] = [
        unsigned,
        { secret: '' },
        { ...unsigned, headers: { 'x-hub-signature-256': 'sha256=' } },
        { ...unsigned, headers: { 'x-hub-signature-256': mac('sha256') } },
        { ...unsigned, headers: { 'x-hub-signature': mac('sha1') } },
        { secret: hook.secret, signatures: ['sha1'], headers: { 'x-hub-signature-256': mac('sha256') } },
        { secret: hook.secret, headers: { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` } },
      ];
      const replies = [
        await of('nobody').push(),
        await of('999999').push(),
        await of('NOT%20a%20name').push(),
        await of(bare).push(),
        await of(hook.app).push(),
      ];
      for (const change of forged) replies.push(await hook.push({}, change));
      const kinds = new Set(replies.map(({ status, text }) => `${status} ${sameFor(text)}`));
      expect([...kinds]).toEqual([expect.stringMatching(/^401 .*not_authenticated/)]);
      expect([await countOf(WebhookDeliveryRow), await countOf(BuildRow)]).toEqual([0, 0]);
    });

    it('are not taken from a hook of another app', async () => {
      await client.post('/apps', { name: `other-${count}`, repo: 'jockey/sample' });
      const other = await GithubHook.of(client, `other-${count}`);
      expect((await hook.push({}, { secret: other.secret })).status).toBe(401);
    });

    it('are refused where the key that sealed the secret is gone, and the log says so', async () => {
      const row = await api.dataSource.manager.findOneByOrFail(GithubHookRow, { appId });
      const sealed = { ...row.secret, key: '00000000' };
      await api.dataSource.query('UPDATE github_hooks SET secret = $2 WHERE app_id = $1', [appId, sealed]);
      expect((await hook.push()).status).toBe(401);
    });

    it('are refused once the app is deleted', async () => {
      await client.delete(`/apps/${hook.app}`);
      const byId = new GithubHook(api.url, appId, hook.secret);
      expect([(await hook.push()).status, (await byId.push()).status]).toEqual([401, 401]);
    });
  });

  describe('that are not as they should be', () => {
    const signed = (payload: unknown, change: Partial<WebhookToSend> = {}) => hook.send('push', payload, change);
    const bytes = (text: string) => Buffer.from(text);

    it.each([
      ['cut off', bytes(JSON.stringify(pushOf()).slice(0, 500)), 400],
      ['empty', bytes(''), 400],
      ['a list', bytes('[]'), 400],
      ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), 400],
      ['in UTF-16', Buffer.from(JSON.stringify(pushOf()), 'utf16le'), 400],
      ['very deep', bytes(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`), 400],
    ])('%s are refused, and leave nothing', async (_, payload, status) => {
      expect((await signed(payload)).status).toBe(status);
      expect(await countOf(WebhookDeliveryRow)).toBe(0);
    });

    it.each([
      ['x-github-event', ''],
      ['x-github-event', 'push\u00e9'],
      ['x-github-delivery', ''],
      ['x-github-delivery', 'x'.repeat(101)],
      ['x-github-delivery', "1' OR '1'='1"],
    ])('with the header %s: %j are refused, naming it', async (name, value) => {
      const reply = await signed(pushOf(), { headers: { [name]: value } });
      expect(reply.status).toBe(400);
      expect(reply.text.toLowerCase()).toContain(name);
    });

    it.each([
      [{ 'content-type': 'text/plain' }, 415],
      [{ 'content-type': 'application/x-www-form-urlencoded' }, 400],
      [{ 'content-encoding': 'gzip' }, 415],
    ])('with %j are refused with %i', async (headers, status) => {
      expect((await signed(bytes('{"a": 1}'), { headers })).status).toBe(status);
    });

    it('that are packed are refused unopened', async () => {
      const reply = await signed(gzipSync(Buffer.alloc(1_000_000)), { headers: { 'content-encoding': 'gzip' } });
      expect(reply.status).toBe(415);
    });

    it('of 10 MB are taken when they are signed, and refused when they are not', async () => {
      const payload = { ...pushOf({ after: nextSha() }), padding: 'x'.repeat(10_000_000) };
      expect((await signed(payload, { secret: 'wrong' })).status).toBe(401);
      expect((await signed(payload)).data.accepted).toBe(true);
    });

    it('of more than GitHub sends are refused', async () => {
      expect((await signed(Buffer.alloc(26 * 1024 * 1024, 0x20))).status).toBe(413);
    });

    it('and pollute prototypes change nothing', async () => {
      const text = JSON.stringify(pushOf({ after: nextSha() })).replace(
        '{',
        '{"__proto__":{"accepted":true,"ref":"x"},"constructor":{"prototype":{"polluted":1}},',
      );
      expect((await signed(bytes(text))).data.accepted).toBe(true);
      expect([{}].map((each: Record<string, unknown>) => [each['polluted'], each['accepted']])).toEqual([
        [undefined, undefined],
      ]);
      const empty = await signed(bytes('{"__proto__":{"ref":"refs/heads/main","repository":{"full_name":"a/b"}}}'));
      expect([empty.status, empty.data.accepted]).toEqual([200, false]);
    });

    it.each([
      { ref: 7 },
      { ref: null },
      { repository: 'jockey/sample' },
      { repository: null },
      { head_commit: [] },
      { head_commit: 'x' },
      { after: {} },
      { after: "'; DROP TABLE apps; --" },
      { deleted: 'yes', after: 7 },
    ])('with %j lead to nothing', async (change) => {
      const { status, data } = await signed({ ...pushOf(), ...change });
      expect([status, data.accepted, data.build]).toEqual([200, false, null]);
    });
  });

  it('leave no secret and no signature in logs, deliveries and the audit', async () => {
    const guid = randomUUID();
    const { data } = await hook.push({ after: nextSha() }, { guid });
    const shown = await client.get(`/webhook_deliveries/${data.id}`);
    const audit = await client.get('/audit?per_page=100');
    const rows = await api.dataSource.query<unknown[]>('SELECT * FROM github_hooks');
    const written = [shown.text, audit.text, JSON.stringify(rows), api.world.log.join('')].join('\n');
    expect(written).toContain(guid);
    expect(written).not.toContain(hook.secret);
    expect(written).not.toMatch(/sha256=[0-9a-f]{64}/);
  });
});

/** What differs from request to request, taken out. */
const sameFor = (text: string): string => text.replace(/"request_id":"[^"]*"/, '').replace(/"instance":"[^"]*"/, '');

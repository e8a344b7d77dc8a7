import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BuildRow, DeployRow, WebhookDeliveryRow } from '../../src/store/entities/index.js';
import { WebhookDeliveries } from '../../src/store/repositories/webhook-deliveries.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { GithubHook, pushOf } from '../support/github-hook.js';
import { seedPlaces, shaOf } from '../support/world.js';

const KEY = randomBytes(32).toString('base64');

describe('deliveries of GitHub', () => {
  let api: TestApi;
  let client: ApiClient;
  let hook: GithubHook;
  let appId: string;
  let count = 0;

  const counts = async () =>
    Promise.all([WebhookDeliveryRow, BuildRow, DeployRow].map((row) => api.dataSource.manager.countBy(row, { appId })));
  const nextSha = () => shaOf((count += 1));
  const pushedAt = (seconds: number, after = nextSha(), ref = 'refs/heads/main') => {
    const push = pushOf({ after, ref });
    return { ...push, repository: { ...(push['repository'] as object), pushed_at: seconds } };
  };

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: KEY } });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    const name = `app-${count}`;
    const body = { name, repo: 'jockey/sample', subscribe_to_github_webhook: true };
    appId = (await client.post('/apps', body)).body.data.id;
    hook = await GithubHook.of(client, name);
    await client.post(`/apps/${name}/push_rules`, { branch: 'main', environment: 'staging' });
  });

  it('that come five times at once have one effect, and one answer', async () => {
    const guid = randomUUID();
    const payload = pushOf({ after: nextSha() });
    const replies = await Promise.all(Array.from({ length: 5 }, () => hook.send('push', payload, { guid })));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.data).toMatchObject({ accepted: true, deploys: [{ environment: 'staging', why: null }] });
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('that come again are answered as they were, whatever became of the app', async () => {
    const guid = randomUUID();
    const first = await hook.push({ after: nextSha() }, { guid });
    await client.put(`/apps/${hook.app}`, { subscribe_to_github_webhook: false });
    const again = await hook.push({ after: nextSha() }, { guid });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('are told apart by app: a GUID of one is new to another', async () => {
    const guid = randomUUID();
    await hook.push({ after: nextSha() }, { guid });
    const name = `other-${count}`;
    await client.post('/apps', { name, repo: 'jockey/sample', subscribe_to_github_webhook: true });
    const other = await GithubHook.of(client, name);
    expect((await other.push({ after: shaOf(count) }, { guid })).data.accepted).toBe(true);
  });

  it('with the bytes of another and a GUID of their own, which no signature covers, do nothing again', async () => {
    const payload = pushOf({ after: nextSha() });
    const first = await hook.send('push', payload);
    const replies = await Promise.all(Array.from({ length: 5 }, () => hook.send('push', payload)));
    for (const { status, data } of replies)
      expect([status, data.accepted, data.why]).toEqual([200, false, expect.stringContaining(first.guid)]);
    expect(await counts()).toEqual([6, 1, 1]);
  });

  it('of two pushes at once to two branches are both done', async () => {
    const pushes = Array.from({ length: 5 }, (_, at) => hook.push({ after: nextSha(), ref: `refs/heads/b${at}` }));
    expect((await Promise.all(pushes)).every(({ data }) => data.accepted)).toBe(true);
    expect(await counts()).toEqual([5, 5, 0]);
  });

  it('that die in between have done nothing, and are done whole when they come again', async () => {
    const guid = randomUUID();
    const payload = pushOf({ after: nextSha() });
    const { id: environmentId } = (await client.get('/environments/staging')).body.data;
    const holder = api.dataSource.createQueryRunner();
    await holder.startTransaction();
    await holder.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`deploys ${appId} ${environmentId}`]);
    const dying = hook.send('push', payload, { guid });
    try {
      await eventually('the delivery waits for the place', async () => {
        const ended = (await holder.query(
          `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
           WHERE NOT granted AND locktype = 'advisory' AND datname = current_database()`,
        )) as unknown[];
        return ended.length > 0;
      });
    } finally {
      await holder.commitTransaction();
      await holder.release();
    }
    expect((await dying).status).toBeGreaterThanOrEqual(500);
    expect(await counts()).toEqual([0, 0, 0]);
    expect((await hook.send('push', payload, { guid })).data.accepted).toBe(true);
    expect(await counts()).toEqual([1, 1, 1]);
  });

  it('and deploys by hand of the same commit at once never wait for one another without end', async () => {
    await client.post(`/apps/${hook.app}/push_rules`, { branch: 'main', environment: 'production' });
    for (let round = 0; round < 5; round += 1) {
      const sha = nextSha();
      api.world.source.commits.set(sha, sha);
      const byHand = (environment: string) =>
        client.post('/deploys', { app: hook.app, environment, rref: sha, queue: true });
      const [push, ...others] = await Promise.all([
        hook.push({ after: sha }),
        byHand('production'),
        byHand('staging'),
        byHand('production'),
      ]);
      expect([push.status, ...others.map(({ status }) => status)]).toEqual([200, 202, 202, 202]);
    }
  });

  describe('that come late', () => {
    it('are built, and not deployed over what was pushed later', async () => {
      const later = await hook.send('push', pushedAt(2_000_000_000));
      const late = await hook.send('push', pushedAt(1_999_999_000));
      expect(later.data.deploys?.[0]?.deploy).toEqual(expect.any(String));
      expect([late.data.accepted, late.data.build === null]).toEqual([true, false]);
      expect(late.data.deploys?.[0]).toMatchObject({ deploy: null, why: expect.stringContaining(later.guid) });
      const same = await hook.send('push', pushedAt(2_000_000_000));
      expect(same.data.deploys?.[0]?.why).toBeNull();
    });

    it('are compared with their own branch alone', async () => {
      await hook.send('push', pushedAt(2_000_000_000, nextSha(), 'refs/heads/next'));
      const { data } = await hook.send('push', pushedAt(1_999_999_000));
      expect(data.deploys?.[0]?.why).toBeNull();
    });
  });

  describe('that were kept', () => {
    const replay = (id: string | undefined, headers = {}) =>
      client.post(`/webhook_deliveries/${id}/replay`, {}, headers);

    it('are listed by app, newest first, in pages, and shown with their payload', async () => {
      const push = await hook.push({ after: nextSha() });
      await hook.send('ping', { zen: 'Keep it logically awesome.' });
      await hook.send('issues', { action: 'opened' });
      const list = await client.get(`/webhook_deliveries?app=${hook.app}&per_page=2`);
      const items = list.body.data as unknown as { event: string; answer: { accepted: boolean } }[];
      expect(items.map(({ event, answer }) => [event, answer.accepted])).toEqual([
        ['issues', false],
        ['ping', true],
      ]);
      expect(list.body.pagination).toMatchObject({ total_count: 3, total_pages: 2 });
      const { data } = (await client.get(`/webhook_deliveries/${push.data.id}`)).body;
      expect(data).toMatchObject({ guid: push.guid, event: 'push', ref: 'refs/heads/main', replay_of: null });
      expect(JSON.parse(String(data['payload']))).toMatchObject({ after: shaOf(count) });
      expect(data['headers']).toMatchObject({ 'x-github-delivery': push.guid });
      expect((await client.get('/webhook_deliveries/999999')).status).toBe(404);
      expect((await client.get('/webhook_deliveries?app=nobody')).status).toBe(404);
    });

    it('are run anew, as deliveries of their own', async () => {
      await client.post(`/apps/${hook.app}/hold`, { environment: 'staging', reason: 'an audit' });
      const first = await hook.push({ after: nextSha() });
      expect(first.data.deploys?.[0]?.deploy).toBeNull();
      expect((await replay(first.data.id)).body.data['answer']).toMatchObject({ deploys: [{ deploy: null }] });
      await client.delete(`/apps/${hook.app}/hold?environment=staging`);
      const again = await replay(first.data.id);
      expect([again.status, again.body.data['replay_of'], again.body.data['guid']]).toEqual([
        201,
        first.data.id,
        first.guid,
      ]);
      expect(again.body.data['answer']).toMatchObject({ accepted: true, build: first.data.build });
      expect(await counts()).toEqual([3, 1, 1]);
    });

    it('are run anew once for one Idempotency-Key', async () => {
      const first = await hook.push({ after: nextSha() });
      const headers = { 'idempotency-key': randomUUID() };
      const [one, two] = [await replay(first.data.id, headers), await replay(first.data.id, headers)];
      expect(two.body).toEqual(one.body);
      expect((await counts())[0]).toBe(2);
    });

    it('are run anew from a form, too', async () => {
      const first = await hook.push({ after: nextSha() }, { contentType: 'form' });
      expect((await replay(first.data.id)).body.data['answer']).toMatchObject({ accepted: true });
    });

    it('lose their payload after 30 days, and nothing else: their GUID stays known', async () => {
      const guid = randomUUID();
      const first = await hook.push({ after: nextSha() }, { guid });
      await api.dataSource.query(
        `UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE id = $1`,
        [first.data.id],
      );
      await api.app.get(WebhookDeliveries).prune();
      expect((await client.get(`/webhook_deliveries/${first.data.id}`)).body.data['payload']).toBeNull();
      expect((await replay(first.data.id)).status).toBe(409);
      expect((await hook.push({ after: nextSha() }, { guid })).text).toBe(first.text);
    });
  });

  describe('and rights', () => {
    const tokenOf = async (scope: object) => {
      const made = await client.post('/tokens', { name: `t-${randomUUID()}`, environments: '*', ...scope });
      expect([made.status, made.text]).toEqual([201, expect.any(String)]);
      return new ApiClient(api.url, String(made.body.data['token']));
    };

    it('are seen by who sees the app, and run anew by who deploys it', async () => {
      const { data } = await hook.push({ after: nextSha() });
      await client.post('/apps', { name: `blind-${count}`, repo: 'jockey/sample' });
      const stranger = await tokenOf({ apps: [`blind-${count}`], verbs: ['read', 'deploy'] });
      expect((await stranger.get(`/webhook_deliveries/${data.id}`)).status).toBe(404);
      expect((await stranger.post(`/webhook_deliveries/${data.id}/replay`)).status).toBe(404);
      expect((await stranger.get('/webhook_deliveries')).body.pagination['total_count']).toBe(0);
      const reader = await tokenOf({ apps: [hook.app], verbs: ['read'] });
      expect((await reader.get(`/webhook_deliveries/${data.id}`)).status).toBe(200);
      expect((await reader.post(`/webhook_deliveries/${data.id}/replay`)).status).toBe(403);
      const deployer = await tokenOf({ apps: [hook.app], verbs: ['deploy'] });
      expect((await deployer.post(`/webhook_deliveries/${data.id}/replay`)).status).toBe(201);
    });
  });
});

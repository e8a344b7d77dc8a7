import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable, DomainError } from '../../src/domain/kernel/errors.js';
import { HookInstaller } from '../../src/features/github-webhooks/hook-installer.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { GithubHook } from '../support/github-hook.js';
import { seedPlaces, shaOf } from '../support/world.js';

const ENVIRONMENT = {
  SECRETS_KEY: randomBytes(32).toString('base64'),
  JOCKEY_URL: 'https://jockey.example.com/',
  GITHUB_OAUTH_TOKEN: 'a-token-of-github',
};

describe('hooks on GitHub', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let count = 0;

  const create = async (change: object = {}) =>
    (await client.post('/apps', { name: app, repo: `jockey/${app}`, ...change })).body.data;
  const make = (body: object = {}, headers = {}) => client.post(`/apps/${app}/webhook`, body, headers);
  const show = async () => (await client.get(`/apps/${app}/webhook`)).body.data;
  const installed = () => api.world.repoHost.hooks.filter(({ repo }) => repo === `jockey/${app}`);
  const push = (secret: string | undefined) =>
    new GithubHook(api.url, app, secret ?? '').push({ repo: `jockey/${app}`, after: shaOf((count += 1)) });

  beforeAll(async () => {
    api = await TestApi.start({ environment: ENVIRONMENT });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(() => {
    count += 1;
    app = `app-${count}`;
  });
  afterEach(() => {
    api.world.repoHost.failing = null;
  });

  it('are installed with the app that wants to hear of pushes, once, with a secret that nobody is shown', async () => {
    const { id } = await create({ subscribe_to_github_webhook: true });
    const [hook] = installed();
    expect(hook).toMatchObject({ url: `https://jockey.example.com/github_webhooks/${id}`, events: ['push'] });
    expect((await push(hook?.secret)).data.accepted).toBe(true);
    const shown = await show();
    expect(shown).toMatchObject({ installed: true, hook_id: hook?.id, has_secret: true, why_not: null });
    expect(shown['last_delivery']).toMatchObject({ event: 'push', answer: { accepted: true } });
    expect(JSON.stringify(shown)).not.toContain(hook?.secret);
    expect(shown).not.toHaveProperty('secret');
  });

  it('are not installed with an app that does not, or that has a Git URL of its own', async () => {
    await create();
    expect([installed(), (await show())['installed'], (await show())['has_secret']]).toEqual([[], false, false]);
    app = `${app}-x`;
    await create({ subscribe_to_github_webhook: true, git_url: 'https://git.example.com/x.git' });
    expect([installed(), (await show())['why_not']]).toEqual([[], expect.stringContaining('git_url')]);
  });

  it('get a new secret each time they are asked for, and stay one', async () => {
    await create({ subscribe_to_github_webhook: true });
    const before = installed()[0]?.secret;
    const made = await make();
    expect([made.status, made.body.data['installed'], 'secret' in made.body.data]).toEqual([201, true, false]);
    const [hook, ...others] = installed();
    expect(others).toEqual([]);
    expect(hook?.secret).not.toBe(before);
    expect([(await push(before)).status, (await push(hook?.secret)).status]).toEqual([401, 200]);
  });

  it('asked for five times at once are one', async () => {
    await create();
    const replies = await Promise.all(Array.from({ length: 5 }, () => make()));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    expect(installed()).toHaveLength(1);
    await make();
    expect((await push(installed()[0]?.secret)).status).not.toBe(401);
  });

  it('never fail the creation of an app, keep why, and are tried again', async () => {
    api.world.repoHost.failing = unavailable('GitHub', 'it is down');
    const made = await client.post('/apps', { name: app, repo: `jockey/${app}`, subscribe_to_github_webhook: true });
    expect(made.status).toBe(201);
    expect(await show()).toMatchObject({ installed: false, why_not: expect.stringContaining('it is down') });
    api.world.repoHost.failing = null;
    await api.app.get(HookInstaller).retry();
    expect(installed()).toEqual([]);
    await api.dataSource.query(`UPDATE github_hooks SET retry_at = now() WHERE retry_at IS NOT NULL`);
    await Promise.all([api.app.get(HookInstaller).retry(), api.app.get(HookInstaller).retry()]);
    expect(await show()).toMatchObject({ installed: true, why_not: null });
    expect((await push(installed()[0]?.secret)).data.accepted).toBe(true);
  });

  it('that GitHub refuses are told, and not tried again by themselves', async () => {
    await create();
    api.world.repoHost.failing = new DomainError('unprocessable_entity', 'GitHub refuses for it (404): Not Found.');
    const refused = await make();
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('Not Found')]);
    expect(await show()).toMatchObject({ installed: false, why_not: expect.stringContaining('Not Found') });
    const [row] = await api.dataSource.query<{ due: number }[]>(
      'SELECT count(*)::int AS due FROM github_hooks WHERE retry_at IS NOT NULL',
    );
    expect(row?.due).toBe(0);
  });

  it('keep the secret that GitHub has until it has taken the new one', async () => {
    await create({ subscribe_to_github_webhook: true });
    const before = installed()[0]?.secret;
    api.world.repoHost.failing = unavailable('GitHub', 'it is down');
    expect((await make()).status).toBe(503);
    expect((await push(before)).status).toBe(200);
    api.world.repoHost.failing = null;
    await make();
    expect((await push(before)).status).toBe(401);
  });

  it('can be made by hand: the secret is shown once, and the one before it ends', async () => {
    const { id } = await create({ subscribe_to_github_webhook: true });
    const before = installed()[0]?.secret;
    const headers = { 'idempotency-key': `hook-${app}` };
    const made = await make({ install: false }, headers);
    expect(made.body.data).toMatchObject({
      url: `https://jockey.example.com/github_webhooks/${id}`,
      content_type: 'application/json',
      events: ['push'],
      secret: expect.stringMatching(/^[0-9a-f]{64}$/),
      installed: false,
    });
    expect((await make({ install: false }, headers)).body).toEqual(made.body);
    expect([(await push(before)).status, (await push(String(made.body.data['secret']))).status]).toEqual([401, 200]);
    expect(await show()).not.toHaveProperty('secret');
    const written = await api.dataSource.query<unknown[]>('SELECT * FROM idempotency_keys');
    expect(JSON.stringify([written, api.world.log])).not.toContain(made.body.data['secret']);
  });

  it('say where they were, when the repository of the app is another', async () => {
    await create({ subscribe_to_github_webhook: true });
    await client.put(`/apps/${app}`, { repo: 'jockey/moved' });
    expect(await show()).toMatchObject({ installed: false, why_not: expect.stringContaining(`jockey/${app}`) });
  });

  it('are those of an app that is there', async () => {
    expect([(await make()).status, (await client.get(`/apps/${app}/webhook`)).status]).toEqual([404, 404]);
    await create();
    expect((await make({ install: 'yes' })).status).toBe(422);
  });
});

describe('hooks of a Jockey that does not know GitHub', () => {
  it.each([
    [{ SECRETS_KEY: ENVIRONMENT.SECRETS_KEY }, 'JOCKEY_URL', 201],
    [{ SECRETS_KEY: ENVIRONMENT.SECRETS_KEY, JOCKEY_URL: ENVIRONMENT.JOCKEY_URL }, 'GITHUB_OAUTH_TOKEN', 201],
    [{ JOCKEY_URL: ENVIRONMENT.JOCKEY_URL, GITHUB_OAUTH_TOKEN: 'x' }, 'SECRETS_KEY', 422],
  ])('are made by hand, with what is missing named: %#', async (environment, missing, status) => {
    const api = await TestApi.start({ environment });
    try {
      await seedPlaces(api.dataSource);
      const body = { name: 'sample', repo: 'jockey/sample', subscribe_to_github_webhook: true };
      expect((await api.client.post('/apps', body)).status).toBe(201);
      const made = await api.client.post('/apps/sample/webhook');
      expect([made.status, made.text]).toEqual([status, expect.stringContaining(missing)]);
      if (status === 201) expect(made.body.data['secret']).toMatch(/^[0-9a-f]{64}$/);
      expect(api.world.repoHost.calls).toEqual([]);
    } finally {
      await api.stop();
    }
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { aMember } from '../support/fake-github.js';
import { tablesWith } from '../support/where-is.js';
import { seedPlaces } from '../support/world.js';

const ACCESS = {
  GITHUB_ORG: 'acme',
  ACCESS_TEAMS: 'ops=admin, developers=deployer:staging|development, release=deployer:production',
};

const VIEWER = { verbs: ['read'], apps: '*', environments: '*' };

describe('tokens of GitHub', () => {
  let api: TestApi;

  const as = (login: string, ...teams: string[]) =>
    new ApiClient(api.url, api.world.members.add(aMember(login, { teams })));

  beforeAll(async () => {
    api = await TestApi.start({ environment: ACCESS });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'blog', repo: 'acme/blog', stack: 'api' });
  });
  afterEach(() => {
    api.world.members.failing = null;
  });
  afterAll(() => api?.stop());

  it('let a member in, by the header or the parameter', async () => {
    const token = api.world.members.add(aMember('ann'));
    const stranger = new ApiClient(api.url, null);
    expect((await new ApiClient(api.url, token).get('/apps')).status).toBe(200);
    expect((await stranger.get(`/apps?github_access_token=${token}`)).status).toBe(200);
  });

  it('let nobody in who is no member, and ask GitHub once about the token', async () => {
    const stranger = new ApiClient(api.url, 'gho_of_somebody_else_0123456789');
    const asked = api.world.members.askedTokens.length;
    for (const path of ['/apps', '/me', '/people']) {
      const reply = await stranger.get(path);
      expect([path, reply.status, reply.body.error.code]).toEqual([path, 401, 'not_authenticated']);
    }
    expect(api.world.members.askedTokens.length).toBe(asked + 1);
  });

  it('are not sent to GitHub where they cannot be any', async () => {
    const asked = api.world.members.askedTokens.length;
    expect((await new ApiClient(api.url, 'short').get('/apps')).status).toBe(401);
    expect((await new ApiClient(api.url, 'x/../../user?a=012345678901').get('/apps')).status).toBe(401);
    expect(api.world.members.askedTokens.length).toBe(asked);
  });

  it('say at /me what their holder may do where', async () => {
    const developer = await as('dev', 'developers').get('/me');
    expect(developer.body.data).toEqual({
      kind: 'person',
      name: 'dev',
      login: 'dev',
      grants: [
        VIEWER,
        {
          verbs: ['read', 'build', 'deploy', 'scale', 'config', 'run'],
          apps: '*',
          environments: ['staging', 'development'],
        },
      ],
    });
    expect((await api.client.get('/me')).body.data).toMatchObject({ kind: 'bootstrap', login: null });
    expect((await new ApiClient(api.url, null).get('/me')).status).toBe(401);
  });

  it.each([
    { teams: [], staging: 403, production: 403, create: 403, people: 403 },
    { teams: ['developers'], staging: 202, production: 403, create: 403, people: 403 },
    { teams: ['release'], staging: 403, production: 202, create: 403, people: 403 },
    { teams: ['developers', 'release'], staging: 202, production: 202, create: 403, people: 403 },
    { teams: ['ops'], staging: 202, production: 202, create: 201, people: 200 },
    { teams: ['strangers'], staging: 403, production: 403, create: 403, people: 403 },
  ])('of members of $teams may do what the teams may', async ({ teams, staging, production, create, people }) => {
    const member = as(`member-of-${teams.join('-')}`, ...teams);
    const reconcile = async (environment: string) => {
      const { status } = await member.post('/reconciles', { app: 'blog', environment });
      await api.dataSource.query(`UPDATE reconciles SET state = 'completed'`);
      return status;
    };
    expect((await member.get('/apps')).status).toBe(200);
    expect(await reconcile('staging')).toBe(staging);
    expect(await reconcile('production')).toBe(production);
    expect((await member.post('/environments', { name: `by-${teams.join('-')}` })).status).toBe(create);
    expect((await member.get('/people')).status).toBe(people);
  });

  it('answer 503 that names GitHub while it is down, and open nothing; public pages go on', async () => {
    const token = api.world.members.add(aMember('early'));
    api.world.members.failing = unavailable('GitHub', 'connect ECONNREFUSED');
    const early = new ApiClient(api.url, token);
    for (const path of ['/apps', '/me', '/no-such-path']) {
      const reply = await early.get(path);
      expect([path, reply.status, reply.body.error.code]).toEqual([path, 503, 'unavailable']);
      expect(reply.body.detail).toContain('GitHub does not answer');
    }
    expect((await early.post('/apps', { name: 'sneaked' })).status).toBe(503);
    expect((await early.get('/healthz')).status).toBe(200);
    expect((await api.client.get('/apps')).status).toBe(200);
    api.world.members.failing = null;
    expect((await early.get('/apps')).status).toBe(200);
  });

  it('keep whom GitHub vouched for in while it is down, as long as its answer holds', async () => {
    const known = as('known');
    expect((await known.get('/apps')).status).toBe(200);
    api.world.members.failing = unavailable('GitHub', 'it limits the rate');
    expect((await known.get('/apps')).status).toBe(200);
  });

  it('are neither stored, logged nor echoed, whatever becomes of the request', async () => {
    const member = api.world.members.add(aMember('canary-holder', { teams: ['ops'] }), 'gho_canary_of_a_member_4711');
    const stranger = 'gho_canary_of_a_stranger_4711';
    api.world.log.length = 0;
    const said: string[] = [];
    for (const token of [member, stranger]) {
      const client = new ApiClient(api.url, token);
      const bare = new ApiClient(api.url, null);
      for (const reply of [
        await client.get('/me'),
        await client.get('/apps?page=0'),
        await client.get('/no-such-path'),
        await client.post('/environments', { name: 'canary' }, { 'idempotency-key': 'canary-1' }),
        await client.post('/environments', { name: 'canary' }, { 'idempotency-key': 'canary-1' }),
        await client.post('/environments', { name: '' }),
        await bare.get(`/apps?github_access_token=${token}&per_page=1`),
      ])
        said.push(reply.text, JSON.stringify([...reply.headers]));
      api.world.members.failing = unavailable('GitHub', 'away');
      said.push((await new ApiClient(api.url, `${token}x`).get('/apps')).text);
      api.world.members.failing = null;
    }
    expect(api.world.log.length).toBeGreaterThanOrEqual(14);
    expect(said.join('\n')).not.toContain('canary_of');
    expect(api.world.log.join('\n')).not.toContain('canary_of');
    expect(await tablesWith(api.dataSource, 'canary_of')).toEqual([]);
    expect(await tablesWith(api.dataSource, 'canary-holder')).toContain('people');
  });

  it('leave word of who was here, by account, once a minute at most', async () => {
    const token = api.world.members.add(aMember('octocat', { githubId: '583231', name: 'The Octocat' }));
    const octocat = new ApiClient(api.url, token);
    await Promise.all([octocat.get('/me'), octocat.get('/apps'), octocat.get('/me')]);
    const people = await api.client.get('/people?per_page=100');
    const found = (people.body.data as unknown as { login: string }[]).filter(({ login }) => login === 'octocat');
    expect(found).toEqual([
      {
        id: expect.any(String),
        github_id: '583231',
        login: 'octocat',
        name: 'The Octocat',
        first_seen_at: expect.stringMatching(/Z$/),
        last_seen_at: expect.stringMatching(/Z$/),
      },
    ]);
  });
});

describe('where more is asked of members', () => {
  it('lets nobody in who is not in the required team, and a member without a role do nothing', async () => {
    const environment = { ...ACCESS, GITHUB_TEAM: 'staff', ACCESS_MEMBERS: 'none' };
    const api = await TestApi.start({ environment });
    try {
      const as = (login: string, teams: string[]) =>
        new ApiClient(api.url, api.world.members.add(aMember(login, { teams })));
      expect((await as('outside', ['ops']).get('/me')).status).toBe(401);
      const idle = as('idle', ['staff']);
      expect((await idle.get('/me')).body.data).toMatchObject({ login: 'idle', grants: [] });
      for (const path of ['/apps', '/environments', '/people']) expect((await idle.get(path)).status).toBe(403);
      expect((await as('boss', ['staff', 'ops']).get('/people')).status).toBe(200);
    } finally {
      await api.stop();
    }
  });

  it('lets every member do everything where no team has a role', async () => {
    const api = await TestApi.start({ environment: { GITHUB_ORG: 'acme' } });
    try {
      const member = new ApiClient(api.url, api.world.members.add(aMember('anybody')));
      expect((await member.post('/environments', { name: 'mine' })).status).toBe(201);
      expect((await member.get('/people')).status).toBe(200);
    } finally {
      await api.stop();
    }
  });

  it('forgets a membership when the answer of GitHub is too old', async () => {
    const api = await TestApi.start({ environment: { GITHUB_ORG: 'acme', ACCESS_CACHE_SECONDS: '0' } });
    try {
      const member = new ApiClient(api.url, api.world.members.add(aMember('leaver')));
      expect((await member.get('/me')).status).toBe(200);
      api.world.members.remove('leaver');
      expect((await member.get('/me')).status).toBe(401);
    } finally {
      await api.stop();
    }
  });
});

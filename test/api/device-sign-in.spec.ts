import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GithubOrgMembers } from '../../src/adapters/github/github-org-members.js';
import { GithubStandIn } from '../github/github-stand-in.js';
import { ApiClient, type Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';

const variables = (github: GithubStandIn) => ({
  GITHUB_URL: github.url,
  GITHUB_ORG: 'acme',
  ACCESS_TEAMS: 'ops=admin',
  GITHUB_OAUTH_CLIENT_ID: 'jockey-app',
  SIGN_IN_FAILURES_PER_MINUTE: '0',
});

interface Begun {
  readonly device_code: string;
  readonly user_code: string;
}

const dataOf = <T>(reply: Reply): T => (reply.body as { readonly data: T }).data;

describe('signing in on another device', () => {
  let github: GithubStandIn;
  let api: TestApi;
  let stranger: ApiClient;

  beforeAll(async () => {
    github = await GithubStandIn.start();
    github.oauth.apps.set('jockey-app', 'secret-of-the-app');
    const members = new GithubOrgMembers({
      api: { url: github.apiUrl, patience: 4_000 },
      org: 'acme',
      serverToken: undefined,
    });
    api = await TestApi.start({ environment: variables(github), members });
    stranger = new ApiClient(api.url, null);
    github.world.addPerson('ann', { name: 'Ann', teams: { acme: ['ops'] } });
    github.world.addPerson('eve', { name: 'Eve', teams: {} });
  });
  afterEach(() => {
    github.trouble = null;
  });
  afterAll(async () => {
    await api?.stop();
    await github?.stop();
  });

  const begin = async (): Promise<Begun> => dataOf<Begun>(await stranger.post('/auth/device'));
  const finish = (deviceCode: unknown): Promise<Reply> =>
    stranger.post('/auth/device/token', { device_code: deviceCode });

  it('waits until the code was typed in, and gives the token of that person', async () => {
    const begun = await begin();
    expect(begun).toMatchObject({ verification_uri: 'https://github.com/login/device', expires_in: 900, interval: 5 });
    expect(dataOf(await finish(begun.device_code))).toEqual({ state: 'pending', token: null, interval: 5 });
    github.oauth.typeIn(begun.user_code, 'ann');
    const answer = await finish(begun.device_code);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { token } = dataOf<{ readonly token: string }>(answer);
    expect(dataOf(await new ApiClient(api.url, token).get('/me'))).toMatchObject({ kind: 'person', login: 'ann' });
    expect((await finish(begun.device_code)).status).toBe(422);
  });

  it('keeps out who declines, and who is no member', async () => {
    const [one, other] = [await begin(), await begin()];
    github.oauth.typeIn(one.user_code, null);
    github.oauth.typeIn(other.user_code, 'eve');
    expect((await finish(one.device_code)).status).toBe(403);
    const answer = await finish(other.device_code);
    expect([answer.status, answer.text.includes('gho_')]).toEqual([403, false]);
  });

  it.each([
    ['nobody-knows-it', 422],
    ['no code', 422],
    [7, 422],
    [undefined, 422],
  ])('refuses the device code %j', async (code, status) => expect((await finish(code)).status).toBe(status));

  it('says that GitHub does not answer', async () => {
    github.trouble = { kind: 'refuses connections' };
    expect((await stranger.post('/auth/device')).status).toBe(503);
    expect((await finish('abc')).status).toBe(503);
  });

  it('leaves nothing behind', async () => {
    const { device_code: code } = await begin();
    await finish(code);
    const [{ count }] = await api.dataSource.query<[{ count: string }]>('SELECT count(*) FROM audit_entries');
    expect(count).toBe('0');
  });

  it('says what is missing where no OAuth app is set up', async () => {
    const bare = await TestApi.start();
    const answer = await new ApiClient(bare.url, null).post('/auth/device');
    await bare.stop();
    expect([answer.status, answer.text]).toEqual([422, expect.stringContaining('GITHUB_OAUTH_CLIENT_ID')]);
  });
});

describe('the version', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api?.stop());

  it('is told to everybody, and stands on every answer', async () => {
    const stranger = new ApiClient(api.url, null);
    const answer = await stranger.get('/version');
    const { version } = dataOf<{ readonly version: string }>(answer);
    expect(dataOf(answer)).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), api: '1' });
    for (const path of ['/apps', '/no-such', '/healthz'])
      expect([path, (await stranger.get(path)).headers.get('jockey-version')]).toEqual([path, version]);
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { GithubOrgMembers } from '../../src/adapters/github/github-org-members.js';
import { GithubStandIn, type Trouble } from '../github/github-stand-in.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi, TOKEN } from '../support/api.js';
import { Browser, type Seen } from '../support/browser.js';
import { tablesWith } from '../support/where-is.js';
import { seedPlaces } from '../support/world.js';

const JOCKEY = 'http://jockey.example';

const OWN_PAGE = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };

/** As long as the adapter waits here, in milliseconds. */
const PATIENCE = 4_000;

const variables = (github: GithubStandIn) => ({
  GITHUB_URL: github.url,
  GITHUB_ORG: 'acme',
  GITHUB_TEAM: 'staff',
  ACCESS_TEAMS: 'ops=admin, developers=deployer:staging',
  ACCESS_CACHE_SECONDS: '0',
  GITHUB_OAUTH_CLIENT_ID: 'jockey-app',
  GITHUB_OAUTH_CLIENT_SECRET: 'secret-of-the-app',
  SECRETS_KEY: Buffer.alloc(32, 5).toString('base64'),
  JOCKEY_URL: JOCKEY,
});

const membersAt = (github: GithubStandIn) =>
  new GithubOrgMembers({ api: { url: github.apiUrl, patience: PATIENCE }, org: 'acme', serverToken: undefined });

describe('signing in at GitHub', () => {
  let github: GithubStandIn;
  let api: TestApi;
  let browser: Browser;

  beforeAll(async () => {
    github = await GithubStandIn.start();
    github.oauth.apps.set('jockey-app', 'secret-of-the-app');
    api = await TestApi.start({ environment: variables(github), members: membersAt(github) });
    await seedPlaces(api.dataSource);
  });
  beforeEach(() => {
    browser = new Browser(api.url);
    github.world.addPerson('ann', { name: 'Ann', teams: { acme: ['ops', 'staff'] } });
    github.oauth.signedIn = 'ann';
  });
  afterEach(() => {
    github.trouble = null;
    vi.useRealTimers();
  });
  afterAll(async () => {
    await api?.stop();
    await github?.stop();
  });

  /** At GitHub's page the person agrees; answers the path that GitHub sends the browser back to. */
  async function backFromGithub(returnTo?: string): Promise<string> {
    const query = returnTo === undefined ? '' : `?return_to=${encodeURIComponent(returnTo)}`;
    const away = await browser.ask(`/auth/github${query}`);
    expect(away.status).toBe(302);
    const page = await fetch(away.location, { redirect: 'manual' });
    const back = new URL(page.headers.get('location') ?? '');
    expect(back.origin).toBe(JOCKEY);
    return back.pathname + back.search;
  }

  const signIn = async (returnTo?: string): Promise<Seen> => browser.ask(await backFromGithub(returnTo));

  function expectProblem(seen: Seen, status: number, sentence: RegExp): void {
    expect([seen.status, seen.headers.get('content-type')]).toEqual([
      status,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
    expect((JSON.parse(seen.text) as { detail: string }).detail).toMatch(sentence);
    expect(seen.text).not.toMatch(/node_modules|<html|\bat .*\.[jt]s:/);
  }

  const who = async (from = browser): Promise<unknown> => {
    const { status, text } = await from.ask('/me');
    return status === 200 ? (JSON.parse(text) as { data: { login: string } }).data.login : status;
  };

  describe('the way there and back', () => {
    it('leads to GitHub with a state and a challenge, for the least that is needed', async () => {
      const { location, headers } = await browser.ask('/auth/github');
      const url = new URL(location);
      expect(`${url.origin}${url.pathname}`).toBe(`${github.url}/login/oauth/authorize`);
      expect(Object.fromEntries(url.searchParams)).toEqual({
        client_id: 'jockey-app',
        response_type: 'code',
        redirect_uri: `${JOCKEY}/auth/github/callback`,
        scope: 'read:org',
        state: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge: expect.stringMatching(/^[\w-]{43}$/),
        code_challenge_method: 'S256',
        allow_signup: 'false',
      });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(browser.setCookies).toEqual([expect.stringMatching(/^jockey_sign_in=[^;]+; .*HttpOnly; SameSite=Lax$/)]);
    });

    it('gives a session that opens the API, with what the teams give', async () => {
      const back = await signIn();
      expect([back.status, back.location]).toEqual([302, '/docs']);
      expect([...browser.cookies.keys()]).toEqual(['jockey_session']);
      expect(browser.setCookies.at(-1)).toMatch(
        /^jockey_session=[\w.-]+; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
      );
      const me = await browser.ask('/me');
      expect(JSON.parse(me.text)).toMatchObject({ data: { kind: 'person', name: 'ann', login: 'ann' } });
      expect((await browser.ask('/people')).status).toBe(200);
      expect((await browser.ask('/docs')).status).toBe(200);
    });

    it('leads back to where one came from, and never to another host', async () => {
      expect((await signIn('/docs?x=1#/apps')).location).toBe('/docs?x=1#/apps');
      for (const evil of ['https://evil.example', '//evil.example', '/\\evil.example', 'docs', '/a\nb']) {
        const refused = await browser.ask(`/auth/github?return_to=${encodeURIComponent(evil)}`);
        expectProblem(refused, 422, /return_to should be a path of Jockey itself/);
        expect(refused.location).toBe('');
      }
    });

    it('says what a person may do by the session alone, and lets a token speak first', async () => {
      github.world.addPerson('dev', { teams: { acme: ['developers', 'staff'] } });
      github.oauth.signedIn = 'dev';
      await signIn();
      expect((await browser.ask('/people')).status).toBe(403);
      expect((await browser.ask('/people', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
      expect((await browser.ask('/people', { headers: { authorization: 'Bearer no-such-token-at-all' } })).status).toBe(401); // prettier-ignore
    });
  });

  describe('what goes wrong on the way', () => {
    it('is told to who declines', async () => {
      github.oauth.signedIn = null;
      expectProblem(await signIn(), 403, /declined at GitHub/);
      expect(browser.cookies.has('jockey_session')).toBe(false);
    });

    it('is told where the answer has no code, no state, or texts that are none', async () => {
      for (const [query, name] of [
        ['', 'code'],
        ['?code=x', 'state'],
        ['?state=x', 'code'],
        ['?code=&state=x', 'code'],
        ['?code[]=x&state=x', 'code'],
        ['?code=x&state[a]=x', 'state'],
      ] as const)
        expectProblem(await browser.ask(`/auth/github/callback${query}`), 400, new RegExp(`^${name} is missing`));
    });

    it('never lets a sign-in end in a browser where it did not begin', async () => {
      const back = await backFromGithub();
      const victim = new Browser(api.url);
      expectProblem(await victim.ask(back), 400, /did not begin in this browser/);
      await victim.ask('/auth/github');
      expectProblem(await victim.ask(back), 400, /did not begin in this browser/);
      expect(victim.cookies.has('jockey_session')).toBe(false);
    });

    it('takes no state that was guessed, or changed in the cookie', async () => {
      const back = new URL(await backFromGithub(), JOCKEY);
      const cookie = browser.cookies.get('jockey_sign_in') ?? '';
      back.searchParams.set('state', 'guessed');
      expectProblem(await browser.ask(back.pathname + back.search), 400, /did not begin/);
      for (const forged of [`${cookie.slice(0, -2)}xx`, cookie.replace('.', ''), 'x', `${cookie}.y`]) {
        const again = new URL(await backFromGithub(), JOCKEY);
        browser.cookies.set('jockey_sign_in', forged);
        expectProblem(await browser.ask(again.pathname + again.search), 400, /did not begin/);
      }
      expect(browser.cookies.has('jockey_session')).toBe(false);
    });

    it('counts an answer once, in the same browser and in a copy', async () => {
      const back = await backFromGithub();
      const copy = browser.copy();
      expect((await browser.ask(back)).status).toBe(302);
      expectProblem(await browser.ask(back), 400, /finished already/);
      expectProblem(await copy.ask(back), 401, /GitHub does not take the code/);
      expect(copy.cookies.has('jockey_session')).toBe(false);
    });

    it('is told to who took longer than ten minutes', async () => {
      const back = await backFromGithub();
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 });
      expectProblem(await browser.ask(back), 400, /too long ago/);
    });

    it('is told to who is no member, or only asked to be one, or not in the required team', async () => {
      github.world.addPerson('stranger');
      github.world.invite('invited', 'acme');
      github.world.addPerson('elsewhere', { teams: { other: ['staff'] } });
      github.world.addPerson('outside', { teams: { acme: ['ops'] } });
      for (const login of ['stranger', 'invited', 'elsewhere', 'outside']) {
        github.oauth.signedIn = login;
        expectProblem(await signIn(), 403, /not as a member of acme who may come in/);
        expect(browser.cookies.has('jockey_session')).toBe(false);
        expect(await who()).toBe(401);
      }
    });

    it('names what to look at when GitHub does not know the app', async () => {
      github.oauth.apps.set('jockey-app', 'another-secret');
      const back = await signIn();
      github.oauth.apps.set('jockey-app', 'secret-of-the-app');
      expectProblem(back, 422, /incorrect_client_credentials.*GITHUB_OAUTH_CLIENT_SECRET/);
      const wrong = await browser.ask('/auth/github/callback?error=redirect_uri_mismatch&error_description=%3Cb%3Ex');
      expectProblem(wrong, 422, /redirect_uri_mismatch/);
      expect(wrong.text).not.toContain('<b>');
      const odd = await browser.ask('/auth/github/callback?error=%3Cscript%3E');
      expectProblem(odd, 400, /none of the words that GitHub sends/);
      expect(odd.text).not.toContain('script');
    });

    it.each<Trouble>([
      'down',
      'says nonsense',
      'limits the rate',
      'limits the rate for a while',
      'refuses connections',
    ])('is a 503 that names GitHub when that %s, at the code or at the person', async (kind) => {
      for (const at of [/access_token$/, /^GET \/user/]) {
        const back = await backFromGithub();
        github.trouble = { kind, at };
        expectProblem(await browser.ask(back), 503, /^GitHub /);
        github.trouble = null;
        expect(browser.cookies.has('jockey_session')).toBe(false);
      }
    });

    it.each<Trouble>(['hangs', 'breaks off'])('ends in time when GitHub %s, at the code', async (kind) => {
      const back = await backFromGithub();
      github.trouble = { kind, at: /access_token$/ };
      expectProblem(await browser.ask(back), 503, /^GitHub does not answer: it took too long/);
    });
  });

  describe('a session', () => {
    it('is over for good once its person signed out, for every copy of the cookie', async () => {
      await signIn();
      const thief = browser.copy();
      expect(await who(thief)).toBe('ann');
      const out = await browser.ask('/signout', { method: 'POST', headers: OWN_PAGE });
      expect([out.status, JSON.parse(out.text)]).toEqual([200, { data: { signed_out: true } }]);
      expect(browser.cookies.size).toBe(0);
      const audit = await api.client.get('/audit?operation=signOut');
      expect(audit.body.data as unknown).toEqual([
        expect.objectContaining({ state: 'done', status: 200, actor: { kind: 'person', name: 'ann', login: 'ann' } }),
      ]);
      expectProblem(await thief.ask('/me'), 401, /The session is over: it has ended/);
      expect((await thief.ask('/docs')).status).toBe(200);
      const again = await thief.ask('/signout');
      expect([again.status, JSON.parse(again.text)]).toEqual([200, { data: { signed_out: false } }]);
      expect(await who(new Browser(api.url))).toBe(401);
    });

    it('ends by a link of ours, and not by one of another site', async () => {
      await signIn();
      const lured = await browser.ask('/signout', { headers: { 'sec-fetch-site': 'cross-site' } });
      expectProblem(lured, 403, /Another site asked/);
      expect(await who()).toBe('ann');
      expect((await browser.ask('/signout', { headers: { 'sec-fetch-site': 'none' } })).status).toBe(200);
      expect(await who()).toBe(401);
    });

    it('ends by itself', async () => {
      await signIn();
      await api.dataSource.query(`UPDATE sessions SET expires_at = now() - interval '1 second' WHERE ended_at IS NULL`);
      expectProblem(await browser.ask('/me'), 401, /Sign in again at \/auth\/github/);
    });

    it('is not made by hand, nor of parts of others', async () => {
      await signIn();
      const own = browser.cookies.get('jockey_session') ?? '';
      const other = new Browser(api.url);
      const [mine, theirs] = [browser, other];
      browser = other;
      await signIn();
      browser = mine;
      const [secret, ...box] = own.split('.');
      const [otherSecret, ...otherBox] = (theirs.cookies.get('jockey_session') ?? '').split('.');
      const mixed = [
        [secret, ...otherBox],
        [otherSecret, ...box],
        [secret],
        ['a'.repeat(43), ...box],
        [secret, box[0], `${box[1]?.slice(0, -3)}AAA`],
      ].map((parts) => parts.join('.'));
      for (const forged of [...mixed, 'x', `${own}x`, '%00', 'x'.repeat(4000), `"${own}"`]) {
        browser.cookies.set('jockey_session', forged);
        expect([forged.length, await who()]).toEqual([forged.length, 401]);
      }
      browser.cookies.set('jockey_session', own);
      expect(await who()).toBe('ann');
    });

    it('ends with the membership, and with the token at GitHub', async () => {
      await signIn();
      expect(await who()).toBe('ann');
      github.world.removeMember('ann', 'acme');
      expectProblem(await browser.ask('/me'), 401, /GitHub says that you may not come in/);
      github.world.addPerson('ann', { teams: { acme: ['staff'] } });
      expect(await who()).toBe('ann');
      expect((await browser.ask('/people')).status).toBe(403);
      for (const token of github.world.tokens.keys()) github.world.revoke(token);
      expect(await who()).toBe(401);
    });

    it.each<Trouble>(['down', 'hangs', 'breaks off', 'limits the rate', 'refuses connections'])(
      'answers 503 when GitHub %s, opens nothing, and goes on afterwards',
      async (kind) => {
        await signIn();
        github.trouble = { kind };
        expectProblem(await browser.ask('/people'), 503, /^GitHub /);
        expect((await browser.ask('/docs')).status).toBe(200);
        github.trouble = null;
        expect(await who()).toBe('ann');
      },
    );

    it('is for one person, whatever name another takes', async () => {
      await signIn();
      await api.dataSource.query(`UPDATE sessions SET github_id = '1' WHERE ended_at IS NULL`);
      expect(await who()).toBe(401);
    });
  });

  describe('what a session writes', () => {
    const create = (name: string, headers: Readonly<Record<string, string>>) =>
      browser.ask('/environments', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ name }),
      });

    it('is written from our own pages alone', async () => {
      await signIn();
      const elsewhere: Readonly<Record<string, string>>[] = [
        {},
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: `${JOCKEY}.evil.example` },
        { 'sec-fetch-site': 'cross-site' },
        { 'sec-fetch-site': 'cross-site', origin: JOCKEY },
        { 'sec-fetch-site': 'same-site' },
        { referer: `${JOCKEY}/docs` },
      ];
      for (const headers of elsewhere)
        expectProblem(await create('forged', headers), 403, /only from a page of Jockey itself/);
      const form = { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' };
      const posted = await browser.ask('/environments', { method: 'POST', headers: form, body: 'name=forged' });
      expectProblem(posted, 403, /Programs send a token instead/);
      const out = await browser.ask('/signout', { method: 'POST', headers: { origin: 'https://evil.example' } });
      expectProblem(out, 403, /only from a page of Jockey itself/);
      expect((await create('by-origin', { origin: JOCKEY })).status).toBe(201);
      expect((await create('by-fetch', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
      const names = await api.dataSource.query<{ name: string }[]>('SELECT name FROM environments');
      expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['by-origin', 'by-fetch']));
      expect(names.map(({ name }) => name)).not.toContain('forged');
    });

    it('asks nothing of who sends a token beside the cookie', async () => {
      await signIn();
      expect((await create('by-token', { authorization: `Bearer ${TOKEN}` })).status).toBe(201);
    });
  });

  it('keeps the token of GitHub to the browser, sealed: in no log, no row, no answer', async () => {
    github.world.addPerson('canary', { teams: { acme: ['staff'] } });
    github.oauth.signedIn = 'canary';
    api.world.log.length = 0;
    const back = await backFromGithub();
    const seen = [await browser.ask(back), await browser.ask('/me'), await browser.ask('/apps?page=0')];
    github.trouble = { kind: 'down' };
    seen.push(await browser.ask('/me'), await browser.ask('/people'));
    const [token = ''] = [...github.world.tokens].find(([, { person }]) => person?.login === 'canary') ?? [];
    expect(token).toMatch(/^gho_/);
    const [secret = ''] = (browser.cookies.get('jockey_session') ?? '').split('.');
    const query = new URL(back, JOCKEY).searchParams;
    const secrets = [token, secret, query.get('code') ?? '', query.get('state') ?? '', 'secret-of-the-app'];
    const said = seen.map(({ text, headers }) => text + JSON.stringify([...headers])).join('\n');
    const log = api.world.log.join('\n');
    expect(log).toContain('/auth/github/callback');
    for (const text of secrets) {
      expect(text.length).toBeGreaterThan(10);
      expect(log).not.toContain(text);
      expect(await tablesWith(api.dataSource, text)).toEqual([]);
      if (text !== secret) expect(said + browser.setCookies.join('\n')).not.toContain(text);
    }
    expect(await tablesWith(api.dataSource, 'canary')).toEqual(expect.arrayContaining(['people', 'sessions']));
  });
});

describe('where Jockey is reached by HTTPS', () => {
  it('keeps its cookies to this host and to HTTPS', async () => {
    const github = await GithubStandIn.start();
    github.oauth.apps.set('jockey-app', 'secret-of-the-app');
    github.world.addPerson('ann', { teams: { acme: ['staff'] } });
    github.oauth.signedIn = 'ann';
    const environment = { ...variables(github), JOCKEY_URL: 'https://jockey.example/' };
    const api = await TestApi.start({ environment, members: membersAt(github) });
    try {
      const browser = new Browser(api.url);
      const { location } = await browser.ask('/auth/github');
      const page = await fetch(location, { redirect: 'manual' });
      const back = new URL(page.headers.get('location') ?? '');
      expect(back.origin).toBe('https://jockey.example');
      expect((await browser.ask(back.pathname + back.search)).status).toBe(302);
      for (const line of browser.setCookies)
        expect(line).toMatch(/^__Host-jockey_.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
      expect(browser.setCookies.join()).not.toMatch(/Domain/i);
      expect((await browser.ask('/me')).status).toBe(200);
      const plain = new Browser(api.url);
      plain.cookies.set('jockey_session', browser.cookies.get('__Host-jockey_session') ?? '');
      expect((await plain.ask('/me')).status).toBe(401);
    } finally {
      await api.stop();
      await github.stop();
    }
  });
});

describe('where people cannot sign in', () => {
  it('says which variables are missing, and takes tokens', async () => {
    const api = await TestApi.start({ environment: { GITHUB_OAUTH_CLIENT_ID: 'x' } });
    try {
      const stranger = new ApiClient(api.url, null);
      for (const path of ['/auth/github', '/auth/github/callback?code=x&state=y']) {
        const reply = await stranger.get(path);
        expect([path, reply.status]).toEqual([path, 422]);
        expect(reply.body.detail).toContain('set GITHUB_ORG, GITHUB_OAUTH_CLIENT_SECRET, SECRETS_KEY.');
      }
      expect((await stranger.get('/signout')).body.data).toEqual({ signed_out: false });
      const cookie = await stranger.get('/apps', { cookie: `jockey_session=${'a'.repeat(43)}.00ff.AAAA` });
      expect(cookie.status).toBe(401);
      expect((await api.client.get('/apps')).status).toBe(200);
    } finally {
      await api.stop();
    }
  });
});

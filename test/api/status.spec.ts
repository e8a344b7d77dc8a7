import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { BuildRow, DeployRow } from '../../src/store/entities/index.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi, TOKEN } from '../support/api.js';
import { Browser, type Seen } from '../support/browser.js';
import { putRelease } from '../support/releases.js';
import { makeToken } from '../support/tokens.js';
import { putDeploy, putInstance, seedPlaces } from '../support/world.js';

const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
const EVIL = `</pre><script>alert("1")</script><img src=x onerror='alert(2)'>`;

/** As a browser asks for a page. */
const AS_PAGE = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const AS_FORM = { ...AS_PAGE, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };

describe('the status page', () => {
  let api: TestApi;
  let deploy: DeployRow;
  let build: BuildRow;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY } });
    await seedPlaces(api.dataSource);
    const { manager } = api.dataSource;
    for (const name of ['sample', 'hidden'])
      await api.client.post('/apps', { name, repo: `jockey/${name}`, stack: 'api' });
    const place = { app: 'sample', environment: 'production' };
    await putRelease(api.dataSource, place, { commit: 7 });
    deploy = await putDeploy(api.dataSource, place, 'failed');
    const failure = { cause: EVIL, kind: 'exited', lastCheck: null, lastChecks: [], lastLines: [EVIL] };
    const left = { ...failure, exitCode: 1, signal: null, outOfMemory: false, instance: 'web-1', host: 'h1' };
    const failed = { outcome: 'reverted', failureReason: EVIL, failure: left, completedAt: new Date() };
    await manager.update(DeployRow, { id: deploy.id }, failed as object);
    await putInstance(api.dataSource, deploy, { host: 'h1' });
    build = await manager.findOneByOrFail(BuildRow, { id: deploy.buildId ?? '' });
    await manager.update(BuildRow, { id: build.id }, { ref: EVIL, failureReason: EVIL });
    const lines = [...Array.from({ length: 3 }, (_, at) => `line ${at}`), EVIL];
    for (const text of lines)
      for (const [subject, id] of [
        ['deploy', deploy.id],
        ['build', build.id],
      ])
        // prettier-ignore
        await api.dataSource.query(
          'INSERT INTO log_lines (subject, subject_id, logger, text) VALUES ($1, $2, $3, $4)',
          [subject, id, 'engine', text],
        );
    await putDeploy(api.dataSource, { app: 'hidden', environment: 'production' }, 'deploying');
  });
  afterAll(() => api?.stop());

  const as = (token: string | null) => {
    const client = new ApiClient(api.url, token);
    return {
      status: () => client.get('/status', AS_PAGE),
      app: (name: string) => client.get(`/status/apps/${name}`, AS_PAGE),
      deploy: (id: string) => client.get(`/status/deploys/${id}`, AS_PAGE),
      build: (id: string) => client.get(`/status/builds/${id}`, AS_PAGE),
    };
  };

  const all = async () => {
    const pages = as(TOKEN);
    return Promise.all([pages.status(), pages.app('sample'), pages.deploy(deploy.id), pages.build(build.id)]);
  };

  it('is whole without scripts: places, deploys, builds, a log, hosts and plots', async () => {
    const { status, text, headers } = await as(TOKEN).status();
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    for (const part of ['places', 'deploys', 'builds', 'log', 'hosts', 'history'])
      expect(text).toContain(`<section id="${part}"`);
    expect(text).toMatch(/<th scope="row"><a href="\/status\/apps\/sample">sample<\/a><\/th>/);
    expect(text).toMatch(/<strong>v1<\/strong>/);
    expect(text).toContain('Deploys a day, day by day');
  });

  it('has pages of an app, a deploy and a build, with their logs', async () => {
    const [, app, ofDeploy, ofBuild] = await all();
    expect(app.text).toContain('<h1>sample</h1>');
    expect(ofDeploy.text).toContain(`<h1>Deploy ${deploy.id}</h1>`);
    expect(ofDeploy.text).toMatch(new RegExp(`data-log="/deploys/${deploy.id}/logs\\?ansi=strip&amp;after=\\d+"`));
    expect(ofBuild.text).toContain('<span>line 2</span>');
  });

  it('lets nothing that somebody wrote become a part of it', async () => {
    const pages = await all();
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    for (const { text } of pages) {
      expect(text).not.toContain('<script>');
      expect(text).not.toContain('<img');
    }
    expect(pages[2]?.text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;');
  });

  it('loads our own style and script alone, and has nothing that a strict policy refuses', async () => {
    for (const { text, headers } of await all()) {
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';frame-ancestors 'none';base-uri 'none';form-action 'self';style-src 'self';script-src 'self';img-src 'self';connect-src 'self'",
      );
      expect(headers.get('cache-control')).toBe('no-store');
      expect(text).not.toMatch(/<style|<[a-z][^>]*\s(?:style|on[a-z]+)=["']|javascript:/i);
      const loaded = [...text.matchAll(/<(?:script|link|img)[^>]*?(?:src|href)="([^"]*)"/g)].map(([, path]) => path);
      expect(loaded).toHaveLength(3);
      for (const path of loaded) expect(path).toMatch(/^\/status\/assets\/[a-z.]+\?v=[0-9a-f]{12}$/);
      expect([...text.matchAll(/<form/g)]).toHaveLength(0);
    }
  });

  it('has its files for everybody and for good, and no others', async () => {
    const stranger = new ApiClient(api.url, null);
    for (const name of ['status.css', 'status.js', 'icon.svg']) {
      const { status, headers } = await stranger.get(`/status/assets/${name}`);
      expect([name, status, headers.get('cache-control')]).toEqual([name, 200, 'public, max-age=31536000, immutable']);
    }
    for (const name of ['nothing.js', '..%2f..%2fhtml.ts', '__proto__'])
      expect([name, (await stranger.get(`/status/assets/${name}`)).status]).toEqual([name, 404]);
    expect((await stranger.get('/status/assets/status.js')).text).not.toMatch(/innerHTML|method:/);
  });

  it('shows each caller what the API answers to them, and says what it may not show', async () => {
    const token = await makeToken(api, { verbs: ['read'], apps: ['sample'] });
    const pages = as(token);
    const { text } = await pages.status();
    expect(text).toContain('sample');
    expect(text).not.toContain('hidden');
    expect(text).toMatch(/id="hosts-heading">[^<]*<\/h2>\s*<p class="refusal">/);
    expect((await as(TOKEN).status()).text).toContain('hidden');
    const other = await api.dataSource.manager.findOneByOrFail(DeployRow, { state: 'deploying' });
    const answers = [await pages.app('hidden'), await pages.deploy(other.id), await pages.build(other.buildId ?? '')];
    for (const { status, headers, text: page } of answers) {
      expect([status, headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
      expect(page).toContain('<h1>');
    }
  });

  it('answers programs with the usual problem', async () => {
    const refused = await new ApiClient(api.url, null).get('/status');
    expect([refused.status, refused.headers.get('content-type')]).toEqual([
      401,
      expect.stringMatching(/^application\/problem\+json/),
    ]);
  });

  it('stays whole where a part cannot be had', async () => {
    api.world.hosts.failing = unavailable('Consul', 'it is away');
    try {
      const { status, text } = await as(TOKEN).status();
      expect(status).toBe(200);
      expect(text).toMatch(/<p class="refusal">[^<]*Consul/);
      expect(text).toContain('<a href="/status/apps/sample">');
    } finally {
      api.world.hosts.failing = null;
    }
  });

  describe('signing in with a token', () => {
    let browser: Browser;
    beforeEach(() => {
      browser = new Browser(api.url);
    });

    const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
    const signIn = (token: string, headers: Record<string, string> = AS_FORM): Promise<Seen> =>
      browser.ask('/auth/token', { method: 'POST', headers, body: form({ token, return_to: '/status/apps/sample' }) });
    const look = (): Promise<Seen> => browser.ask('/status', { headers: AS_PAGE });

    it('begins at the page itself, and leads to where one wanted to go', async () => {
      const away = await look();
      expect([away.status, away.text.includes('action="/auth/token"')]).toEqual([401, true]);
      expect(away.text).not.toContain('/auth/github');
      const back = await signIn(TOKEN);
      expect([back.status, back.location]).toEqual([302, '/status/apps/sample']);
      expect(browser.setCookies[0]).toMatch(/; HttpOnly; SameSite=Lax$/);
      expect([...browser.cookies.values()].join()).not.toContain(TOKEN);
      const seen = await look();
      expect([seen.status, seen.text.includes('<span>bootstrap</span>')]).toEqual([200, true]);
      expect((await browser.ask('/events?per_page=1')).status).toBe(200);
    });

    it('ends with a sign-out, which leads back to the page', async () => {
      await signIn(TOKEN);
      const copy = browser.copy();
      const out = await browser.ask('/signout', { method: 'POST', headers: AS_FORM });
      expect([out.status, out.location]).toEqual([303, '/status']);
      expect((await copy.ask('/status', { headers: AS_PAGE })).status).toBe(401);
    });

    it('gives the rights of the token, and ends when it is revoked', async () => {
      const made = await api.client.post('/tokens', { name: 'a look', verbs: ['read'], apps: ['sample'], environments: '*' }); // prettier-ignore
      await signIn(made.body.data['token'] as string);
      expect((await look()).text).not.toContain('hidden');
      const own = { ...AS_FORM, accept: '*/*' };
      const write = await browser.ask('/apps/sample', { method: 'DELETE', headers: own });
      expect(write.status).toBe(403);
      await api.client.delete(`/tokens/${made.body.data.id}`);
      const over = await look();
      expect([over.status, over.text.includes('its token is not valid any more')]).toEqual([401, true]);
    });

    it.each(['', 'wrong', `jky_${'x'.repeat(43)}`, 'y'.repeat(3000), '<script>'])('refuses %s', async (token) => {
      const seen = await signIn(token);
      expect([seen.status, browser.cookies.size]).toEqual([401, 0]);
      expect(seen.text).toContain('role="alert"');
      expect(seen.text).not.toContain('<script>');
    });

    it('is for our own page alone, and sends nobody elsewhere', async () => {
      for (const site of ['cross-site', 'same-site', 'none'])
        expect((await signIn(TOKEN, { ...AS_FORM, 'sec-fetch-site': site })).status).toBe(403);
      expect(browser.cookies.size).toBe(0);
      const body = form({ token: TOKEN, return_to: 'https://elsewhere.example/' });
      expect((await browser.ask('/auth/token', { method: 'POST', headers: AS_FORM, body })).location).toBe('/status');
    });

    it('needs a key to seal the token with', async () => {
      const keyless = await TestApi.start();
      try {
        const other = new Browser(keyless.url);
        const { text } = await other.ask('/status', { headers: AS_PAGE });
        expect([text.includes('<form'), text.includes('SECRETS_KEY')]).toEqual([false, true]);
        const body = form({ token: TOKEN });
        expect((await other.ask('/auth/token', { method: 'POST', headers: AS_FORM, body })).status).toBe(422);
      } finally {
        await keyless.stop();
      }
    });
  });
});

import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GitSourceCode } from '../../src/adapters/git/git-source-code.js';
import { GithubRepoHost } from '../../src/adapters/github/github-repo-host.js';
import { GithubStandIn } from '../github/github-stand-in.js';
import { WebhookExamples } from '../github/webhook-examples.js';
import { sendWebhook } from '../github/webhook-sender.js';
import { BareRepository } from '../support/git-server.js';

const run = promisify(execFile);
const SHA = '1'.repeat(40);

/** The stand-in is worth what its own checks are worth. */
describe('the stand-in for GitHub', () => {
  let github: GithubStandIn;
  let token: string;

  beforeEach(async () => {
    github = await GithubStandIn.start();
    github.world.addPerson('ada', { teams: { acme: ['ops'] } });
    github.world.addRepository('acme/web');
    token = github.world.tokenOf('ada', { scopes: ['repo', 'read:org', 'admin:repo_hook'] });
  });

  afterEach(() => github.stop());

  const call = async (method: string, path: string, body?: unknown): Promise<number> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(github.apiUrl + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await answer.text();
    return answer.status;
  };

  it.each([
    ['a path that GitHub does not have', 'GET', '/shoe-size', undefined, /is no operation of GitHub/],
    ['a method that it does not have', 'DELETE', '/user/teams', undefined, /is no operation of GitHub/],
    ['a query that it does not know', 'GET', '/user/teams?limit=5', undefined, /knows no query "limit"/],
    ['a query of another type', 'GET', '/user/teams?per_page=many', undefined, /per_page: it must be integer/],
    ['no body where one is needed', 'POST', `/repos/acme/web/statuses/${SHA}`, undefined, /needs a body/],
    ['a body without what is required', 'POST', `/repos/acme/web/statuses/${SHA}`, {}, /required property 'state'/],
    ['a state that it does not know', 'POST', `/repos/acme/web/statuses/${SHA}`, { state: 'fine' }, /allowed values/],
    [
      'a field that it does not know',
      'POST',
      `/repos/acme/web/statuses/${SHA}`,
      { state: 'error', link: 'x' },
      /"link"/,
    ],
    ['a null that may not be', 'POST', '/repos/acme/web/deployments', { ref: null }, /\/ref must be string/],
  ])('finds %s', async (...[, method, path, body, violation]) => {
    await call(method, path, body);
    expect(github.violations.splice(0).join('\n')).toMatch(violation);
  });

  it('takes a null where its description says so', async () => {
    const body = { state: 'error', target_url: null, description: null };
    expect(await call('POST', `/repos/acme/web/statuses/${SHA}`, body)).toBe(201);
  });

  it('finds what it answers wrongly itself', async () => {
    github.world.addRepository('acme/web').deployments.push({
      id: 1,
      sha: SHA,
      environment: 7 as unknown as string,
      payload: {},
      description: null,
      statuses: [],
    });
    await call('GET', '/repos/acme/web/deployments');
    expect(github.violations.splice(0).join('\n')).toContain('/0/environment must be string');
  });

  it('fails the test that did not mend it', async () => {
    const other = await GithubStandIn.start();
    await fetch(`${other.apiUrl}/shoe-size`);
    await expect(other.stop()).rejects.toThrow('GET /shoe-size is no operation of GitHub');
  });

  describe('sign-in', () => {
    const BACK = 'http://127.0.0.1:1/auth/callback';

    beforeEach(() => {
      github.oauth.apps.set('client', 'secret');
      github.oauth.signedIn = 'ada';
    });

    const authorize = async (query: Record<string, string>): Promise<URLSearchParams> => {
      const url = `${github.url}/login/oauth/authorize?${new URLSearchParams(query).toString()}`;
      const answer = await fetch(url, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? 'http://nowhere').searchParams;
    };

    const exchange = async (form: Record<string, string>): Promise<URLSearchParams> => {
      const body = new URLSearchParams({ client_id: 'client', client_secret: 'secret', ...form });
      const answer = await fetch(`${github.url}/login/oauth/access_token`, { method: 'POST', body });
      return new URLSearchParams(await answer.text());
    };

    it('gives a token for a code, once', async () => {
      const back = await authorize({ client_id: 'client', redirect_uri: BACK, state: 's', scope: 'read:org' });
      expect(back.get('state')).toBe('s');
      const code = back.get('code') ?? '';
      const answer = await exchange({ code, redirect_uri: BACK });
      expect(github.world.tokens.get(answer.get('access_token') ?? '')).toMatchObject({
        person: { login: 'ada' },
        scopes: ['read:org'],
      });
      expect((await exchange({ code })).get('error')).toBe('bad_verification_code');
    });

    it('gives none for a wrong secret, address or proof', async () => {
      const code = async (more = {}) =>
        (await authorize({ client_id: 'client', redirect_uri: BACK, ...more })).get('code') ?? '';
      const wrong = await exchange({ code: await code(), client_secret: 'guess' });
      expect(wrong.get('error')).toBe('incorrect_client_credentials');
      const elsewhere = await exchange({ code: await code(), redirect_uri: 'http://evil.test' });
      expect(elsewhere.get('error')).toBe('redirect_uri_mismatch');
      const unproven = await exchange({ code: await code({ code_challenge: 'x' }), code_verifier: 'y' });
      expect(unproven.get('error')).toBe('bad_verification_code');
    });

    it('sends back who refuses', async () => {
      github.oauth.signedIn = null;
      const back = await authorize({ client_id: 'client', redirect_uri: BACK, state: 's' });
      expect(Object.fromEntries(back)).toEqual({ state: 's', error: 'access_denied' });
    });
  });

  describe('Git', () => {
    let root: string;
    let served: GithubStandIn;
    let sha: string;

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'github-'));
      await mkdir(join(root, 'acme'));
      const repository = await BareRepository.create(join(root, 'acme', 'web.git'));
      sha = await repository.commit({ 'hello.txt': 'hello' }, 'main');
      served = await GithubStandIn.start({ gitRoot: root });
      served.world.addPerson('ada');
    });

    afterAll(async () => {
      await served.stop();
      await rm(root, { recursive: true });
    });

    const clone = (credentials: string, to: string) =>
      run(
        'git',
        ['clone', '--quiet', served.url.replace('//', `//${credentials}@`) + '/acme/web.git', join(root, to)],
        {
          env: { PATH: process.env['PATH'], GIT_TERMINAL_PROMPT: '0', HOME: root },
        },
      );

    it('is cloned with a token', async () => {
      await clone(`x-access-token:${served.world.tokenOf('ada')}`, 'cloned');
      expect(await readFile(join(root, 'cloned', 'hello.txt'), 'utf8')).toBe('hello');
    });

    it('is not cloned with another', async () => {
      await expect(clone('x-access-token:gho_made-up', 'refused')).rejects.toThrow(/authentication failed/i);
    });

    it('is read by Jockey, with its token', async () => {
      const places = { githubUrl: served.url, githubToken: served.world.tokenOf('ada'), localRoot: undefined };
      const source = new GitSourceCode(places, join(root, 'cache'));
      expect(await source.resolve({ repo: 'acme/web', gitUrl: null }, 'main')).toEqual({ sha, branch: 'main' });
    });
  });

  describe('webhooks', () => {
    const examples = WebhookExamples.load();
    const received: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
    let receiver: Server;
    let url: string;

    beforeAll(async () => {
      receiver = createServer((request, response) => {
        void buffer(request).then((body) => {
          received.push({ headers: request.headers, body });
          response.writeHead(202).end('{}');
        });
      });
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
    });

    beforeEach(() => void (received.length = 0));
    afterAll(() => receiver.close());

    it.each(['push', 'delete', 'ping', 'create', 'release', 'status', 'deployment', 'star'])(
      'are there as published for %s',
      (event) => expect(examples.of(event).length).toBeGreaterThan(0),
    );

    it('makes pushes, deletions and pings that are as their schema says', () => {
      const gone = '0'.repeat(40);
      const push = { repo: 'acme/web', ref: 'refs/heads/main', after: SHA, message: 'Fix it [skip ci]' };
      expect(examples.faults('push', examples.push(push))).toEqual([]);
      expect(examples.faults('push', examples.push({ ...push, before: SHA, after: gone }))).toEqual([]);
      expect(examples.faults('delete', examples.deletion('acme/web', 'main', 'branch'))).toEqual([]);
      expect(examples.faults('ping', examples.ping('acme/web'))).toEqual([]);
      expect(examples.push(push)).toMatchObject({ after: SHA, repository: { full_name: 'acme/web' }, deleted: false });
    });

    it('finds a payload that is not', () => {
      const payload = { ...examples.push({ repo: 'acme/web', ref: 'refs/heads/main', after: SHA }), ref: 7 };
      expect(examples.faults('push', payload)).toContain('push: /ref must be string');
    });

    it('are sent to the hook that Jockey installed, signed with its secret', async () => {
      const host = new GithubRepoHost({ url: github.apiUrl, patience: 5_000 }, token);
      await host.installHook('acme/web', { url, secret: 's3cret', events: ['push'] });
      const payload = examples.push({ repo: 'acme/web', ref: 'refs/heads/main', after: SHA });
      const [answer] = await github.send('acme/web', 'push', payload);
      expect(await github.send('acme/web', 'ping', examples.ping('acme/web'))).toEqual([]);
      expect(answer).toMatchObject({ status: 202, text: '{}' });
      const { headers, body } = received[0] ?? { headers: {}, body: Buffer.alloc(0) };
      expect(headers).toMatchObject({ 'x-github-event': 'push', 'x-github-delivery': answer?.guid });
      for (const [name, kind] of [
        ['x-hub-signature-256', 'sha256'],
        ['x-hub-signature', 'sha1'],
      ] as const)
        expect(headers[name]).toBe(`${kind}=${createHmac(kind, 's3cret').update(body).digest('hex')}`);
      expect(JSON.parse(body.toString())).toEqual(payload);
    });

    it("are signed as in GitHub's own test vector", async () => {
      const payload = Buffer.from('Hello, World!');
      await sendWebhook({ url, secret: "It's a Secret to Everybody", event: 'push', payload });
      expect(received[0]?.headers['x-hub-signature-256']).toBe(
        'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
      );
    });
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GithubOrgMembers } from '../../src/adapters/github/github-org-members.js';
import { GithubRepoHost } from '../../src/adapters/github/github-repo-host.js';
import type { OrgMembers } from '../../src/ports/org-members.js';
import { GithubStandIn, LIMIT_SECONDS, type Trouble } from '../github/github-stand-in.js';
import { unusedPort } from './cluster.js';

const ORG = 'acme';
const REPO = 'acme/web';
const SHA = '1'.repeat(40);
const HOOK = { url: 'https://jockey.example.com/github_webhooks/1', secret: 'hook-s3cret', events: ['push'] };
const STATUS = { state: 'success', context: 'jockey', description: 'It runs', targetUrl: null } as const;

/** What only a GitHub that misbehaves can show. */
describe('the adapter of GitHub', () => {
  let github: GithubStandIn;
  let serverToken: string;
  const said: string[] = [];

  beforeEach(async () => {
    github = await GithubStandIn.start();
    github.world.addPerson('jockey-bot', { teams: { [ORG]: [] } });
    serverToken = github.world.tokenOf('jockey-bot', { scopes: ['repo', 'read:org', 'admin:repo_hook'] });
    github.world.addPerson('ada', { teams: { [ORG]: ['ops'] } });
    github.world.addRepository(REPO);
    said.length = 0;
    for (const kind of ['log', 'info', 'warn', 'error', 'debug'] as const)
      vi.spyOn(console, kind).mockImplementation((...words: unknown[]) => void said.push(words.map(String).join(' ')));
  });

  afterEach(async () => {
    expect(said).toEqual([]);
    await github.stop();
  });

  const members = (change: { org?: string; serverToken?: string; patience?: number } = { serverToken }): OrgMembers =>
    new GithubOrgMembers({
      api: { url: github.apiUrl, patience: change.patience ?? 5_000 },
      org: 'org' in change ? change.org : ORG,
      serverToken: change.serverToken,
    });

  const host = (token: string | undefined = serverToken) =>
    new GithubRepoHost({ url: github.apiUrl, patience: 5_000 }, token);

  const asked = () => github.calls.map(({ method, path }) => `${method} ${path}`);

  const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
    const failure: unknown = await promise.then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Error);
    return failure as Error;
  };

  describe('where it is not told an organization', () => {
    it('knows nobody, and does not ask', async () => {
      const nobody = new GithubOrgMembers({
        api: { url: github.apiUrl, patience: 5_000 },
        org: undefined,
        serverToken,
      });
      expect(await nobody.memberByToken(github.world.tokenOf('ada'))).toBeNull();
      expect(await nobody.memberByLogin('ada')).toBeNull();
      expect(asked()).toEqual([]);
    });
  });

  describe('who is a member', () => {
    it('is found with three questions', async () => {
      expect(await members().memberByToken(github.world.tokenOf('ada'))).toMatchObject({
        login: 'ada',
        teams: ['ops'],
      });
      expect(asked()).toEqual(['GET /user', 'GET /user/memberships/orgs/acme', 'GET /user/teams']);
    });

    it('is nobody whose invitation is pending', async () => {
      github.world.invite('guest', ORG);
      expect(await members().memberByToken(github.world.tokenOf('guest'))).toBeNull();
      expect(await members().memberByLogin('guest')).toBeNull();
    });

    it('is nobody with a token that is no person', async () => {
      expect(await members().memberByToken(github.world.installationToken())).toBeNull();
    });

    it('is nobody with a revoked token', async () => {
      const token = github.world.tokenOf('ada');
      expect(await members().memberByToken(token)).not.toBeNull();
      github.world.revoke(token);
      expect(await members().memberByToken(token)).toBeNull();
    });

    it('is found with a fine-grained token', async () => {
      const token = github.world.tokenOf('ada', { scopes: null });
      expect(await members({}).memberByToken(token)).toMatchObject({ login: 'ada', teams: ['ops'] });
    });

    it("is asked of the server's own token where a fine-grained one says that there is none", async () => {
      github.world.addPerson('eve');
      const token = github.world.tokenOf('eve', { scopes: null });
      expect(await members().memberByToken(token)).toBeNull();
      expect(asked()).toContain('GET /orgs/acme/memberships/eve');
    });

    it("is not asked of the server's own token where the person's shows that they are none", async () => {
      github.world.addPerson('eve');
      expect(await members().memberByToken(github.world.tokenOf('eve'))).toBeNull();
      expect(asked()).toEqual(['GET /user', 'GET /user/memberships/orgs/acme']);
    });

    it.each([
      ['without the scope', { scopes: ['repo'] }],
      ['that the organization shut out', { shutOutBy: ORG }],
    ])('is not known by a token %s; the sentence says the way out', async (_what, change) => {
      const token = github.world.tokenOf('ada', change);
      const failure = await failureOf(members({}).memberByToken(token));
      expect(failure).toMatchObject({ code: 'not_authenticated' });
      expect(failure.message).toContain('The token of ada does not show whether they are a member of acme');
      expect(failure.message).toContain('read:org');
    });

    it('cannot be known where the own token of the server may not see it', async () => {
      const blind = github.world.tokenOf('jockey-bot', { scopes: ['repo'] });
      for (const token of [blind, 'gho_revoked']) {
        const failure = await failureOf(members({ serverToken: token }).memberByLogin('ada'));
        expect(failure).toMatchObject({ code: 'unavailable' });
        expect(failure.message).toContain('the operator should check that GITHUB_OAUTH_TOKEN is valid');
        expect(failure.message).not.toContain(token);
      }
    });

    it('cannot be asked by login without a token of the server', async () => {
      const failure = await failureOf(members({}).memberByLogin('ada'));
      expect(failure).toMatchObject({ code: 'unprocessable_entity' });
      expect(failure.message).toContain('GITHUB_OAUTH_TOKEN is not set');
    });
  });

  describe('while GitHub misbehaves', () => {
    const TROUBLES: readonly (readonly [Trouble, RegExp])[] = [
      ['down', /^GitHub does not answer: it answered 502$/],
      ['hangs', /^GitHub does not answer: no answer within 0.2 s$/],
      ['breaks off', /^GitHub does not answer: .+/],
      ['says nonsense', /^GitHub does not answer: it answered 200 with what is not JSON$/],
      ['refuses connections', /^GitHub does not answer: .+/],
    ];
    const QUESTIONS = [/^GET \/user$/, /^GET \/user\/memberships/, /^GET \/user\/teams/];
    const all = TROUBLES.flatMap(([kind, words]) => QUESTIONS.map((at) => ({ kind, words, at })));

    it.each(all)('lets nobody in and says why: it $kind at $at', async ({ kind, words, at }) => {
      const token = github.world.tokenOf('ada');
      github.trouble = { kind, at };
      const failure = await failureOf(members({ serverToken, patience: 200 }).memberByToken(token));
      expect(failure).toMatchObject({ code: 'unavailable', message: expect.stringMatching(words) as string });
      expect(failure.message).not.toContain(token);
      expect(asked().filter((each) => at.test(each))).toHaveLength(1);
    });

    it.each(['limits the rate', 'limits the rate for a while'] as const)('says until when it %s', async (kind) => {
      github.trouble = { kind };
      const before = Date.now();
      for (const asking of [members().memberByToken(github.world.tokenOf('ada')), host().moveTag(REPO, 'x', SHA)]) {
        const failure = await failureOf(asking);
        expect(failure).toMatchObject({ code: 'unavailable' });
        const until = /it limits the rate of requests until (\S+Z)$/.exec(failure.message)?.[1] ?? '';
        expect(Date.parse(until)).toBeGreaterThan(before + (LIMIT_SECONDS - 2) * 1000);
        expect(Date.parse(until)).toBeLessThan(Date.now() + (LIMIT_SECONDS + 2) * 1000);
      }
      expect(github.calls).toHaveLength(2);
    });

    it('says so where nothing listens', async () => {
      const api = { url: `http://127.0.0.1:${await unusedPort()}/api/v3`, patience: 5_000 };
      const failure = await failureOf(new GithubOrgMembers({ api, org: ORG, serverToken }).memberByToken('gho_x'));
      expect(failure).toMatchObject({ code: 'unavailable' });
      expect(failure.message).toContain('ECONNREFUSED');
    });

    it('takes the page of something else for no answer', async () => {
      const api = { url: `${github.url}/api/v3/nowhere`, patience: 5_000 };
      const failure = await failureOf(
        new GithubOrgMembers({ api, org: ORG, serverToken }).memberByToken(github.world.tokenOf('ada')),
      );
      expect(failure).toMatchObject({ code: 'unavailable' });
      expect(failure.message).toContain('check GITHUB_URL and GITHUB_API_URL');
      expect(github.violations.splice(0)).toEqual(['GET /nowhere/user is no operation of GitHub']);
    });

    it('tries again when it is asked again, and not by itself', async () => {
      github.trouble = { kind: 'down' };
      await failureOf(host().setCommitStatus(REPO, SHA, STATUS));
      expect(github.calls).toHaveLength(1);
      github.trouble = null;
      await host().setCommitStatus(REPO, SHA, STATUS);
      expect(github.world.addRepository(REPO).statuses).toHaveLength(1);
    });
  });

  describe('what a token may not do', () => {
    it('needs a token at all', async () => {
      const bare = new GithubRepoHost({ url: github.apiUrl, patience: 5_000 }, undefined);
      const failure = await failureOf(bare.installHook(REPO, HOOK));
      expect(failure).toMatchObject({ code: 'unprocessable_entity' });
      expect(failure.message).toContain('GITHUB_OAUTH_TOKEN is not set');
      expect(asked()).toEqual([]);
    });

    it.each(['gho_of nobody', 'gho_x\n', ''])(
      'refuses the token %j of the server without showing it',
      async (token) => {
        const failure = await failureOf(host(token).installHook(REPO, HOOK));
        expect(failure.message).toBe('GITHUB_OAUTH_TOKEN has a blank or a letter that no token has.');
      },
    );

    it('is refused with the scope that it needs', async () => {
      const token = github.world.tokenOf('jockey-bot', { scopes: ['repo:status'] });
      await host(token).setCommitStatus(REPO, SHA, STATUS);
      const failure = await failureOf(host(token).installHook(REPO, HOOK));
      expect(failure).toMatchObject({ code: 'unprocessable_entity' });
      expect(failure.message).toContain(REPO);
      expect(failure.message).toContain('admin:repo_hook');
      expect(failure.message).not.toContain(token);
    });

    it('does not take a hook for gone that it may not see', async () => {
      const { id } = await host().installHook(REPO, HOOK);
      const token = github.world.tokenOf('jockey-bot', { scopes: ['repo:status'] });
      expect(await failureOf(host(token).removeHook(REPO, id))).toMatchObject({ code: 'unprocessable_entity' });
      expect(github.world.addRepository(REPO).hooks).toHaveLength(1);
    });

    it('is refused by a token that was revoked', async () => {
      const failure = await failureOf(host('gho_revoked').setCommitStatus(REPO, SHA, STATUS));
      expect(failure.message).toContain('(401): Bad credentials');
      expect(failure.message).not.toContain('gho_revoked');
    });
  });

  describe("GitHub's reasons", () => {
    it('are repeated for a commit that it does not have', async () => {
      github.world.addRepository(REPO).commits = new Set(['2'.repeat(40)]);
      const deployment = { sha: SHA, environment: 'production', description: '', key: '1' };
      const reasons = await Promise.all(
        [
          host().setCommitStatus(REPO, SHA, STATUS),
          host().createDeployment(REPO, deployment),
          host().moveTag(REPO, 'production', SHA),
        ].map(failureOf),
      );
      expect(reasons.map(({ message }) => message)).toEqual([
        `GitHub refuses for ${REPO} (422): No commit found for SHA: ${SHA}.`,
        `GitHub refuses for ${REPO} (422): No ref found for: ${SHA}.`,
        `GitHub refuses for ${REPO} (422): Object does not exist.`,
      ]);
    });

    it('never show what the request carried', async () => {
      for (const kind of ['down', 'limits the rate', 'breaks off'] as const) {
        github.trouble = { kind, at: /^POST / };
        const failure = await failureOf(host().installHook(REPO, HOOK));
        const everything = JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + String(failure.cause);
        expect(everything).not.toContain(HOOK.secret);
        expect(everything).not.toContain(serverToken);
      }
    });
  });
});

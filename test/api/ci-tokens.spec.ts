import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient, type Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { CiIssuer } from '../support/ci-issuer.js';
import { seedPlaces } from '../support/world.js';

const AUDIENCE = 'https://jockey.example.com';

const RULES = [
  'acme/blog@refs/heads/main=deployer:staging',
  'acme/blog@environment:production=deployer:production',
  'acme/*@refs/heads/docs=viewer',
].join(', ');

/** What GitHub says of a run on the main branch of acme/blog. */
const MAIN: JWTPayload = {
  aud: AUDIENCE,
  sub: 'repo:acme/blog:ref:refs/heads/main',
  repository: 'acme/blog',
  repository_owner: 'acme',
  ref: 'refs/heads/main',
  actor: 'octocat',
};

const LIMITS = { SIGN_IN_FAILURES_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE: '0' };

describe('runs of GitHub Actions', () => {
  let issuer: CiIssuer;
  let api: TestApi;

  const ask = (token: string, path = '/apps'): Promise<Reply> => new ApiClient(api.url, token).get(path);
  const askAs = async (claims: JWTPayload, path?: string) => ask(await issuer.token({ ...MAIN, ...claims }), path);
  const startApi = async (environment: Record<string, string>): Promise<TestApi> => {
    const started = await TestApi.start({ environment: { ...LIMITS, CI_ISSUER: issuer.url, ...environment } });
    await seedPlaces(started.dataSource);
    for (const name of ['blog', 'shop'])
      await started.client.post('/apps', { name, repo: `acme/${name}`, stack: 'api' });
    return started;
  };

  beforeAll(async () => {
    issuer = await CiIssuer.start();
    api = await startApi({ CI_AUDIENCE: AUDIENCE, CI_RULES: RULES });
  });
  afterAll(async () => {
    await api?.stop();
    await issuer?.stop();
  });
  afterEach(() => (issuer.mood = 'well'));

  it('come in without a secret, and deploy their own app where their branch may', async () => {
    const run = new ApiClient(api.url, await issuer.token(MAIN));
    const apps = await run.get('/apps');
    expect(apps.body.data as unknown).toEqual([expect.objectContaining({ name: 'blog' })]);
    const deploy = (app: string, environment: string) => run.post('/deploys', { app, environment, rref: 'gone' });
    const own = await deploy('blog', 'staging');
    expect([own.status, own.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect((await deploy('blog', 'production')).status).toBe(404);
    expect((await deploy('shop', 'staging')).status).toBe(404);
    expect((await run.delete('/apps/blog')).status).toBe(403);
    expect((await run.get('/tokens')).status).toBe(403);
  });

  it('are known by the environment on GitHub that the job is for', async () => {
    const run = new ApiClient(api.url, await issuer.token({ ...MAIN, ref: 'refs/tags/v1', environment: 'production' }));
    const deploy = (environment: string) => run.post('/deploys', { app: 'blog', environment, rref: 'gone' });
    expect((await deploy('production')).status).toBe(422);
    expect((await deploy('staging')).status).toBe(404);
  });

  it('see the apps of their own repository alone, whatever the rule is for', async () => {
    const shop = await askAs({ repository: 'acme/shop', ref: 'refs/heads/docs' });
    expect(shop.body.data as unknown).toEqual([expect.objectContaining({ name: 'shop' })]);
    const none = await askAs({ repository: 'acme/new', ref: 'refs/heads/docs' });
    expect([none.status, none.body.data]).toEqual([200, []]);
  });

  it('are written in the log by their repository and branch, never by their token', async () => {
    const token = await issuer.token(MAIN);
    await ask(token);
    expect(api.world.log.join('')).not.toContain(token);
    expect(api.world.log.join('')).not.toContain(token.split('.')[2]);
  });

  it.each<[string, JWTPayload]>([
    ['another audience', { aud: 'https://github.com/acme' }],
    ['no audience', { aud: undefined }],
    ['another issuer', { iss: 'https://token.actions.githubusercontent.com' }],
    ['no issuer', { iss: undefined }],
    ['a time that is over', { exp: Math.floor(Date.now() / 1000) - 60 }],
    ['no end', { exp: undefined }],
    ['a time that has not come', { nbf: Math.floor(Date.now() / 1000) + 60 }],
    ['another repository', { repository: 'acme/other' }],
    ['a repository of the same name', { repository: 'evil/blog' }],
    ['a repository that looks like it', { repository: 'acme/blog/main' }],
    ['no repository', { repository: undefined }],
    ['repositories in a list', { repository: ['acme/blog'] }],
    ['another branch', { ref: 'refs/heads/feature' }],
    ['a pull request', { ref: 'refs/pull/1/merge' }],
    ['a tag of that name', { ref: 'refs/tags/main' }],
    ['no branch', { ref: undefined }],
    ['an environment that is no text', { environment: { name: 'production' } }],
  ])('stay out with %s', async (_, claims) => {
    const refused = await askAs(claims);
    expect([refused.status, refused.body.error.code]).toEqual([401, 'not_authenticated']);
  });

  describe('with forged tokens', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const now = Math.floor(Date.now() / 1000);
    const claims = () => ({ ...MAIN, iss: issuer.url, iat: now, exp: now + 300 });

    it('stay out without a signature', async () => {
      const header = part({ alg: 'none', typ: 'JWT' });
      expect((await ask(`${header}.${part(claims())}.`)).status).toBe(401);
      expect((await ask(`${part({ alg: 'RS256', kid: 'first' })}.${part(claims())}.`)).status).toBe(401);
    });

    it('stay out with one made of the public key', async () => {
      const pem = createPublicKey({ key: issuer.publicKey as JsonWebKey, format: 'jwk' });
      for (const secret of [
        pem.export({ type: 'spki', format: 'pem' }).toString(),
        JSON.stringify(issuer.publicKey),
        issuer.publicKey.n ?? '',
      ]) {
        const signed = await new SignJWT(claims())
          .setProtectedHeader({ alg: 'HS256', kid: 'first' })
          .sign(Buffer.from(secret));
        expect((await ask(signed)).status).toBe(401);
      }
    });

    it('stay out with another key that has the name of the right one', async () => {
      const { privateKey } = await generateKeyPair('RS256');
      const stranger = await new SignJWT(claims())
        .setProtectedHeader({ alg: 'RS256', kid: 'first', jku: 'http://127.0.0.1:1/jwks', jwk: { kty: 'RSA' } })
        .sign(privateKey);
      expect((await ask(stranger)).status).toBe(401);
    });

    it('stay out when a claim was changed after it was signed', async () => {
      const [header, , signature] = (await issuer.token({ ...MAIN, repository: 'acme/shop' })).split('.');
      expect((await ask(`${header}.${part(claims())}.${signature}`)).status).toBe(401);
    });

    it('stay out with what is no token at all', async () => {
      for (const junk of ['eyJ.eyJ.x', 'eyJhbGciOiJSUzI1NiJ9.eyJ9.', `eyJ${'a'.repeat(4000)}.b.c`])
        expect((await ask(junk)).status).toBe(401);
    });

    it('never make Jockey ask the issuer for what is not meant for it', async () => {
      const before = issuer.asked;
      await ask(`${part({ alg: 'RS256', kid: 'unknown' })}.${part({ ...claims(), aud: 'x' })}.AAAA`);
      await ask(`${part({ alg: 'ES256', kid: 'unknown' })}.${part(claims())}.AAAA`);
      expect(issuer.asked).toBe(before);
    });
  });

  describe('while the keys cannot be had', () => {
    let fresh: TestApi;
    const askFresh = async () => new ApiClient(fresh.url, await issuer.token(MAIN)).get('/apps');

    beforeAll(async () => {
      fresh = await startApi({ CI_AUDIENCE: AUDIENCE, CI_RULES: RULES });
    });
    afterAll(() => fresh?.stop());

    it.each(['failing', 'talking nonsense', 'hanging'] as const)(
      'are told 503 by an issuer that is %s',
      async (mood) => {
        issuer.mood = mood;
        const refused = await askFresh();
        expect([refused.status, refused.body.error.code]).toEqual([503, 'unavailable']);
        expect(refused.body.error.message).toMatch(/^The issuer of CI tokens does not answer: /);
      },
    );

    it('come in once they are there, and keys that are known serve through an outage', async () => {
      expect((await askFresh()).status).toBe(200);
      const before = issuer.asked;
      issuer.mood = 'failing';
      expect((await askFresh()).status).toBe(200);
      expect(issuer.asked).toBe(before);
    });

    it('never make it ask again within half a minute, whatever key they name', async () => {
      await issuer.turn('second');
      const before = issuer.asked;
      const answers = await Promise.all([askFresh(), askFresh()]);
      expect(answers.map(({ status }) => status)).toEqual([401, 401]);
      expect(issuer.asked).toBe(before);
    });
  });

  it('stay out where no audience or no rule is configured', async () => {
    const halves: Record<string, string>[] = [{ CI_RULES: RULES }, { CI_AUDIENCE: AUDIENCE }];
    for (const environment of halves) {
      const closed = await startApi(environment);
      const refused = await new ApiClient(closed.url, await issuer.token(MAIN)).get('/apps');
      expect(refused.status).toBe(401);
      await closed.stop();
    }
  });
});

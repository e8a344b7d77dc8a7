import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GithubRepoHost } from '../../src/adapters/github/github-repo-host.js';
import { HOOK_SETTINGS } from '../../src/features/github-webhooks/hook-installer.js';
import type { RepoHost } from '../../src/ports/repo-host.js';
import { AppRow, DeliveryRow } from '../../src/store/entities/index.js';
import { GithubStandIn } from '../github/github-stand-in.js';
import { TestApi } from '../support/api.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import type { FakeRepoHost } from '../support/fake-github.js';
import { seedPlaces, shaOf } from '../support/world.js';

const REPO = 'jockey/sample';

/** The adapter that speaks to the stand-in, in the place of the fake. */
function speakTo(github: GithubStandIn, fake: FakeRepoHost): void {
  github.world.addRepository(REPO);
  const token = github.world.tokenOf('jockey-bot', { scopes: ['repo', 'admin:repo_hook'] });
  const real: RepoHost = new GithubRepoHost({ url: github.apiUrl, patience: 5_000 }, token);
  Object.assign(fake, {
    installHook: real.installHook.bind(real),
    setCommitStatus: real.setCommitStatus.bind(real),
    createDeployment: real.createDeployment.bind(real),
    setDeploymentStatus: real.setDeploymentStatus.bind(real),
    moveTag: real.moveTag.bind(real),
  });
}

describe('webhooks, by a GitHub that is held to its own description', () => {
  let github: GithubStandIn;
  let api: TestApi;

  beforeAll(async () => {
    github = await GithubStandIn.start();
    const environment = {
      SECRETS_KEY: randomBytes(32).toString('base64'),
      JOCKEY_URL: 'http://jockey.test',
      GITHUB_OAUTH_TOKEN: 'x',
    };
    api = await TestApi.start({ environment });
    // The port is known only now.
    Object.assign(api.app.get<object>(HOOK_SETTINGS), { jockeyUrl: api.url });
    await seedPlaces(api.dataSource);
    speakTo(github, api.world.repoHost);
  });
  afterAll(async () => {
    await api?.stop();
    await github?.stop();
  });

  it('come by the hook that the creation of an app installs, and lead to a build and a deploy', async () => {
    const { client } = api;
    const body = { name: 'sample', repo: REPO, subscribe_to_github_webhook: true };
    expect((await client.post('/apps', body)).status).toBe(201);
    await client.post('/apps/sample/push_rules', { branch: 'main', environment: 'staging' });
    const { hooks } = github.world.addRepository(REPO);
    expect(hooks).toHaveLength(1);
    const push = github.webhooks.push({ repo: REPO, ref: 'refs/heads/main', after: shaOf(7) });
    const [answer] = await github.send(REPO, 'push', push);
    expect(answer?.status).toBe(200);
    const { data } = JSON.parse(answer?.text ?? '{}') as { data: Record<string, unknown> };
    expect(data).toMatchObject({ accepted: true, deploys: [{ environment: 'staging', why: null }] });
    const shown = await client.get('/apps/sample/webhook');
    expect(shown.body.data).toMatchObject({ installed: true, last_delivery: { event: 'push', guid: answer?.guid } });
  });

  it('stay good when the secret is changed, as GitHub gets it too', async () => {
    expect((await api.client.post('/apps/sample/webhook')).body.data['installed']).toBe(true);
    expect(github.world.addRepository(REPO).hooks).toHaveLength(1);
    const push = github.webhooks.push({ repo: REPO, ref: 'refs/heads/main', after: shaOf(8) });
    expect((await github.send(REPO, 'push', push)).map(({ status }) => status)).toEqual([200]);
  });

  it('are said not to be installed while GitHub is down', async () => {
    github.trouble = { kind: 'down' };
    const made = await api.client.post('/apps/sample/webhook');
    github.trouble = null;
    expect(made.status).toBe(503);
    const push = github.webhooks.push({ repo: REPO, ref: 'refs/heads/main', after: shaOf(9) });
    expect((await github.send(REPO, 'push', push)).map(({ status }) => status)).toEqual([200]);
  });
});

describe('what GitHub is told, by its own description', () => {
  let github: GithubStandIn;
  let scene: EngineScene;

  afterEach(async () => {
    await scene?.stop();
    await github?.stop();
  });

  it('is the mark, the deployment and the tag, also after it was down', async () => {
    github = await GithubStandIn.start();
    scene = await EngineScene.set(1);
    await scene.dataSource.manager.update(AppRow, { id: scene.key.appId }, { reportToGithub: true, repo: REPO });
    const engine = await scene.watchingEngine({ GITHUB_OAUTH_TOKEN: 'x', JOCKEY_URL: 'https://jockey.example.com' });
    speakTo(github, engine.repoHost);
    github.trouble = { kind: 'limits the rate' };
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    await eventually('one failed', async () => (await told()).some(({ lastError }) => lastError !== null));
    github.trouble = null;
    await eventually('all is told', async () => {
      await scene.dataSource.query(`UPDATE deliveries SET next_attempt_at = now() WHERE state = 'waiting'`);
      await scene.dataSource.query(`SELECT pg_notify('jockey_deliveries', '')`);
      return (await told()).every(({ state }) => state === 'delivered');
    });
    const { rref, state } = await scene.deploy(id);
    const repository = github.world.addRepository(REPO);
    expect(state).toBe('deployed');
    expect(repository.statuses.at(-1)).toMatchObject({ sha: rref, state: 'success', context: 'jockey/production' });
    expect(repository.deployments).toHaveLength(1);
    expect(repository.deployments[0]).toMatchObject({ sha: rref, environment: 'production' });
    expect(repository.deployments[0]?.statuses.at(-1)).toMatchObject({ state: 'success' });
    expect(repository.refs.get('refs/tags/jockey/production')).toBe(rref);
  });

  const told = () => scene.dataSource.manager.find(DeliveryRow, { where: { channel: 'github' } });
});

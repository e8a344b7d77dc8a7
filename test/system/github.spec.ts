import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attachCluster } from '../../tools/cluster/cluster.js';
import { createSampleRepository, type SampleRepository } from '../../tools/sample-repository.js';
import { GithubStandIn } from '../github/github-stand-in.js';
import { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { Jockey, type SeenDeploy } from './jockey.js';

const REPO = 'jockey/sample';

let github: GithubStandIn;
let sample: SampleRepository;
let jockey: Jockey;
let ada: ApiClient;

beforeAll(async () => {
  const cluster = await attachCluster(process.env['JOCKEY_TEST_CLUSTER'] ?? '');
  const gitRoot = cluster.env['GIT_LOCAL_ROOT'] ?? '';
  sample = await createSampleRepository({ root: gitRoot });
  github = await GithubStandIn.start({ gitRoot });
  github.world.addRepository(REPO);
  github.world.addPerson('ada', { name: 'Ada', teams: { acme: ['developers'] } });
  github.world.addPerson('mallory', { name: 'Mallory', teams: {} });
  jockey = await Jockey.start({
    GITHUB_URL: github.url,
    GITHUB_ORG: 'acme',
    ACCESS_TEAMS: 'developers=deployer:production',
    ACCESS_CACHE_SECONDS: '0',
    GITHUB_OAUTH_TOKEN: github.world.installationToken(),
    GIT_LOCAL_ROOT: '',
    SECRETS_KEY: randomBytes(32).toString('base64'),
  });
  await jockey.createApp('pushed', { scale: 1 });
  const person = github.world.tokenOf('ada', { scopes: ['read:org'] });
  ada = new ApiClient(jockey.client.url, person);
});
afterAll(async () => {
  await jockey?.stop();
  await github?.stop();
});

const newest = async (): Promise<SeenDeploy & { rref: string; automatic: boolean }> => {
  const { body } = await jockey.client.get('/deploys?app=pushed&per_page=1');
  return (body.data as unknown as (SeenDeploy & { rref: string; automatic: boolean })[])[0] as never;
};

const push = (after: string) =>
  github.send(
    REPO,
    'push',
    github.webhooks.push({ repo: REPO, ref: 'refs/heads/main', after, message: 'Change the page', pusher: 'ada' }),
  );

describe('an app on GitHub', () => {
  it('is deployed by a push, and GitHub is told of it', async () => {
    await jockey.client.put('/apps/pushed', { subscribe_to_github_webhook: true, report_to_github: true });
    const { status } = await jockey.client.post('/apps/pushed/webhook');
    expect(status).toBeLessThan(300);
    const rule = await jockey.client.post('/apps/pushed/push_rules', { branch: 'main', environment: 'production' });
    expect(rule.status).toBe(201);
    await push(sample.shas.main);
    await eventually('the push is deployed', async () => (await newest())?.state === 'deployed', 120);
    expect(await newest()).toMatchObject({ rref: sample.shas.main, automatic: true });
    expect(await jockey.containersOf('pushed')).toHaveLength(1);
    const seen = github.world.addRepository(REPO);
    await eventually('GitHub knows that it is deployed', () =>
      seen.statuses.some((each) => JSON.stringify(each).includes('success')),
    );
    await eventually('the tag of the environment is there', () => [...seen.refs.values()].includes(sample.shas.main));
    expect(seen.deployments).toHaveLength(1);
  });

  it('is deployed by members of the organization as their teams say, and by nobody else', async () => {
    expect((await ada.get('/me')).body.data).toMatchObject({ kind: 'person', name: 'ada' });
    const { status, body } = await ada.post('/deploys', { app: 'pushed', environment: 'production', rref: 'v2' });
    expect(status).toBe(202);
    const { id } = body.data as unknown as { id: string };
    expect(await jockey.settled(id)).toMatchObject({ state: 'deployed' });
    expect((await ada.post('/environments', { name: 'staging' })).status).toBe(403);
    const mallory = github.world.tokenOf('mallory', { scopes: ['read:org'] });
    expect((await new ApiClient(jockey.client.url, mallory).get('/me')).status).toBe(401);
    github.world.removeMember('ada', 'acme');
    expect((await ada.get('/me')).status).toBe(401);
  });

  it('stays as it is while GitHub is away, and GitHub is told when it is back', async () => {
    github.trouble = { kind: 'down', at: / \/repos\// };
    const seen = github.world.addRepository(REPO);
    const before = seen.deployments.length;
    await jockey.client.post('/deploys', { app: 'pushed', environment: 'production', rref: sample.shas.main });
    await eventually('it is deployed', async () => (await newest()).state === 'deployed', 120);
    expect(seen.deployments).toHaveLength(before);
    github.trouble = null;
    await eventually('GitHub is told', () => seen.deployments.length === before + 1, 90);
  });
});

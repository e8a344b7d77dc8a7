import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DomainError, unavailable } from '../../src/domain/kernel/errors.js';
import { AppRow, DeliveryRow, LogLineRow } from '../../src/store/entities/index.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import type { TestEngine } from '../support/test-engine.js';

const KNOWN = {
  GITHUB_OAUTH_TOKEN: 'a-token-of-github',
  JOCKEY_URL: 'https://jockey.example.com/',
  ROUTING_HOST: '{app}.{environment}.example.com',
};

let scene: EngineScene;
beforeEach(async () => {
  scene = await EngineScene.set(1);
  await setApp({ reportToGithub: true });
});
afterEach(() => scene.stop());

const setApp = (fields: Partial<AppRow>) => scene.dataSource.manager.update(AppRow, { id: scene.key.appId }, fields);
const app = () => scene.dataSource.manager.findOneByOrFail(AppRow, { id: scene.key.appId });
const deliveries = () =>
  scene.dataSource.manager.find(DeliveryRow, { where: { channel: 'github' }, order: { id: 'ASC' } });
const settled = () =>
  eventually('all is told', async () => {
    const all = await deliveries();
    return all.length > 0 && all.every(({ state }) => state !== 'waiting');
  });

async function deployed(engine: TestEngine): Promise<string> {
  const id = await scene.askForDeploy();
  await engine.look(scene.key);
  return id;
}

/** What the tag of the environment names. */
async function tagged(engine: TestEngine): Promise<string | undefined> {
  return engine.repoHost.tags.get(`${(await app()).repo} jockey/production`);
}

describe('GitHub', () => {
  it('is told of a deploy: the mark on its commit, its deployment, and the tag of the environment', async () => {
    const engine = await scene.watchingEngine(KNOWN);
    const id = await deployed(engine);
    await settled();
    const { rref } = await scene.deploy(id);
    const { repo, name } = await app();
    expect(engine.repoHost.statuses.at(-1)).toEqual({
      ...{ repo, sha: rref, context: 'jockey/production', state: 'success', description: `Deploy ${id} serves.` },
      targetUrl: `https://jockey.example.com/deploys/${id}`,
    });
    const [deployment, ...others] = engine.repoHost.deployments;
    expect(others).toEqual([]);
    expect(deployment).toMatchObject({ repo, sha: rref, environment: 'production' });
    expect(deployment?.states.at(-1)).toEqual({
      state: 'success',
      environmentUrl: `https://${name}.production.example.com`,
      logUrl: `https://jockey.example.com/deploys/${id}/logs`,
      description: `Deploy ${id} serves.`,
    });
    expect(await tagged(engine)).toBe(rref);
  });

  it('is told why a deploy failed, and its tag stays', async () => {
    const engine = await scene.watchingEngine(KNOWN);
    const first = await deployed(engine);
    scene.world.fateOf = () => ({ healthyAfter: null, endsAfter: 50, exitCode: 3 });
    const second = await deployed(engine);
    await settled();
    expect((await scene.deploy(second)).state).toBe('failed');
    expect(engine.repoHost.statuses.at(-1)).toMatchObject({
      state: 'failure',
      description: expect.stringMatching(/3/),
    });
    expect(engine.repoHost.deployments.map(({ states }) => states.at(-1)?.state)).toEqual(['success', 'failure']);
    expect(await tagged(engine)).toBe((await scene.deploy(first)).rref);
  });

  it('has the tag moved back by a rollback, and the deployment before it is no longer active', async () => {
    const engine = await scene.watchingEngine(KNOWN);
    const first = await deployed(engine);
    await deployed(engine);
    const back = await scene.askForRollback(1);
    await engine.look(scene.key);
    await settled();
    expect((await scene.deploy(back)).state).toBe('deployed');
    expect(await tagged(engine)).toBe((await scene.deploy(first)).rref);
    expect(engine.repoHost.deployments.map(({ states }) => states.at(-1)?.state)).toEqual([
      'inactive',
      'inactive',
      'success',
    ]);
  });

  it('being down fails no deploy: it is told later, and the log says both', async () => {
    const engine = await scene.watchingEngine(KNOWN);
    engine.repoHost.failing = unavailable('GitHub', 'it is down');
    const id = await deployed(engine);
    expect((await scene.deploy(id)).state).toBe('deployed');
    await eventually('each was tried', async () => (await deliveries()).filter((each) => each.lastError).length >= 3);
    const [first] = await deliveries();
    expect(first).toMatchObject({ state: 'waiting', lastError: 'GitHub does not answer: it is down' });
    expect(await githubLines(id)).toContain(
      'GitHub was not told the commit status: GitHub does not answer: it is down',
    );
    engine.repoHost.failing = null;
    await dueNow();
    await eventually('all is told', async () => {
      await dueNow();
      return (await deliveries()).every(({ state }) => state === 'delivered');
    });
    expect(await githubLines(id)).toContain('GitHub was told the commit status at last');
    expect([engine.repoHost.deployments.length, engine.repoHost.statuses.at(-1)?.state]).toEqual([1, 'success']);
  });

  it('refusing one thing keeps none of the others from being told', async () => {
    const engine = await scene.watchingEngine(KNOWN);
    engine.repoHost.createDeployment = async () => {
      throw new DomainError('unprocessable_entity', 'GitHub refuses for it (403): no right to deployments.');
    };
    const id = await deployed(engine);
    await settled();
    const states = new Map((await deliveries()).map(({ key, state }) => [key, state]));
    expect(Object.fromEntries(states)).toEqual({ status: 'delivered', deployment: 'failed', tag: 'delivered' });
    expect(await githubLines(id)).toContainEqual(expect.stringContaining('no right to deployments'));
    expect((await scene.deploy(id)).state).toBe('deployed');
  });

  it('told again of what is old, is told how things are now', async () => {
    const engine = await scene.watchingEngine(KNOWN);
    await deployed(engine);
    const second = await deployed(engine);
    await settled();
    const { rref } = await scene.deploy(second);
    await scene.dataSource.query(
      `UPDATE deliveries SET state = 'waiting', next_attempt_at = now(), settled_at = NULL, holder = NULL, held_until = NULL
       WHERE channel = 'github'`,
    );
    await scene.dataSource.query(`SELECT pg_notify('jockey_deliveries', '')`);
    await settled();
    expect(await tagged(engine)).toBe(rref);
    expect(engine.repoHost.deployments.map(({ states }) => states.at(-1)?.state)).toEqual(['inactive', 'success']);
  });

  it.each([
    ['an app that does not want it', { reportToGithub: false }, KNOWN],
    ['an app with a Git URL of its own', { gitUrl: 'https://git.example.com/x.git' }, KNOWN],
    ['a Jockey without token', {}, { JOCKEY_URL: KNOWN.JOCKEY_URL }],
  ])('is told nothing of %s', async (_, fields, environment) => {
    if (Object.keys(fields).length > 0) await setApp(fields);
    const engine = await scene.watchingEngine(environment);
    const id = await deployed(engine);
    expect((await scene.deploy(id)).state).toBe('deployed');
    await eventually('nothing waits', async () => (await deliveries()).every(({ state }) => state === 'delivered'));
    expect(engine.repoHost.calls).toEqual([]);
  });
});

const dueNow = async () => {
  await scene.dataSource.query(`UPDATE deliveries SET next_attempt_at = now() WHERE state = 'waiting'`);
  await scene.dataSource.query(`SELECT pg_notify('jockey_deliveries', '')`);
};

async function githubLines(deployId: string): Promise<string[]> {
  const where = { subject: 'deploy' as const, subjectId: deployId, logger: 'github' };
  return (await scene.dataSource.manager.find(LogLineRow, { where })).map(({ text }) => text);
}

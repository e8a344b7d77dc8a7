import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeployRow } from '../../src/store/entities/index.js';
import { DeployQueue } from '../../src/store/repositories/deploy-queue.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

describe('a change of variables that rolls', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let id: string;

  const roll = (body: object = {}) => client.put(`/config_sets/${id}`, { config: { A: '2' }, apply: 'roll', ...body });
  const row = (deploy: string) => api.dataSource.manager.findOneByOrFail(DeployRow, { id: deploy });
  const deployed = () => putDeploy(api.dataSource, { app, environment: 'staging' }, 'deployed');
  const deploys = () => api.dataSource.manager.find(DeployRow, { order: { id: 'DESC' } });
  const idOf = (reply: Awaited<ReturnType<typeof roll>>) => (reply.body.data['deploy'] as { id: string }).id;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: randomBytes(32).toString('base64') } });
    client = api.client;
    await seedPlaces(api.dataSource);
    api.world.source.commits.set('main', shaOf(77));
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    id = (await client.post('/config_sets', { app, environment: 'staging', config: { A: '1' } })).body.data.id;
  });

  it('is a deploy of what runs', async () => {
    const current = await deployed();
    const reply = await roll({ secrets: { T: 'a secret' } });
    expect(reply.status).toBe(200);
    expect(reply.body.data).toMatchObject({ version: 2, notice: null, deploy: { state: 'created', queued: false } });
    const deploy = await client.get(`/deploys/${idOf(reply)}`);
    expect(deploy.body.data).toMatchObject({ kind: 'config', rref: current.rref, automatic: false });
    expect((await row(idOf(reply))).buildId).toBe(current.buildId);
    expect((await client.get(`/deploys/${idOf(reply)}/explain`)).text).toContain('A roll of');
    expect(api.world.queue.sent).toContainEqual(expect.objectContaining({ kind: 'app_environment' }));
  });

  it('needs nothing but the word, where nothing is deployed, and says so', async () => {
    const before = (await deploys()).length;
    const reply = await roll();
    expect(reply.body.data).toMatchObject({ version: 2, deploy: null });
    expect(reply.body.data['notice']).toContain('Nothing is deployed there yet');
    expect(await deploys()).toHaveLength(before);
  });

  it('waits for the next deploy where nothing else is said', async () => {
    await deployed();
    const before = (await deploys()).length;
    const reply = await client.put(`/config_sets/${id}`, { config: { A: '2' } });
    expect(reply.body.data).toMatchObject({ version: 2, deploy: null, notice: null });
    expect(await deploys()).toHaveLength(before);
  });

  it('rolls nothing that what is deployed has, and does roll what it has not', async () => {
    const current = await deployed();
    await client.put(`/config_sets/${id}`, { config: { A: '2' } });
    const pending = await roll();
    expect(pending.body.data).toMatchObject({ version: 2, deploy: { state: 'created' } });
    const newest = '(SELECT max(id) FROM config_versions)';
    await api.dataSource.query(`UPDATE deploys SET state = 'failed' WHERE id = $1`, [idOf(pending)]);
    await api.dataSource.query(`UPDATE deploys SET config_version_id = ${newest} WHERE id = $1`, [current.id]);
    const again = await roll();
    expect(again.body.data).toMatchObject({ version: 2, deploy: null });
    expect(again.body.data['notice']).toContain('nothing to roll');
  });

  it('waits for a deploy in progress, and rolls what that has made current', async () => {
    const old = await deployed();
    const before = await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deploying');
    const reply = await roll();
    expect(reply.body.data['deploy']).toMatchObject({ queued: true });
    const rref = shaOf(500 + count);
    await api.dataSource.query(`UPDATE deploys SET state = 'stopped' WHERE id = $1`, [old.id]);
    await api.dataSource.query(`UPDATE deploys SET state = 'deployed', rref = $2 WHERE id = $1`, [before.id, rref]);
    const turn = await new DeployQueue(api.dataSource).takeNext(before, true);
    expect(turn).toEqual({ taken: idOf(reply), passedOver: [] });
    expect(await row(idOf(reply))).toMatchObject({ queued: false, rref });
  });

  it('is needless where the deploy that it waited for brought the variables, or nothing is deployed after it', async () => {
    await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deploying');
    const [before] = await deploys();
    const [first, second] = [await roll(), await roll({ config: { A: '3' } })];
    const newest = '(SELECT max(id) FROM config_versions)';
    await api.dataSource.query(`UPDATE deploys SET state = 'deployed', config_version_id = ${newest} WHERE id = $1`, [
      before?.id,
    ]);
    const queue = new DeployQueue(api.dataSource);
    const turn = await queue.takeNext(before as DeployRow, true);
    expect(turn.taken).toBeNull();
    expect(turn.passedOver.map((each) => each.id)).toEqual([idOf(first), idOf(second)]);
    expect((await row(idOf(second))).failureReason).toContain('which brought the variables');
    const third = await roll({ config: { A: '4' } });
    await api.dataSource.query(`UPDATE deploys SET queued = true WHERE id = $1`, [idOf(third)]);
    await api.dataSource.query(`UPDATE deploys SET state = 'failed' WHERE id = $1`, [before?.id]);
    expect((await queue.takeNext(before as DeployRow, true)).passedOver).toMatchObject([{ id: idOf(third) }]);
    expect(await row(idOf(third))).toMatchObject({ state: 'failed', outcome: 'canceled' });
  });

  it('never takes the place of a commit that waits', async () => {
    await deployed();
    await putDeploy(api.dataSource, { app, environment: 'staging' }, 'deploying');
    const wanted = { app, environment: 'staging', rref: 'main', queue: true };
    const waiting = (await client.post('/deploys', wanted)).body.data.id;
    const reply = await roll();
    expect(await row(waiting)).toMatchObject({ state: 'created', queued: true });
    expect(await row(idOf(reply))).toMatchObject({ state: 'created', queued: true });
  });

  it('is not written where its deploy is not, nor the other way round', async () => {
    await deployed();
    const stale = await client.put(`/config_sets/${id}`, { config: { A: '2' }, apply: 'roll' }, { 'if-match': '"9"' });
    expect(stale.status).toBe(412);
    const [last] = await deploys();
    expect(last?.kind).toBe('deploy');
    expect((await client.get(`/config_sets/${id}`)).body.data['version']).toBe(1);
  });

  it('comes with a revert too', async () => {
    await deployed();
    await client.put(`/config_sets/${id}`, { config: { A: '2' } });
    const back = await client.post(`/config_sets/${id}/revert`, { version: 1, apply: 'roll' });
    expect(back.body.data).toMatchObject({ version: 3, config: { A: '1' }, deploy: { state: 'created' } });
  });

  it('needs the right to deploy too', async () => {
    await deployed();
    const grant = { verbs: ['config'], apps: '*', environments: '*' };
    const made = await client.post('/tokens', { name: `config-${count}`, ...grant });
    expect(made.status).toBe(201);
    const limited = new ApiClient(api.url, String(made.body.data['token']));
    const refused = await limited.put(`/config_sets/${id}`, { config: { A: '2' }, apply: 'roll' });
    expect(refused.status).toBe(403);
    expect(refused.body.detail).toContain('apply: roll deploys');
    const allowed = await limited.put(`/config_sets/${id}`, { config: { A: '2' } });
    expect(allowed.body.data).toMatchObject({ version: 2 });
    const { data } = (await client.get(`/config_sets/${id}/versions/2`)).body;
    expect(data['author']).toMatch(/^token:/);
  });
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BuildRow, DeployRow, HoldRow, type ReleaseRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { putRelease } from '../support/releases.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

describe('rollbacks and promotions', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let appId: string;
  let count = 0;

  const put = (commit: number, environment = 'production') =>
    putRelease(api.dataSource, { app, environment }, { commit });
  const bringBack = (from: ReleaseRow) =>
    putRelease(api.dataSource, { app, environment: 'production' }, { commit: parseInt(from.sha, 16), from });
  const back = (to: unknown, change: object = {}, headers: Record<string, string> = {}) =>
    client.post(`/apps/${app}/rollback`, { environment: 'production', to, ...change }, headers);
  const promote = (change: object = {}) =>
    client.post(`/apps/${app}/promote`, { from: 'development', to: 'production', ...change });
  const holds = () => api.dataSource.manager.findBy(HoldRow, { appId });
  const begun = () =>
    api.dataSource.manager.find(DeployRow, { where: { appId, state: 'created' }, order: { id: 'ASC' } });

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    appId = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
    api.world.queue.sent.length = 0;
  });

  it('bring back a release by its number, build nothing, and hold what is back', async () => {
    const first = await put(1);
    await put(2);
    const asked = await back('v1', { reason: 'checkout fails', callback_url: 'http://ci.example.com/done' });
    expect(asked.status).toBe(202);
    expect(asked.body.data).toMatchObject({
      ...{ state: 'created', kind: 'rollback', from_release: 'v1', release: null, rref: first.sha, queued: false },
      build: { id: first.buildId, state: 'completed' },
      callback_url: 'http://ci.example.com/done',
      notice: expect.stringMatching(/ is held since .* \(rolled back to v1: checkout fails\); DELETE \/apps/),
    });
    expect(await begun()).toMatchObject([{ id: asked.body.data.id, fromReleaseId: first.id, kind: 'rollback' }]);
    const { environmentId } = first;
    expect(api.world.queue.sent).toEqual([{ kind: 'app_environment', appId, environmentId }]);
    expect(await api.dataSource.manager.countBy(BuildRow, { appId })).toBe(2);
    expect((await client.get(`/apps/${app}/hold?environment=production`)).body.data).toMatchObject({
      ...{ reason: 'rolled back to v1: checkout fails', release: 'v1' },
    });
    const automatic = await client.post('/deploys', {
      app,
      environment: 'production',
      rref: first.sha,
      automatic: true,
    });
    expect([automatic.status, automatic.body.detail]).toEqual([423, expect.stringContaining('rolled back to v1')]);
  });

  it('hold nothing where that is said, and leave the hold that is there', async () => {
    await put(1);
    await put(2);
    await back('v1', { hold: false });
    expect(await holds()).toEqual([]);
    await client.post(`/apps/${app}/hold`, { environment: 'production', reason: 'an audit' });
    const asked = await back('v1', { force: true, reason: 'broken' });
    expect(asked.body.data['notice']).toMatch(/The hold that was there stays: .*\(an audit\)/);
    expect(await holds()).toMatchObject([{ reason: 'an audit', releaseNumber: null }]);
  });

  it('understand shortened commits, and ask for more of one that is the beginning of several', async () => {
    const first = await put(0x1f);
    await put(0x2f);
    const zeros = await back('0000000');
    expect([zeros.status, zeros.body.error.code]).toEqual([422, 'record_invalid']);
    expect(zeros.body.detail).toContain(`to is the beginning of 2 commits (${shaOf(0x2f)}, ${first.sha})`);
    expect((await back(first.sha.toUpperCase())).body.data).toMatchObject({ from_release: 'v1', rref: first.sha });
  });

  it('to the previous one never bring back what was taken back', async () => {
    const [a, b] = [await put(1), await put(2)];
    await put(3);
    const previous = async () => (await back('previous', { force: true, hold: false })).body.data['from_release'];
    expect(await previous()).toBe('v2');
    await bringBack(b);
    expect(await previous()).toBe('v1');
    await bringBack(a);
    const nothing = await back('previous', { force: true });
    expect([nothing.status, nothing.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect(nothing.body.detail).toContain('There is nothing before v5 that differs from it');
    expect(await holds()).toEqual([]);
  });

  it('to what is current already are refused, whatever it is called, and hold nothing', async () => {
    const first = await put(1);
    await put(2);
    await bringBack(first);
    for (const to of ['v3', 'v1', first.sha]) {
      const refused = await back(to);
      expect([refused.status, refused.body.error.code]).toEqual([422, 'unprocessable_entity']);
      expect(refused.body.detail).toContain(`in production is current already`);
    }
    expect([...(await begun()), ...(await holds())]).toEqual([]);
  });

  it('tell releases of one commit apart by their variables and by what their workers run', async () => {
    await put(1);
    const sets = await client.get(`/config_sets?app=${app}&environment=production`);
    const [set] = sets.body.data as unknown as { id: string }[];
    await client.put(`/config_sets/${set?.id}`, { config: { COLOUR: 'red' } });
    await put(1);
    expect((await back('v1', { hold: false })).body.data['from_release']).toBe('v1');
    const workers = (await client.get(`/workers?app=${app}&environment=production`)).body.data as unknown as {
      id: string;
    }[];
    await client.put(`/workers/${workers[0]?.id}`, { command: '/start other' });
    await put(1);
    expect((await back('v2', { force: true })).body.data['from_release']).toBe('v2');
  });

  it('to what is not there name what is', async () => {
    const none = await back('v1');
    expect([none.status, none.body.detail]).toEqual([
      422,
      `There is no release of ${app} in production yet: nothing was deployed there.`,
    ]);
    for (let commit = 1; commit <= 6; commit += 1) await put(commit);
    const missing = await back('v99');
    expect([missing.status, missing.body.error.code]).toEqual([422, 'unprocessable_entity']);
    expect(missing.body.detail).toMatch(/no release v99 of .*\. The newest are v6 \(.*v2 \([0-9a-f]{12}\); GET \/rel/);
    expect((await back('deadbeef')).body.detail).toContain('no release deadbeef of');
    expect([...(await begun()), ...(await holds())]).toEqual([]);
  });

  it('wait, force or are refused as deploys are', async () => {
    await put(1);
    await put(2);
    const running = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    const locked = await back('v1');
    expect([locked.status, locked.body.detail]).toEqual([423, expect.stringContaining(`Deploy ${running.id} of`)]);
    expect(await holds()).toEqual([]);
    const unknown = await back('previous', { queue: true });
    expect([unknown.status, unknown.body.detail]).toEqual([
      422,
      `Which release is previous is not known before deploy ${running.id} has ended: name it, as v41, or cancel that deploy.`,
    ]);
    const waits = await back('v2', { queue: true });
    expect(waits.body.data).toMatchObject({ queued: true, position: 1, from_release: 'v2', kind: 'rollback' });
    const forced = await back('v1', { force: true });
    expect(forced.body.data).toMatchObject({ state: 'created', queued: false });
    for (const id of [running.id, waits.body.data.id])
      expect((await client.get(`/deploys/${id}`)).body.data).toMatchObject({ state: 'failed', outcome: 'superseded' });
    const both = await back('v1', { force: true, queue: true });
    expect([both.status, both.body.errors[0]?.field]).toEqual([422, 'queue']);
  });

  it('refused because they are current end nothing that they would have forced out', async () => {
    await put(1);
    const running = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
    expect((await back('v1', { force: true })).status).toBe(422);
    expect((await client.get(`/deploys/${running.id}`)).body.data['state']).toBe('deploying');
  });

  it('asked for twenty times at once are one, under one hold', async () => {
    await put(1);
    await put(2);
    const statuses = (await Promise.all(Array.from({ length: 20 }, () => back('v1')))).map(({ status }) => status);
    expect(statuses.sort()).toEqual([202, ...Array<number>(19).fill(423)]);
    expect(await begun()).toHaveLength(1);
    expect(await holds()).toHaveLength(1);
  });

  it('asked for again with one Idempotency-Key get the first answer', async () => {
    await put(1);
    await put(2);
    const headers = { 'idempotency-key': `back-${app}` };
    const post = () =>
      eventually('an answer that is not "still running"', async () => {
        const reply = await back('previous', {}, headers);
        return reply.status === 409 ? null : reply;
      });
    const answers = await Promise.all(Array.from({ length: 10 }, post));
    expect(new Set(answers.map(({ status, body: { data } }) => `${status} ${data.id}`)).size).toBe(1);
    expect(await begun()).toHaveLength(1);
  });

  it('are asked for by a form', async () => {
    await put(1);
    await put(2);
    const asked = await client.form(
      'POST',
      `/apps/${app}/rollback`,
      'environment=production&to=previous&hold=false&reason=',
    );
    expect([asked.status, asked.body.data['from_release']]).toEqual([202, 'v1']);
    expect(await holds()).toEqual([]);
  });

  it.each([
    [{ to: undefined }, 'to'],
    [{ to: '' }, 'to'],
    [{ to: 41 }, 'to'],
    [{ to: '41' }, 'to'],
    [{ to: 'v0' }, 'to'],
    [{ to: 'abcdef' }, 'to'],
    [{ to: 'main' }, 'to'],
    [{ to: `${'a'.repeat(40)}b` }, 'to'],
    [{ environment: undefined }, 'environment'],
    [{ hold: 'perhaps' }, 'hold'],
    [{ reason: 'two\nlines' }, 'reason'],
    [{ automatic: true }, 'automatic'],
    [{ callback_url: 'ftp://x' }, 'callback_url'],
  ])('refuse %j, naming the field', async (change, field) => {
    await put(1);
    const refused = await back('v1', change);
    expect([refused.status, refused.body.errors.map((error) => error.field)]).toEqual([422, [field]]);
  });

  it('of an app or in an environment that is not there are 404', async () => {
    expect((await client.post('/apps/nobody/rollback', { environment: 'production', to: 'v1' })).status).toBe(404);
    expect((await back('v1', { environment: 'nowhere' })).status).toBe(404);
    expect((await promote({ from: 'nowhere' })).status).toBe(404);
  });

  it('promote the current release of another environment: the same build, and so the same image', async () => {
    await put(1, 'development');
    const current = await put(2, 'development');
    const asked = await promote();
    expect(asked.status).toBe(202);
    expect(asked.body.data).toMatchObject({
      ...{ kind: 'promotion', from_release: 'v2', rref: current.sha, state: 'created', notice: expect.any(String) },
      ...{ build: { id: current.buildId, image: current.image }, environment: { name: 'production' } },
    });
    expect(await begun()).toMatchObject([{ fromReleaseId: current.id, buildId: current.buildId }]);
    expect(await holds()).toEqual([]);
    expect((await promote()).status).toBe(423);
    expect((await promote({ queue: true, release: 'v1' })).body.data).toMatchObject({
      queued: true,
      from_release: 'v1',
    });
    expect((await promote({ force: true, release: (await put(3, 'development')).sha })).status).toBe(202);
  });

  it('promote nothing to where it comes from, nor what is not there, nor against a hold by themselves', async () => {
    const none = await promote();
    expect([none.status, none.body.detail]).toEqual([
      422,
      expect.stringContaining(`no release of ${app} in development`),
    ]);
    await put(1, 'development');
    const same = await promote({ to: 'development' });
    expect([same.status, same.body.errors[0]?.field]).toEqual([422, 'to']);
    expect((await promote({ release: 'v7' })).body.detail).toContain('There are v1 (');
    expect((await promote({ release: 'main' })).body.errors[0]?.field).toBe('release');
    await client.post(`/apps/${app}/hold`, { environment: 'production', reason: 'an audit' });
    const held = await promote({ automatic: true });
    expect([held.status, held.body.detail]).toEqual([423, expect.stringContaining('(an audit)')]);
    expect((await promote()).status).toBe(202);
  });
});

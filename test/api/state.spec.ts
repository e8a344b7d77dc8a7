import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StateDto } from '../../src/features/state/state.dto.js';
import type { ReleaseRow } from '../../src/store/entities/index.js';
import { Hosts } from '../../src/store/repositories/hosts.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putRelease } from '../support/releases.js';
import { clientWith } from '../support/tokens.js';
import { putDeploy, putInstance, seedPlaces, shaOf } from '../support/world.js';

const PLACE = { app: 'sample', environment: 'production' };

describe('the state', () => {
  let api: TestApi;
  let client: ApiClient;
  let first: ReleaseRow;

  const at = (minutes: number): string => new Date(Date.UTC(2026, 0, 1, 12, minutes)).toISOString();

  /** Sets times of rows, in minutes of one hour in the past. */
  const times = (table: string, id: string, columns: Readonly<Record<string, number | null>>) => {
    const sets = Object.keys(columns).map((column, index) => `${column} = $${index + 2}`);
    const values = Object.values(columns).map((minutes) => (minutes === null ? null : at(minutes)));
    return api.dataSource.query(`UPDATE ${table} SET ${sets.join(', ')} WHERE id = $1`, [id, ...values]);
  };

  const state = async (minutes: number, as = client, query = ''): Promise<StateDto> => {
    const { status, body, text } = await as.get(`/state?at=${at(minutes)}${query}`);
    expect(status, text).toBe(200);
    return body.data as unknown as StateDto;
  };

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    await seedPlaces(api.dataSource);
    await client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    await client.post('/apps', { name: 'other', repo: 'jockey/other', stack: 'api' });
    await api.dataSource.query('UPDATE config_versions SET created_at = $1', [at(0)]);
    first = await putRelease(api.dataSource, PLACE, { commit: 1 });
    const second = await putRelease(api.dataSource, PLACE, { commit: 2 });
    await times('releases', first.id, { created_at: 10 });
    await times('releases', second.id, { created_at: 30 });
    const old = await putInstance(api.dataSource, await putDeploy(api.dataSource, PLACE, 'stopped'), { host: 'h1' });
    const stopped = { planned_at: 5, started_at: 6, healthy_at: 7, live_at: 7, draining_at: 31, ended_at: 32 };
    await times('instances', old.id, stopped);
    await api.dataSource.query(`UPDATE instances SET state = 'stopped' WHERE id = $1`, [old.id]);
    const young = await putInstance(api.dataSource, await putDeploy(api.dataSource, PLACE, 'deployed'), { host: 'h2' });
    await times('instances', young.id, { planned_at: 25, started_at: 26, healthy_at: 29, live_at: 29 });
  });
  afterAll(() => api.stop());

  it('is empty before anything was', async () => {
    expect(await state(0)).toEqual({ at: at(0), places: [], hosts: [] });
  });

  it('holds the release, its config, and each container with its host as they were', async () => {
    const [place] = (await state(20)).places;
    expect(place).toMatchObject({
      app: { name: 'sample' },
      environment: { name: 'production' },
      release: { name: 'v1', rref: shaOf(1), deploy_id: first.deployId, since: at(10), config_version: 1 },
      newest_config_version: 1,
      instances: [{ worker: 'web', slot: 1, host: 'h1', state: 'healthy', since: at(7), live: true }],
    });
    expect((await state(20)).hosts).toEqual([
      { name: 'h1', instances: 1, memory_mb: 256, cpus: 0.1, word: null, lost: null },
    ]);
  });

  it.each([
    [5, ['h1 planned false']],
    [6, ['h1 started false']],
    [28, ['h1 healthy true', 'h2 started false']],
    [29, ['h1 healthy true', 'h2 healthy true']],
    [31, ['h1 draining false', 'h2 healthy true']],
    [32, ['h2 healthy true']],
  ])('at minute %d has %j', async (minute, expected) => {
    const [place] = (await state(minute)).places;
    expect(place?.instances.map((each) => `${each.host} ${each.state} ${each.live}`)).toEqual(expected);
  });

  it('is that of now where nothing is said', async () => {
    const { body } = await client.get('/state');
    expect(body.data['places']).toMatchObject([{ release: { name: 'v2' }, instances: [{ host: 'h2' }] }]);
  });

  it('holds what was said of hosts, for those who may see them', async () => {
    const hosts = new Hosts(api.dataSource);
    const word = { drain: true };
    await hosts.say({ name: 'h2', word, require: () => undefined, judge: () => undefined });
    const now = async (as: ApiClient) => (await as.get('/state')).body.data['hosts'];
    expect(await now(client)).toMatchObject([{ name: 'h2', instances: 1, word: 'draining', lost: null }]);
    const own = await clientWith(api, { apps: ['sample'] });
    expect(await now(own)).toMatchObject([{ name: 'h2', instances: 1, word: null, lost: null }]);
    expect((await state(20)).hosts).toMatchObject([{ name: 'h1', word: null }]);
  });

  it('is only that of places in sight, and of what is asked for', async () => {
    const elsewhere = await clientWith(api, { environments: ['staging'] });
    expect(await state(20, elsewhere)).toEqual({ at: at(20), places: [], hosts: [] });
    expect((await state(20, client, '&app=other')).places).toEqual([]);
    expect((await state(20, client, '&app=sample&environment=production')).places).toHaveLength(1);
    expect((await client.get('/state?app=nowhere')).status).toBe(404);
  });

  it.each(['yesterday', '2026-11-21', '2999-01-01T00:00:00Z'])('refuses the time %s', async (time) => {
    expect((await client.get(`/state?at=${time}`)).status).toBe(422);
  });
});

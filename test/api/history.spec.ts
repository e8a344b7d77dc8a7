import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DeployRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { type Place, putDeploy, seedPlaces } from '../support/world.js';

const PRODUCTION: Place = { app: 'sample', environment: 'production' };
const STAGING: Place = { app: 'sample', environment: 'staging' };
const OTHER: Place = { app: 'other', environment: 'production' };

/** A deploy as somebody remembers it: how many minutes ago it settled, and how many seconds it took. */
interface Told {
  readonly place?: Place;
  readonly ago: number;
  readonly took?: number;
  readonly outcome?: DeployRow['outcome'];
  readonly kind?: DeployRow['kind'];
}

const DAY = 24 * 60;

describe('GET /history/deploys', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await TestApi.start();
    await seedPlaces(api.dataSource);
    for (const name of ['sample', 'other'])
      await api.client.post('/apps', { name, repo: `jockey/${name}`, stack: 'api' });
    for (const told of TOLD) await tell(told);
  });
  afterAll(() => api?.stop());

  const TOLD: readonly Told[] = [
    // What failed long before the range, and was made good before it.
    { ago: 50 * DAY, outcome: 'reverted' },
    { ago: 50 * DAY - 10 },
    // Three days ago: two failures, then a success an hour after the first.
    { ago: 3 * DAY, took: 10 },
    { ago: 3 * DAY - 60, outcome: 'reverted' },
    { ago: 3 * DAY - 90, outcome: 'timed_out' },
    { ago: 3 * DAY - 95, outcome: 'canceled' },
    { ago: 3 * DAY - 120, took: 30 },
    // Two days ago: a success that is rolled back from after 20 minutes.
    { ago: 2 * DAY, took: 50 },
    { ago: 2 * DAY - 20, took: 4, kind: 'rollback' },
    // Elsewhere, which must not end what happens in production.
    { place: STAGING, ago: 3 * DAY - 70, took: 100 },
    { place: OTHER, ago: 2 * DAY - 5, took: 200 },
  ];

  /** Times are counted from noon of today, so that no run crosses a midnight of UTC by chance. */
  async function tell({ place = PRODUCTION, ago, took = 60, outcome = 'succeeded', kind = 'deploy' }: Told) {
    const { id } = await putDeploy(api.dataSource, place, outcome === 'succeeded' ? 'stopped' : 'failed');
    await api.dataSource.manager.update(DeployRow, { id }, { outcome, kind });
    await api.dataSource.query(
      `UPDATE deploys SET completed_at = noon - make_interval(mins => $2), created_at = noon - make_interval(mins => $2, secs => $3)
       FROM (SELECT (date_trunc('day', now() AT TIME ZONE 'UTC') + interval '12 hours') AT TIME ZONE 'UTC' AS noon) AS clock
       WHERE id = $1`,
      [id, ago, took],
    );
  }

  const read = async (query: string, client: ApiClient = api.client) => {
    const { status, body } = await client.get(`/history/deploys${query}`);
    expect(status).toBe(200);
    return body.data as unknown as Record<string, unknown> & {
      total: Record<string, unknown>;
      days: Record<string, unknown>[];
    };
  };

  it('counts what succeeded, failed and was undone, and how long troubles lasted', async () => {
    const { total, ...rest } = await read('?days=7&app=sample&environment=production');
    expect(total).toEqual({
      ...{ settled: 6, succeeded: 4, failed: 2, undone: 1, failure_rate: 0.5 },
      ...{ seconds_to_deploy_p50: 20, seconds_to_deploy_p95: 47, restored: 2 },
      // An hour after the first of two failures, and 20 minutes after what was undone: half way between.
      seconds_to_restore_p50: 2400,
    });
    expect(rest['deploys_a_day']).toBe(0.57);
  });

  it('says each day apart, those without deploys too', async () => {
    const { days, from, to } = await read('?days=7&app=sample&environment=production');
    expect(days).toHaveLength(7);
    expect([days[0]?.['day'], days[6]?.['day']]).toEqual([from, to]);
    expect(to).toBe(new Date().toISOString().slice(0, 10));
    expect(days.map(({ settled }) => settled)).toEqual([0, 0, 0, 4, 2, 0, 0]);
    expect(days[3]).toMatchObject({ succeeded: 2, failed: 2, undone: 0, restored: 1, seconds_to_restore_p50: 3600 });
    expect(days[4]).toMatchObject({ succeeded: 2, failed: 0, undone: 1, restored: 1, seconds_to_restore_p50: 1200 });
    expect(days[6]).toMatchObject({ failure_rate: null, seconds_to_deploy_p50: null, seconds_to_restore_p50: null });
  });

  it('keeps places apart', async () => {
    expect((await read('?days=7&environment=staging')).total).toMatchObject({ settled: 1, restored: 0 });
    expect((await read('?days=7')).total).toMatchObject({ settled: 8, restored: 2 });
    expect((await read('?days=60&app=sample&environment=production')).total).toMatchObject({ settled: 8, restored: 3 });
  });

  it('counts for each caller what they may see', async () => {
    const some = await clientWith(api, { verbs: ['read'], apps: ['other'] });
    expect((await read('?days=7', some)).total).toMatchObject({ settled: 1, seconds_to_deploy_p50: 200 });
    expect((await some.get('/history/deploys?app=sample')).status).toBe(404);
  });

  it.each(['?days=0', '?days=366', '?days=many', '?weeks=2'])('refuses %s', async (query) =>
    expect((await api.client.get(`/history/deploys${query}`)).status).toBe(422),
  );

  it('is empty, and no error, before there was a deploy', async () => {
    expect((await read('?environment=development')).total).toMatchObject({ settled: 0, failure_rate: null });
    expect((await read('')).days).toHaveLength(30);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { seedPlaces, shaOf } from '../support/world.js';

describe('metrics', () => {
  let api: TestApi;
  afterEach(() => api?.stop());

  const start = async (environment: Readonly<Record<string, string>> = {}) => {
    api = await TestApi.start({ environment });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
  };

  const ask = async (number: number): Promise<string> => {
    api.world.source.commits.set('main', shaOf(number));
    return (await api.client.post('/builds', { app: 'sample', ref: 'main' })).body.data.id;
  };

  it('tell the queue and the ends of builds in the words of Prometheus', async () => {
    await start();
    const [done, failed] = [await ask(101), await ask(102)];
    await ask(103);
    const progress = new BuildProgress(api.dataSource);
    await api.dataSource.query(
      `UPDATE builds SET created_at = now() - interval '10 seconds', started_at = now() - interval '6 seconds'
       WHERE id = ANY($1)`,
      [[done, failed]],
    );
    await progress.complete(done, 'image');
    await progress.fail(failed, 'no', 'timed_out');
    const { status, text, headers } = await api.client.get('/metrics');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    const lines = text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '# TYPE jockey_builds_settled_total counter',
        'jockey_builds_waiting 1',
        'jockey_builds_running 0',
        'jockey_build_wait_seconds{quantile="0.5"} 4',
        'jockey_build_wait_seconds{quantile="0.95"} 4',
        'jockey_builds_settled_total{outcome="succeeded"} 1',
        'jockey_builds_settled_total{outcome="timed_out"} 1',
        'jockey_builds_settled_total{outcome="canceled"} 0',
      ]),
    );
    expect(text).toMatch(/jockey_build_duration_seconds\{outcome="succeeded",quantile="0.5"\} [6-9]/);
  });

  it('are for those with the right to read everything', async () => {
    await start();
    expect((await new ApiClient(api.url, null).get('/metrics')).status).toBe(401);
    const some = await clientWith(api, { verbs: ['read'], apps: ['sample'] });
    expect((await some.get('/metrics')).status).toBe(403);
    expect((await (await clientWith(api, { verbs: ['read'] })).get('/metrics')).status).toBe(200);
  });

  it('are for everybody where METRICS_PUBLIC says so', async () => {
    await start({ METRICS_PUBLIC: 'true' });
    expect((await new ApiClient(api.url, null).get('/metrics')).status).toBe(200);
  });
});

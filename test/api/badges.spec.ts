import { afterEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { putRelease } from '../support/releases.js';
import { clientWith } from '../support/tokens.js';
import { putDeploy, seedPlaces, shaOf } from '../support/world.js';

const PLACE = { app: 'sample', environment: 'production' };
const BADGE = '/apps/sample/badge.svg?environment=production';

describe('badges', () => {
  let api: TestApi;
  const start = async (environment: Readonly<Record<string, string>> = {}): Promise<void> => {
    api = await TestApi.start({ environment });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
  };
  afterEach(() => api.stop());

  const says = async (): Promise<string | undefined> => {
    const { status, text } = await api.client.get('/apps/sample/badge.svg?environment=production');
    expect(status, text).toBe(200);
    return /<title>([^<]*)<\/title>/.exec(text)?.[1];
  };

  it('say how an app stands in an environment, as it is now', async () => {
    await start();
    expect(await says()).toBe('sample production: not deployed');
    await putRelease(api.dataSource, PLACE, { commit: 0xabcdef1 });
    expect(await says()).toBe(`sample production: v1 ${shaOf(0xabcdef1).slice(0, 7)}`);
    const { headers } = await api.client.get(BADGE);
    expect(headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(headers.get('cache-control')).toBe('no-cache');
    const same = await api.client.get(BADGE, {
      'if-none-match': headers.get('etag') ?? '',
      'cache-control': 'max-age=0',
    });
    expect([same.status, same.text]).toEqual([304, '']);
    await putDeploy(api.dataSource, PLACE, 'deploying');
    expect(await says()).toContain('deploying');
  });

  it('are for those who may see the place', async () => {
    await start();
    expect((await new ApiClient(api.url, null).get(BADGE)).status).toBe(401);
    expect((await (await clientWith(api, { environments: ['staging'] })).get(BADGE)).status).toBe(404);
    expect((await api.client.get('/apps/nowhere/badge.svg?environment=production')).status).toBe(404);
    expect((await api.client.get('/apps/sample/badge.svg')).status).toBe(422);
  });

  it('are for everybody where BADGES_PUBLIC says so', async () => {
    await start({ BADGES_PUBLIC: 'true' });
    const { status, text } = await new ApiClient(api.url, null).get(BADGE);
    expect([status, text]).toEqual([200, expect.stringContaining('sample production: not deployed')]);
    expect((await new ApiClient(api.url, null).get('/apps/sample')).status).toBe(401);
  });
});

import { afterEach, beforeAll, afterAll, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';

interface Readiness {
  readonly status: string;
  readonly dependencies: readonly { readonly name: string; readonly ok: boolean; readonly error: string | null }[];
}

describe('health', () => {
  let api: TestApi;
  let stranger: ApiClient;

  const ready = async () => {
    const { status, body } = await stranger.get('/readyz');
    return { status, readiness: body as unknown as Readiness };
  };
  const awayOf = ({ dependencies }: Readiness) => dependencies.filter(({ ok }) => !ok).map(({ name }) => name);

  beforeAll(async () => {
    api = await TestApi.start();
    stranger = new ApiClient(api.url, null);
  });
  afterAll(() => api?.stop());
  afterEach(() => {
    api.world.queue.failing = null;
    api.world.hosts.failing = null;
  });

  it('says to everybody that the process lives', async () => {
    const alive = await stranger.get('/healthz');
    expect([alive.status, alive.text]).toEqual([200, '{"status":"ok"}']);
  });

  it('says that all parts answer, and how fast', async () => {
    const { status, readiness } = await ready();
    expect(status).toBe(200);
    expect(readiness).toEqual({
      status: 'ok',
      dependencies: ['postgres', 'redis', 'consul'].map((name) => ({
        name,
        ok: true,
        milliseconds: expect.any(Number),
        error: null,
      })),
    });
  });

  it('is degraded, and still 200, while Redis or Consul is away; no secret is told', async () => {
    api.world.queue.failing = unavailable('Redis', 'redis://:hunter2@10.0.0.9 refused');
    let seen = await ready();
    expect([seen.status, seen.readiness.status, awayOf(seen.readiness)]).toEqual([200, 'degraded', ['redis']]);
    expect(JSON.stringify(seen)).not.toContain('hunter2');
    expect(JSON.stringify(seen)).toContain('redis does not answer');
    api.world.hosts.failing = unavailable('Consul', 'refused');
    seen = await ready();
    expect(awayOf(seen.readiness)).toEqual(['redis', 'consul']);
  });

  it('waits for no part for ever', async () => {
    const { ping } = api.world.queue;
    api.world.queue.ping = () => new Promise(() => undefined);
    const seen = await ready();
    api.world.queue.ping = ping;
    expect([seen.readiness.status, awayOf(seen.readiness)]).toEqual(['degraded', ['redis']]);
  });

  it('is unavailable, with 503, without Postgres, while the process lives', async () => {
    const other = await TestApi.start();
    await other.loseDatabase();
    const reply = await new ApiClient(other.url, null).get('/readyz');
    expect(reply.status).toBe(503);
    expect(reply.body).toMatchObject({ status: 'unavailable' });
    expect(awayOf(reply.body as unknown as Readiness)).toEqual(['postgres']);
    expect(reply.text).not.toMatch(/jockey_test|nobody|password/);
    expect((await new ApiClient(other.url, null).get('/healthz')).status).toBe(200);
    await other.stop();
  });
});

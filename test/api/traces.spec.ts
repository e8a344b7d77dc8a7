import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestApi, TOKEN } from '../support/api.js';
import { OtlpReceiver, type SeenSpan } from '../support/otlp-receiver.js';
import { seedPlaces, shaOf } from '../support/world.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const PARENT = 'b7ad6b7169203331';

describe('traces of requests', () => {
  let api: TestApi;
  let receiver: OtlpReceiver;
  let stored: { builds: string; deploys: string; untraced: string };

  const send = (path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(`${api.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  const traceOf = async (table: string): Promise<string> => {
    const [row] = await api.dataSource.query<{ traceparent: string }[]>(
      `SELECT traceparent FROM ${table} ORDER BY id DESC LIMIT 1`,
    );
    return row?.traceparent ?? '';
  };

  /** What was asked is asked once; the API is stopped, so that it hands on the last spans. */
  beforeAll(async () => {
    receiver = await OtlpReceiver.start();
    api = await TestApi.start({
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'x-canary=a%2Cb',
        OTEL_SERVICE_NAME: 'jockey-api',
      },
    });
    await seedPlaces(api.dataSource);
    await api.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    api.world.source.commits.set('main', shaOf(1));
    const traceparent = `00-${TRACE}-${PARENT}-01`;
    await send('/deploys', { app: 'sample', environment: 'production', rref: 'main' }, { traceparent });
    const traced = { builds: await traceOf('builds'), deploys: await traceOf('deploys') };
    api.world.source.commits.set('main', shaOf(2));
    await send('/builds', { app: 'sample', ref: 'main' }, { traceparent: 'canary-of-nobody' });
    stored = { ...traced, untraced: await traceOf('builds') };
    await api.client.get('/apps/sample?github_access_token=canary-in-the-query');
    await api.client.get('/apps/canary-in-the-path');
    await api.client.get('/healthz');
    await api.stop();
  });
  afterAll(() => receiver?.stop());

  const spanOf = (name: string): SeenSpan | undefined => receiver.spans.find((span) => span.name === name);

  it('go on with the trace of the caller', () => {
    expect(spanOf('POST /deploys')).toMatchObject({ traceId: TRACE, parentSpanId: PARENT });
  });

  it('are kept with what was asked for, so that engines go on with them', () => {
    const own = `00-${TRACE}-${spanOf('POST /deploys')?.spanId}-01`;
    expect(stored).toMatchObject({ builds: own, deploys: own });
  });

  it('begin anew where what the caller sent is none', () => {
    const span = spanOf('POST /builds');
    expect(span?.parentSpanId ?? '').toBe('');
    expect(stored.untraced).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
  });

  it('say the route, the status and the request', () => {
    const facts = Object.fromEntries((spanOf('GET /apps/:id')?.attributes ?? []).map(({ key, value }) => [key, value]));
    expect(facts).toEqual({
      'http.request.method': { stringValue: 'GET' },
      'http.route': { stringValue: '/apps/:id' },
      'http.response.status_code': { intValue: 200 },
      'jockey.request_id': { stringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) as string },
    });
  });

  it('hold no secret, and nothing else that a caller wrote', () => {
    expect(receiver.bodies.join()).toContain('jockey-api');
    expect(receiver.bodies.join()).not.toMatch(/canary/);
    expect(receiver.bodies.join()).not.toContain(TOKEN);
  });

  it('leave out what machines ask every few seconds', () => {
    expect(receiver.spans.map(({ name }) => name).join()).not.toContain('healthz');
  });

  it('go out with the headers of the settings', () => expect(receiver.headers['x-canary']).toBe('a,b'));
});

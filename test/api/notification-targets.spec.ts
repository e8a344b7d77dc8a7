import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryRow, EventRow, NotificationTargetRow } from '../../src/store/entities/index.js';
import { BuildProgress } from '../../src/store/repositories/build-progress.js';
import { Events } from '../../src/store/repositories/events.js';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { clientWith } from '../support/tokens.js';
import { seedPlaces, shaOf } from '../support/world.js';

const KEY = Buffer.alloc(32, 7).toString('base64');
const URL_SECRET = 'canary-path-8d3f';
const ADDRESS = `https://hooks.example.com/services/${URL_SECRET}`;
const SECRET = 'canary-signing-secret-51c2';

let api: TestApi;
let client: ApiClient;
let app: string;
let appId: string;
let count = 0;

beforeAll(async () => {
  api = await TestApi.start({ environment: { SECRETS_KEY: KEY, JOCKEY_URL: 'https://jockey.example.com/' } });
  client = api.client;
  await seedPlaces(api.dataSource);
});
afterAll(() => api?.stop());
beforeEach(async () => {
  count += 1;
  app = `app-${count}`;
  appId = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
  await api.dataSource.query('TRUNCATE notification_targets, deliveries');
  api.world.outbound.sent.length = 0;
  api.world.outbound.fateOf = () => ({ status: 200, body: 'ok' });
});

const create = (change: object = {}, by: ApiClient = client): Promise<Reply> =>
  by.post('/notification_targets', { app, kind: 'generic', url: ADDRESS, secret: SECRET, events: ['*'], ...change });

const made = async (change: object = {}): Promise<string> => (await create(change)).body.data.id;

const listed = (reply: Reply): string[] => (reply.body.data as unknown as { id: string }[]).map(({ id }) => id);

const changeConfig = async (value: string): Promise<void> => {
  const sets = await client.get(`/config_sets?app=${app}&environment=production`);
  await client.put(`/config_sets/${listed(sets)[0]}`, { config: { VALUE: value } });
};

describe('notification targets', () => {
  it('are made, shown, changed and removed', async () => {
    const reply = await create({ events: ['deploy.*', 'build.failed', 'deploy.*'] });
    expect(reply.status).toBe(201);
    expect(reply.body.data).toMatchObject({
      app: { id: appId, name: app },
      kind: 'generic',
      url_host: 'hooks.example.com',
      url_fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      signed: true,
      secret_fingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      events: ['deploy.*', 'build.failed'],
      enabled: true,
    });
    const path = `/notification_targets/${reply.body.data.id}`;
    const shown = await client.get(path);
    expect(shown.body).toEqual(reply.body);
    const changed = await client.put(
      path,
      { enabled: false, secret: null },
      { 'if-match': String(shown.headers.get('etag')) },
    );
    expect(changed.body.data).toMatchObject({ enabled: false, signed: false, secret_fingerprint: null });
    expect(changed.body.data['url_fingerprint']).toBe(shown.body.data['url_fingerprint']);
    const moved = await client.put(path, { url: 'https://other.example.com:8443/x', events: ['*'] });
    expect(moved.body.data).toMatchObject({ url_host: 'other.example.com:8443', events: ['*'], enabled: false });
    expect(moved.body.data['url_fingerprint']).not.toBe(shown.body.data['url_fingerprint']);
    expect((await client.put(path, { enabled: true }, { 'if-match': '"1"' })).status).toBe(412);
    expect(listed(await client.get('/notification_targets'))).toEqual([reply.body.data.id]);
    expect((await client.delete(path)).body.data).toMatchObject({ id: reply.body.data.id });
    expect((await client.get(path)).status).toBe(404);
    expect((await client.delete(path)).status).toBe(404);
  });

  it('keep address and secret to themselves: sealed in the database, in no answer, log or audit entry', async () => {
    api.world.outbound.fateOf = ({ url, body }) => ({
      status: 500,
      body: `${url} ${body} ${SECRET} /services/${URL_SECRET}`,
    });
    const id = await made();
    const replies = [
      await client.get(`/notification_targets/${id}`),
      await client.put(`/notification_targets/${id}`, { url: `${ADDRESS}/2`, secret: `${SECRET}-2` }),
      await client.post(`/notification_targets/${id}/test`),
      await create({ url: `http://127.0.0.1/${URL_SECRET}` }),
      await create({ url: `ftp://hooks.example.com/${URL_SECRET}` }),
      await client.delete(`/notification_targets/${id}`),
    ];
    await made();
    const rows = await api.dataSource.query<{ row: string }[]>(
      `SELECT it::text AS row FROM notification_targets it UNION ALL SELECT it::text FROM audit_entries it
       UNION ALL SELECT it::text FROM events it UNION ALL SELECT it::text FROM idempotency_keys it`,
    );
    const written = [...replies.map(({ text }) => text), ...rows.map(({ row }) => row), ...api.world.log].join('\n');
    expect(written).toContain('hooks.example.com');
    expect(written).not.toContain(URL_SECRET);
    expect(written).not.toContain(SECRET);
  });

  it.each([
    ['url', { url: 'http://127.0.0.1/' }, 'leads to an address that is not public'],
    ['url', { url: 'http://2130706433/' }, 'leads to an address that is not public'],
    ['url', { url: 'http://0x7f.1/' }, 'leads to an address that is not public'],
    ['url', { url: 'http://[::ffff:169.254.169.254]/' }, 'leads to an address that is not public'],
    ['url', { url: 'http://localhost./' }, 'leads to an address that is not public'],
    ['url', { url: 'https://user:word@hooks.example.com/' }, 'holds a password'],
    ['url', { url: 'https://hooks.example.com:25/' }, 'has the port 25'],
    ['url', { url: 'ftp://hooks.example.com/' }, 'should be an address'],
    ['url', { url: '' }, 'should be an address'],
    ['url', { url: undefined }, 'is required'],
    ['events', { events: [] }, 'should be a list of some of build.started'],
    ['events', { events: ['deploy.exploded'] }, 'should be a list of some of build.started'],
    ['events', { events: '*' }, 'should be a list of some of build.started'],
    ['kind', { kind: 'pigeon' }, 'should be one of generic, slack'],
    ['secret', { secret: 'short' }, '16 to 200 characters'],
    ['secret', { kind: 'slack' }, 'is for the kind generic'],
  ])('refuse a %s that is none: %j', async (field, change, says) => {
    const reply = await create(change);
    expect([reply.status, reply.body.error.code, reply.body.errors[0]?.field]).toEqual([422, 'record_invalid', field]);
    expect(reply.body.errors[0]?.message).toContain(says);
    expect(await api.dataSource.manager.count(NotificationTargetRow)).toBe(0);
  });

  it('of one app are its managers’, of all apps those of everything', async () => {
    const [ofApp, ofAll] = [await made(), await made({ app: undefined })];
    const other = (await client.post('/apps', { name: `other-${count}`, repo: 'jockey/other', stack: 'api' })).body.data
      .id;
    const [manager, stranger, viewer] = await Promise.all([
      clientWith(api, { apps: [app] }),
      clientWith(api, { apps: [other] }),
      clientWith(api, { verbs: ['read'] }),
    ]);
    expect(listed(await manager.get('/notification_targets'))).toEqual([ofApp]);
    expect(listed(await stranger.get('/notification_targets'))).toEqual([]);
    expect(listed(await viewer.get('/notification_targets')).sort()).toEqual([ofApp, ofAll].sort());
    expect((await create({}, manager)).status).toBe(201);
    expect((await create({ app: undefined }, manager)).status).toBe(403);
    expect((await create({ app: null }, manager)).status).toBe(403);
    expect((await create({}, stranger)).status).toBe(404);
    expect((await create({}, viewer)).status).toBe(403);
    for (const path of [`/notification_targets/${ofApp}`, `/notification_targets/${ofAll}`]) {
      expect((await stranger.put(path, { enabled: false })).status).toBe(404);
      expect((await stranger.post(`${path}/test`)).status).toBe(404);
      expect((await viewer.post(`${path}/test`)).status).toBe(403);
      expect((await viewer.delete(path)).status).toBe(403);
    }
    expect((await manager.put(`/notification_targets/${ofApp}`, { enabled: false })).status).toBe(200);
    expect(api.world.outbound.sent).toEqual([]);
  });
});

describe('the test of a target', () => {
  it('sends a signed sample now, and answers what came back', async () => {
    const reply = await client.post(`/notification_targets/${await made({ enabled: false })}/test`);
    expect([reply.status, reply.body.data]).toEqual([
      200,
      { delivered: true, status: 200, answer: 'ok', error: null, milliseconds: expect.any(Number) },
    ]);
    const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = api.world.outbound.sent;
    expect(url).toBe(ADDRESS);
    const signature = createHmac('sha256', SECRET).update(`${headers['x-jockey-timestamp']}.${body}`).digest('hex');
    expect(headers).toMatchObject({
      'x-jockey-event': 'test',
      'x-jockey-delivery': expect.stringMatching(/^test-/),
      'x-jockey-signature-256': `sha256=${signature}`,
    });
    expect(Math.abs(Number(headers['x-jockey-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    expect(JSON.parse(body)).toMatchObject({ event: 'test', app: { id: appId, name: app }, data: { test: true } });
  });

  it.each([
    [
      { status: 500, body: 'out\nof order' },
      { status: 500, answer: 'out of order', error: 'It answered 500, but should answer 2xx.' },
    ],
    [
      { failure: 'connect ECONNREFUSED' },
      { status: null, error: 'hooks.example.com does not answer: connect ECONNREFUSED' },
    ],
    [{ refusal: 'is not public.' }, { status: null, error: 'The address at hooks.example.com is not public.' }],
  ])('says what went wrong: %j', async (fate, seen) => {
    api.world.outbound.fateOf = () => fate;
    const reply = await client.post(`/notification_targets/${await made()}/test`);
    expect([reply.status, reply.body.data]).toEqual([200, expect.objectContaining({ delivered: false, ...seen })]);
  });

  it('is a message for Slack, with a link', async () => {
    await client.post(`/notification_targets/${await made({ kind: 'slack', secret: undefined })}/test`);
    const [{ body, headers } = { body: '{}', headers: {} }] = api.world.outbound.sent;
    expect(headers).not.toHaveProperty('x-jockey-signature-256');
    expect(JSON.parse(body)).toMatchObject({
      text: `Test: Deploy 0 of ${app} in production (000000000000) is deployed`,
    });
    expect(body).toContain('<https://jockey.example.com/deploys/0|deploys 0>');
  });
});

describe('an event', () => {
  it('is put on its way to those who want it, once each, with the change that it tells of', async () => {
    const wanted = [
      await made(),
      await made({ app: undefined, events: ['config.*'] }),
      await made({ events: ['config.changed'] }),
    ];
    await made({ enabled: false });
    await made({ events: ['deploy.*'] });
    await client.post('/apps', { name: `second-${count}`, repo: 'jockey/second', stack: 'api' });
    await made({ app: `second-${count}` });
    await changeConfig('canary-value');
    const deliveries = await api.dataSource.manager.find(DeliveryRow, { order: { id: 'ASC' } });
    expect(
      deliveries
        .filter(({ eventId }) => eventId === deliveries.at(-1)?.eventId)
        .map(({ targetId }) => targetId)
        .sort(),
    ).toEqual(wanted.sort());
    const event = await api.dataSource.manager.findOneByOrFail(EventRow, { id: deliveries.at(-1)?.eventId ?? '' });
    expect(event).toMatchObject({
      kind: 'config.changed',
      appId,
      data: { version: 2, names: ['VALUE'], by: 'bootstrap' },
    });
    expect(JSON.stringify([event, deliveries])).not.toContain('canary-value');
  });

  it('is not told when the change is taken back', async () => {
    await made();
    const before = await api.dataSource.manager.count(EventRow);
    const change = api.dataSource.transaction(async (manager) => {
      await Events.record(manager, {
        kind: 'config.changed',
        appId,
        environmentId: null,
        subject: 'config_set',
        subjectId: '1',
        data: {},
      });
      throw new Error('it is taken back');
    });
    await expect(change).rejects.toThrow('it is taken back');
    expect(await api.dataSource.manager.count(EventRow)).toBe(before);
    expect(await api.dataSource.manager.count(DeliveryRow)).toBe(0);
  });
});

describe('a callback_url', () => {
  const build = async (callback_url: string | null): Promise<string> => {
    api.world.source.commits.set('main', shaOf(7_000 + count));
    return (await client.post('/builds', { app, ref: 'main', callback_url })).body.data.id;
  };

  it('is told of the one end that there is', async () => {
    const id = await build('https://ci.example.com/hook');
    const progress = new BuildProgress(api.dataSource);
    const ends = await Promise.all([
      progress.fail(id, 'it broke'),
      progress.complete(id, 'image'),
      progress.fail(id, 'twice'),
    ]);
    expect(ends.filter(Boolean)).toHaveLength(1);
    const found = await client.get(`/deliveries?app=${app}&channel=callback`);
    expect(found.body.data).toMatchObject([
      { channel: 'callback', target: null, state: 'waiting', event: { subject: 'build', subject_id: id } },
    ]);
  });

  it('that was not given is told nothing', async () => {
    await new BuildProgress(api.dataSource).fail(await build(null), 'it broke');
    expect((await client.get(`/deliveries?app=${app}&channel=callback`)).body.data).toEqual([]);
  });

  it.each(['ftp://ci.example.com/', 'https://user:canary-w@ci.example.com/', 'https://ci.example.com/ x'])(
    '%s is refused',
    async (url) => {
      const reply = await client.post('/builds', { app, ref: 'main', callback_url: url });
      expect([reply.status, reply.body.errors[0]?.field]).toEqual([422, 'callback_url']);
      expect(reply.text).not.toContain('canary-w');
    },
  );
});

describe('deliveries', () => {
  it('are listed by app, environment, target, event, channel and state', async () => {
    const target = await made();
    await changeConfig('1');
    const ids = listed(await client.get(`/deliveries?target=${target}`));
    expect(ids).toHaveLength(1);
    const holding = `app=${app}&environment=production&event=config.changed&channel=webhook&state=waiting`;
    expect(listed(await client.get(`/deliveries?${holding}`))).toEqual(ids);
    const missing = ['environment=staging', 'event=deploy.failed', 'channel=callback', 'state=failed', 'target=999'];
    for (const filter of missing)
      expect([filter, listed(await client.get(`/deliveries?app=${app}&${filter}`))]).toEqual([filter, []]);
    expect((await client.get('/deliveries?event=deploy.exploded')).status).toBe(422);
    expect((await client.get(`/deliveries/${ids[0]}`)).body.data).toMatchObject({
      id: ids[0],
      target,
      app: { id: appId, name: app },
      environment: { name: 'production' },
      event: { kind: 'config.changed', subject: 'config_set' },
      attempts: [],
      state: 'waiting',
    });
    expect((await client.get('/deliveries/999')).status).toBe(404);
  });

  it('are seen, and sent again, by whom the app concerns alone', async () => {
    await made();
    await changeConfig('1');
    const [id] = listed(await client.get(`/deliveries?app=${app}`));
    const other = (await client.post('/apps', { name: `other-${count}`, repo: 'jockey/other', stack: 'api' })).body.data
      .id;
    const stranger = await clientWith(api, { apps: [other] });
    expect(listed(await stranger.get('/deliveries'))).toEqual([]);
    expect((await stranger.get(`/deliveries/${id}`)).status).toBe(404);
    expect((await stranger.post(`/deliveries/${id}/redeliver`)).status).toBe(404);
    expect((await (await clientWith(api, { verbs: ['deploy'] })).post(`/deliveries/${id}/redeliver`)).status).toBe(403);
  });

  it('that were given up are sent again when somebody says so', async () => {
    await made();
    await changeConfig('1');
    const [id = ''] = listed(await client.get(`/deliveries?app=${app}`));
    const attempt = {
      at: new Date().toISOString(),
      milliseconds: 1,
      status: 500,
      answer: '',
      error: 'It answered 500.',
    };
    await api.dataSource.manager.update(
      DeliveryRow,
      { id },
      { state: 'failed', attempts: [attempt], failedAttempts: 29, nextAttemptAt: null, settledAt: new Date() },
    );
    const reply = await client.post(`/deliveries/${id}/redeliver`);
    expect([reply.status, reply.body.data]).toEqual([
      202,
      expect.objectContaining({ id, state: 'waiting', failed_attempts: 0, settled_at: null, attempts: [attempt] }),
    ]);
    expect(reply.body.data['next_attempt_at']).not.toBeNull();
    expect((await client.post('/deliveries/999/redeliver')).status).toBe(404);
  });
});

describe('without SECRETS_KEY', () => {
  it('no target is taken, as its address could not be kept secret', async () => {
    const bare = await TestApi.start();
    try {
      const reply = await create({ app: undefined }, bare.client);
      expect([reply.status, reply.body.error.code]).toEqual([422, 'unprocessable_entity']);
      expect(reply.body.detail).toContain('SECRETS_KEY');
      expect(await bare.dataSource.manager.count(NotificationTargetRow)).toBe(0);
    } finally {
      await bare.stop();
    }
  });
});

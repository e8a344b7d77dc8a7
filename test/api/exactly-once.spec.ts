import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { IdempotencyKeys } from '../../src/http/idempotency/idempotency-keys.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { underClaim } from '../../src/store/present-claim.js';
import { DeliveryRow, DeployRow, StackRow } from '../../src/store/entities/index.js';
import type { ApiClient, Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { writersOf } from '../support/handlers.js';
import { putRelease } from '../support/releases.js';
import { putDeploy, putInstance, seedPlaces, shaOf } from '../support/world.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

/** Tables that say how requests went, and nothing of what was asked for. */
const BESIDE = ['audit_entries', 'audit_head', 'idempotency_keys', 'migrations'];

/** A POST that can be sent. */
interface Post {
  readonly path: string;
  readonly body: object;
}

/** Operations whose effect lies at GitHub, or begins with a delivery of it, and those for people alone. */
const ELSEWHERE = new Set(['createWebhook', 'replayWebhookDelivery', 'signInWithToken', 'signOut', 'createChatLink']);

/** A sign-in that is repeated begins a session as good as the first, a sign-out has nothing more to end, and a second code to link a chat is as good as the first. */
const NOTHING_TO_READ = new Set(['signInWithToken', 'signOut', 'createChatLink']);

describe('exactly once', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let key: string;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: KEY } });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    key = `key-${count}`;
    api.world.source.commits.set('main', shaOf(5000 + count));
    expect((await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).status).toBe(201);
  });

  const staging = () => ({ app, environment: 'staging' });
  const production = () => ({ app, environment: 'production' });

  const at = (path: string, body: object): Promise<Post> => Promise.resolve({ path, body });

  const setOf = async (place: string): Promise<string> => {
    const { body } = await client.get(`/config_sets?app=${app}&environment=${place}`);
    return (body.data as unknown as { id: string }[])[0]?.id ?? '';
  };

  /** What stands before each POST, and the POST. */
  const POSTS: Readonly<Record<string, () => Promise<Post>>> = {
    createApp: () => at('/apps', { name: `more-${count}`, repo: 'jockey/more', stack: 'api' }),
    createBuild: () => at('/builds', { app, ref: 'main' }),
    createCleanUp: async () => {
      // Only one is in progress at a time.
      await api.dataSource.query(`UPDATE clean_ups SET state = 'failed'`);
      return { path: '/clean_ups', body: {} };
    },
    createConfigSet: () => at('/config_sets', { ...staging(), config: { A: '1' } }),
    createDeploy: () => at('/deploys', { ...production(), rref: 'main' }),
    createEnvironment: () => at('/environments', { name: `more-${count}` }),
    createHold: () => at(`/apps/${app}/hold`, { environment: 'production', reason: 'a look' }),
    createHostPool: async () => {
      // One is of each place.
      for (const table of ['pool_hosts', 'capacity_changes', 'host_pools'])
        await api.dataSource.query(`DELETE FROM ${table}`);
      return { path: '/host_pools', body: { stack: 'api', environment: 'staging', kind: 'static' } };
    },
    createNotificationTarget: () =>
      at('/notification_targets', { app, kind: 'generic', url: 'https://hook.example.com/x', events: ['*'] }),
    createPushRule: () => at(`/apps/${app}/push_rules`, { branch: 'main', environment: 'staging' }),
    createReconcile: () => at('/reconciles', production()),
    createStack: () => at('/stacks', { name: `more-${count}` }),
    createToken: () => at('/tokens', { name: `more-${count}`, verbs: ['read'], apps: [app], environments: '*' }),
    createWorker: () => at('/workers', { ...production(), name: 'jobs', command: '/start jobs' }),
    cancelBuild: async () => {
      const { id } = (await client.post('/builds', { app, ref: 'main' })).body.data;
      return { path: `/builds/${id}/cancel`, body: { reason: 'a look' } };
    },
    cancelDeploy: async () => {
      const { id } = await putDeploy(api.dataSource, production(), 'created');
      return { path: `/deploys/${id}/cancel`, body: {} };
    },
    continueDeploy: async () => {
      const { id } = await putDeploy(api.dataSource, production(), 'deploying');
      await api.dataSource.manager.update(DeployRow, { id }, { pausedAt: new Date(), pausedBecause: 'a test' });
      return { path: `/deploys/${id}/continue`, body: {} };
    },
    createRollback: async () => {
      await putRelease(api.dataSource, production(), { commit: 1 });
      await putRelease(api.dataSource, production(), { commit: 2 });
      return { path: `/apps/${app}/rollback`, body: { environment: 'production', to: 'v1', reason: 'a look' } };
    },
    createPromotion: async () => {
      await putRelease(api.dataSource, production(), { commit: 1 });
      return { path: `/apps/${app}/promote`, body: { from: 'production', to: 'staging' } };
    },
    redeliver: async () => {
      const asked = { eventId: String(count), channel: 'webhook', state: 'failed', nextAttemptAt: null };
      const { id } = await api.dataSource.manager.save(DeliveryRow, asked as DeliveryRow);
      return { path: `/deliveries/${id}/redeliver`, body: {} };
    },
    createRun: async () => {
      await putRelease(api.dataSource, production(), { commit: 1 });
      return { path: '/runs', body: { ...production(), command: ['true'] } };
    },
    createExec: async () => {
      const deploy = await putDeploy(api.dataSource, production(), 'deployed');
      const { id } = await putInstance(api.dataSource, deploy, { host: 'h1' });
      return { path: `/instances/${id}/exec`, body: { command: ['true'] } };
    },
    cancelRun: async () => {
      await putRelease(api.dataSource, production(), { commit: 1 });
      const { id } = (await client.post('/runs', { ...production(), command: ['true'] })).body.data;
      return { path: `/runs/${id}/cancel`, body: {} };
    },
    revertConfigSet: async () => {
      const id = await setOf('production');
      await client.put(`/config_sets/${id}`, { config: { ADDED: 'later' } });
      return { path: `/config_sets/${id}/revert`, body: { version: 1 } };
    },
  };

  const send = ({ path, body }: Post): Promise<Reply> => client.post(path, body, { 'idempotency-key': key });

  /** As a client does that is told to repeat it in a moment. */
  const sendUntilAnswered = (post: Post): Promise<Reply> =>
    eventually('an answer', async () => {
      const reply = await send(post);
      return reply.status === 409 && reply.body.detail.includes('still running') ? null : reply;
    });

  /** A digest of every row of every table. */
  const state = async (): Promise<Record<string, string>> => {
    const tables = await api.dataSource.query<{ name: string }[]>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_name <> ALL($1) ORDER BY 1`,
      [BESIDE],
    );
    const digests = tables.map(
      ({ name }) =>
        `SELECT '${name}' AS name, md5(string_agg(it::text, ',' ORDER BY it::text)) AS digest FROM "${name}" it`,
    );
    const rows = await api.dataSource.query<{ name: string; digest: string }[]>(digests.join(' UNION ALL '));
    return Object.fromEntries(rows.map(({ name, digest }) => [name, digest]));
  };

  /** Leaves the key as a process does that is killed after it wrote and before it answered. */
  const dieBeforeTheAnswer = () =>
    api.dataSource.query(
      `UPDATE idempotency_keys SET status = NULL, answer = NULL, sealed = NULL, runs_until = now() - interval '1 second'`,
    );

  it('every POST that writes says how its answer is read again, and is sent here', () => {
    const posts = writersOf(api).filter(({ method, isPublic }) => method === 'POST' && !isPublic);
    const silent = posts.filter(({ readsAgain }) => readsAgain === undefined).map(({ operation }) => operation);
    expect(silent.filter((operation) => !NOTHING_TO_READ.has(operation))).toEqual([]);
    for (const { operation, readsAgain, controller } of posts.filter((post) => post.readsAgain !== undefined)) {
      const shows = (readsAgain?.of?.() ?? controller).prototype as Record<string, unknown>;
      expect(shows[readsAgain?.by ?? ''], operation).toBeTypeOf('function');
    }
    const unsent = posts.map(({ operation }) => operation).filter((each) => !(each in POSTS) && !ELSEWHERE.has(each));
    expect(unsent).toEqual([]);
  });

  describe.each(Object.keys(POSTS))('%s', (operation) => {
    const post = (): Promise<Post> => POSTS[operation]?.() as Promise<Post>;

    it('repeated, one after the other, changes nothing more and answers the same', async () => {
      const wanted = await post();
      const first = await send(wanted);
      expect(first.status, first.text).toBeLessThan(300);
      const done = await state();
      for (let i = 0; i < 4; i += 1) {
        const again = await send(wanted);
        expect([again.status, again.body]).toEqual([first.status, first.body]);
        expect(again.headers.get('idempotency-replayed')).toBe('true');
      }
      expect(await state()).toEqual(done);
    });

    it('repeated five times at once is done once', async () => {
      const wanted = await post();
      const replies = await Promise.all(Array.from({ length: 5 }, () => sendUntilAnswered(wanted)));
      const done = await state();
      const [first] = replies;
      expect(first?.status, first?.text).toBeLessThan(300);
      for (const reply of replies) expect([reply.status, reply.body]).toEqual([first?.status, first?.body]);
      expect(replies.filter(({ headers }) => !headers.has('idempotency-replayed'))).toHaveLength(1);
      expect((await send(wanted)).body).toEqual(first?.body);
      expect(await state()).toEqual(done);
    });

    it('repeated after a crash between the effect and the answer is not done again', async () => {
      const wanted = await post();
      const first = await send(wanted);
      const [bound] = await api.dataSource.query<{ effect: unknown }[]>(
        'SELECT effect FROM idempotency_keys ORDER BY created_at DESC LIMIT 1',
      );
      expect(bound?.effect).not.toBeNull();
      await dieBeforeTheAnswer();
      const done = await state();
      const again = await send(wanted);
      expect(again.status, again.text).toBe(first.status);
      expect(again.body.data.id).toEqual(first.body.data.id);
      expect(again.headers.get('idempotency-replayed')).toBeNull();
      expect(await state()).toEqual(done);
      expect((await send(wanted)).body).toEqual(again.body);
    });
  });

  it('a crash before anything was written lets the repetition do it', async () => {
    const body = { name: `begun-${count}` };
    await api.app.get(IdempotencyKeys).claim({ caller: 'bootstrap', path: '/stacks', key, body });
    expect((await send({ path: '/stacks', body })).body.detail).toContain('still running');
    await dieBeforeTheAnswer();
    expect((await send({ path: '/stacks', body })).status).toBe(201);
  });

  it('a run that was overtaken can write nothing any more', async () => {
    const keys = api.app.get(IdempotencyKeys);
    const wanted = { caller: 'bootstrap', path: '/stacks', key, body: {} };
    const first = await keys.claim(wanted);
    await dieBeforeTheAnswer();
    const second = await keys.claim(wanted);
    const write = (name: string) => api.dataSource.getRepository(StackRow).save({ name } as StackRow);
    await expect(underClaim(first.present, () => write(`late-${count}`))).rejects.toThrow('took its place');
    expect(await api.dataSource.manager.existsBy(StackRow, { name: `late-${count}` })).toBe(false);
    await underClaim(second.present, () => write(`next-${count}`));
    await Promise.all([first, second].map((claim) => keys.release(claim)));
  });

  it('what a transaction wrote that was undone is not bound', async () => {
    const { present } = await api.app.get(IdempotencyKeys).claim({ caller: 'bootstrap', path: '/x', key, body: {} });
    const failing = underClaim(present, () =>
      api.dataSource.transaction(async (manager) => {
        await manager.save(StackRow, { name: `undone-${count}` } as StackRow);
        throw new Error('undone');
      }),
    );
    await expect(failing).rejects.toThrow('undone');
    const effects = () => api.dataSource.query('SELECT effect FROM idempotency_keys WHERE key = $1', [present.key]);
    expect(await effects()).toEqual([{ effect: null }]);
    await underClaim(present, () => api.dataSource.transaction((manager) => manager.query('SELECT 1')));
    expect(await effects()).toEqual([{ effect: null }]);
  });

  it('a fault after the effect is not the end of it: the repetition shows what was done', async () => {
    const wanted = { path: '/deploys', body: { ...production(), rref: 'main' } };
    const failing = vi.spyOn(api.world.queue, 'send').mockRejectedValue(unavailable('Redis', 'gone'));
    expect((await send(wanted)).status).toBe(503);
    failing.mockRestore();
    const again = await send(wanted);
    expect(again.status, again.text).toBe(202);
    const { id: appId } = (await client.get(`/apps/${app}`)).body.data;
    expect(await api.dataSource.manager.countBy(DeployRow, { appId })).toBe(1);
  });

  it('an answer that cannot be kept is given all the same, and read again', async () => {
    const failing = vi.spyOn(IdempotencyKeys.prototype, 'keep').mockRejectedValue(new Error('the connection is lost'));
    const wanted = { path: '/stacks', body: { name: `unkept-${count}` } };
    const first = await send(wanted);
    expect(first.status).toBe(201);
    failing.mockRestore();
    await dieBeforeTheAnswer();
    expect((await send(wanted)).body).toEqual(first.body);
  });

  it('a command that is repeated with its key deploys once', async () => {
    const wanted = { path: '/commands', body: { text: `deploy ${app} production main` } };
    const first = await send(wanted);
    expect(first.status, first.text).toBe(200);
    await api.dataSource.query(`DELETE FROM idempotency_keys WHERE answer -> 'data' ? 'text'`);
    const again = await send(wanted);
    expect(again.headers.get('idempotency-replayed')).toBeNull();
    expect([again.status, again.body]).toEqual([200, first.body]);
    const { id: appId } = (await client.get(`/apps/${app}`)).body.data;
    expect(await api.dataSource.manager.countBy(DeployRow, { appId })).toBe(1);
  });

  it('another body does not take over the key of a run that died', async () => {
    const wanted = { path: '/stacks', body: { name: `mine-${count}` } };
    await send(wanted);
    await dieBeforeTheAnswer();
    expect((await send({ path: '/stacks', body: { name: `other-${count}` } })).status).toBe(422);
  });

  it('without a key for secrets a new token is shown once, and the repetition shows it without', async () => {
    const plain = await TestApi.start();
    try {
      const token = { name: 'once', verbs: ['read'], apps: '*', environments: '*' };
      const post = () => plain.client.post('/tokens', token, { 'idempotency-key': 'once' });
      const first = await post();
      expect(first.body.data['token']).toMatch(/^jky_/);
      const again = await post();
      expect(again.body.data.id).toBe(first.body.data.id);
      expect(again.body.data['token']).toBeUndefined();
      expect((await plain.client.get('/tokens')).body.pagination['total_count']).toBe(1);
    } finally {
      await plain.stop();
    }
  });
});

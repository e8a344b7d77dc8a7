import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { AuditTrail } from '../../src/http/audit/audit-trail.js';
import { AuditEntries } from '../../src/store/audit/audit-entries.js';
import { type ChainedEntry, type NewAuditEntry, SAID } from '../../src/store/audit/chain.js';
import { Snapshots } from '../../src/store/audit/snapshots.js';
import { ALL_SUBJECTS } from '../../src/store/audit/subjects.js';
import { verifyAudit } from '../../src/store/audit/verify-command.js';
import { verifyChain } from '../../src/store/audit/verify-chain.js';
import { ApiClient, type Reply } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { type Handler, writersOf } from '../support/handlers.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

/** An item as it is looked at here. */
interface Item {
  readonly id: string;
  readonly state: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly operation: string;
  readonly subject: { readonly kind: string; readonly id: string | null };
  readonly app_id: string | null;
  readonly environment: string | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly replayed: boolean;
  readonly input: unknown;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly from: { readonly ip: string; readonly user_agent: string };
  readonly request_id: string;
}

describe('the audit', () => {
  let api: TestApi;
  let client: ApiClient;
  let reader: ApiClient;
  let readerId: string;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: KEY } });
    client = api.client;
    await client.post('/environments', { name: 'production' });
    await client.post('/stacks', { name: 'api' });
    await client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    const scope = { verbs: ['read'], apps: '*', environments: '*' };
    const { body } = await client.post('/tokens', { name: 'a reader', ...scope });
    readerId = body.data.id;
    reader = new ApiClient(api.url, String(body.data['token']));
    await api.app.get(AuditEntries).append(LONG_AGO);
  });

  afterAll(() => api.stop());

  const itemsOf = async (filter: string): Promise<readonly Item[]> => {
    const reply = await client.get(`/audit?per_page=100&${filter}`);
    expect(reply.status, reply.text).toBe(200);
    return reply.body.data as unknown as Item[];
  };

  let requests = 0;

  /** Sends a write under a request id of its own and answers what it left. */
  const audited = async (send: (headers: Record<string, string>) => Promise<Reply>) => {
    const id = `audited-${(requests += 1)}`;
    const reply = await send({ 'x-request-id': id });
    const items = await itemsOf(`request_id=${id}`);
    expect(items).toHaveLength(1);
    return { reply, item: items[0] as Item };
  };

  const sendTo = (as: ApiClient, { method, path }: Handler, headers: Record<string, string>) =>
    as.send(method, path.replace(/:\w+/g, '999'), {
      body: '{}',
      headers: { 'content-type': 'application/json', 'user-agent': 'a-test', ...headers },
    });

  it('holds one item of each write of each route, whatever it is answered', async () => {
    const writers = writersOf(api).filter(({ isPublic }) => !isPublic);
    expect(writers.length).toBeGreaterThan(20);
    for (const writer of writers) {
      const { operation, method } = writer;
      const { reply, item } = await audited((headers) => sendTo(client, writer, headers));
      expect(reply.status, `${operation}: ${reply.text}`).toBeLessThan(500);
      expect(item, operation).toMatchObject({
        operation,
        actor: { kind: 'bootstrap', name: 'bootstrap', login: null },
        status: reply.status,
        state: 'done',
        method,
        from: { ip: '127.0.0.1', user_agent: 'a-test' },
      });
    }
  });

  it('holds one item of each write that its caller has no right to', async () => {
    const refused: string[] = [];
    for (const writer of writersOf(api).filter(({ isPublic }) => !isPublic)) {
      const { operation } = writer;
      const { reply, item } = await audited((headers) => sendTo(reader, writer, headers));
      expect(item, operation).toMatchObject({
        operation,
        actor: { kind: 'token', name: `token:${readerId}` },
        status: reply.status,
      });
      if (reply.status === 403) expect(item, operation).toMatchObject({ state: 'refused', error: 'forbidden' });
      if (item.state === 'refused') refused.push(operation);
    }
    expect(refused.length).toBeGreaterThan(20);
  });

  it('holds nothing of strangers, of reads, and of what only looks', async () => {
    const { count } = await heads();
    const stranger = new ApiClient(api.url, 'no-token-of-anybody');
    expect((await stranger.post('/stacks', { name: 'never' })).status).toBe(401);
    expect((await client.get('/apps')).status).toBe(200);
    expect((await client.post('/reconciles/preview', { environment: 'production' })).status).toBeLessThan(300);
    expect((await heads()).count).toBe(count);
  });

  it('says what there was before and after', async () => {
    const created = await audited((headers) => client.post('/stacks', { name: 'fresh' }, headers));
    expect(created.item).toMatchObject({
      subject: { kind: 'stack', id: created.reply.body.data.id },
      before: null,
      after: { name: 'fresh' },
    });
    const { item: app } = await audited((headers) => client.put('/apps/sample', { repo: 'jockey/other' }, headers));
    expect(app).toMatchObject({ before: { repo: 'jockey/sample' }, after: { repo: 'jockey/other' } });
    expect(app.app_id).toBe(app.subject.id);
    const hold = { environment: 'production', reason: 'a look at it' };
    const { item: held } = await audited((headers) => client.post('/apps/sample/hold', hold, headers));
    expect(held).toMatchObject({ before: null, after: { reason: 'a look at it' }, environment: 'production' });
    const { item: released } = await audited((headers) =>
      client.delete('/apps/sample/hold?environment=production', headers),
    );
    expect(released).toMatchObject({ before: { reason: 'a look at it' }, after: null });
    const scale = { app: 'sample', environment: 'production', name: 'web', scale: 2 };
    const { item: scaled } = await audited((headers) => client.put('/workers/rescale', scale, headers));
    expect(scaled).toMatchObject({ before: { scale: 0 }, after: { scale: 2 }, input: { body: scale } });
    const { item: refusal } = await audited((headers) => client.post('/stacks', { name: 'fresh' }, headers));
    expect(refusal).toMatchObject({ status: 409, error: 'conflict', before: null, after: null });
  });

  it('names an app by its id under its new name too', async () => {
    await client.post('/apps', { name: 'first-name', repo: 'jockey/named', stack: 'api' });
    const { item } = await audited((headers) => client.put('/apps/first-name', { name: 'second-name' }, headers));
    expect(item).toMatchObject({ before: { name: 'first-name' }, after: { name: 'second-name' } });
    const { item: deleted } = await audited((headers) => client.delete('/apps/second-name', headers));
    expect(deleted.after).toMatchObject({ deleted_at: expect.any(String) });
    const ofIt = await itemsOf(`app=${item.app_id}`);
    expect(ofIt.map(({ operation }) => operation)).toEqual(['deleteApp', 'updateApp', 'createApp']);
  });

  it('is found by its filters', async () => {
    const all = await itemsOf('');
    const operations = (items: readonly Item[]) => new Set(items.map(({ operation }) => operation));
    expect(operations(await itemsOf('operation=createStack'))).toEqual(new Set(['createStack']));
    expect((await itemsOf(`actor=token:${readerId}`)).every(({ actor }) => actor.kind === 'token')).toBe(true);
    const stack = all.find(({ operation, status }) => operation === 'createStack' && status === 201);
    expect(await itemsOf(`subject=stack&subject_id=${stack?.subject.id}`)).toContainEqual(stack);
    const soon = encodeURIComponent(new Date(Date.now() + 60_000).toISOString());
    expect(await itemsOf(`since=${soon}`)).toEqual([]);
    expect((await itemsOf(`until=${soon}`)).length).toBe((await itemsOf('')).length);
    expect((await itemsOf('environment=production')).length).toBeGreaterThan(0);
    expect((await client.get('/audit?since=yesterday')).status).toBe(422);
    expect((await client.get(`/audit/${stack?.id}`)).body.data).toEqual(stack);
    expect((await client.get('/audit/99999999')).status).toBe(404);
    expect((await reader.get('/audit')).status).toBe(403);
  });

  it('can read every kind of subject', async () => {
    for (const subject of ALL_SUBJECTS) {
      const names = Array.from({ length: new Set(subject.sql.match(/\$\d/g)).size }, () => '999');
      expect((await api.app.get(Snapshots).take(subject, names)).row, subject.noun).toBeNull();
    }
  });

  it('holds no secret that anybody sent or was shown', async () => {
    const canary = (name: string) => `canary-${name}-8c1f`;
    const place = { app: 'sample', environment: 'production' };
    const [set] = (await client.get('/config_sets?app=sample&environment=production')).body
      .data as unknown as readonly { id: string }[];
    await client.put(`/config_sets/${set?.id}`, { secrets: { API_SECRET: canary('sealed') }, reason: 'a secret' });
    await client.put(`/config_sets/${set?.id}`, { config: { DB_PASSWORD: canary('plain') } });
    await client.post('/config_sets', { ...place, config: { X_TOKEN: canary('refused') } });
    await client.post('/notification_targets', {
      ...{ kind: 'slack', events: ['*'], secret: canary('hmac') },
      url: `https://hooks.slack.com/services/${canary('url')}`,
    });
    await client.post('/builds', {
      app: 'sample',
      ref: 'none',
      callback_url: `https://x.example/?s=${canary('query')}`,
    });
    const token = { name: 'shown once', verbs: ['read'], apps: '*', environments: '*' };
    const shown = await client.post('/tokens', token, { 'idempotency-key': 'token-shown-once' });
    expect(shown.status).toBe(201);
    const again = await client.post('/tokens', token, { 'idempotency-key': 'token-shown-once' });
    expect(again.body).toEqual(shown.body);
    for (const table of ['audit_entries', 'idempotency_keys']) {
      const [{ text } = { text: '' }] = await api.dataSource.query<{ text: string }[]>(
        `SELECT string_agg(it::text, ' ') AS text FROM ${table} it`,
      );
      expect(text).not.toMatch(/canary-\w+-8c1f/);
      expect(text).not.toContain(String(shown.body.data['token']));
    }
  });

  it('can only be added to', async () => {
    for (const sql of [
      `UPDATE audit_entries SET status = 200 WHERE id = 1`,
      `DELETE FROM audit_entries WHERE id = 1`,
      `TRUNCATE audit_entries`,
      `UPDATE audit_head SET last_id = last_id - 1`,
      `DELETE FROM audit_head`,
      `TRUNCATE audit_head`,
    ])
      await expect(api.dataSource.query(sql), sql).rejects.toThrow(/the audit can only be added to|only moves on/);
  });

  it('is one chain however many write at once', async () => {
    const { count } = await heads();
    const replies = await Promise.all(
      Array.from({ length: 60 }, (_, i) => client.post('/stacks', { name: `many-${i}` })),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
    const { count: after } = await heads();
    expect(after).toBe(count + 120);
    expect(await verified()).toMatchObject({ count: after, fault: null });
  });

  it('says of a write whose process died that nobody knows its end', async () => {
    const end = vi.spyOn(AuditTrail.prototype, 'end').mockRejectedValue(new Error('the process is gone'));
    const { reply, item } = await audited((headers) => client.post('/stacks', { name: 'half' }, headers));
    end.mockRestore();
    expect(reply.status).toBe(201);
    expect(item).toMatchObject({ state: 'running', status: null, subject: { kind: 'stack' } });
    const [old] = await itemsOf('request_id=long-ago');
    expect(old).toMatchObject({ state: 'interrupted', actor: { kind: 'person', name: 'octocat' }, status: null });
  });

  it('that cannot be written keeps all writes from being done', async () => {
    await api.dataSource.query('ALTER FUNCTION append_audit_entry RENAME TO away');
    const reply = await client.post('/stacks', { name: 'unwritten' });
    await api.dataSource.query('ALTER FUNCTION away RENAME TO append_audit_entry');
    expect(reply.status).toBe(503);
    expect(reply.body.detail).toContain('The audit');
    expect((await client.get('/stacks/unwritten')).status).toBe(404);
  });

  it('tells a repetition from a write', async () => {
    const headers = { 'idempotency-key': 'told-apart' };
    const post = () =>
      audited((others) => client.post('/environments', { name: 'told-apart' }, { ...headers, ...others }));
    expect((await post()).item).toMatchObject({ status: 201, replayed: false });
    expect((await post()).item).toMatchObject({ status: 201, replayed: true, after: null });
  });

  it('is exported whole, and what is exported can be verified', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'jockey-audit-')), 'audit.ndjson');
    try {
      const { text, headers } = await client.get('/audit/export');
      expect(headers.get('content-type')).toContain('application/x-ndjson');
      const lines = text.trimEnd().split('\n');
      const { count, hash } = await heads();
      expect(lines).toHaveLength(count);
      const half = (await client.get(`/audit/export?after=${count - 3}`)).text;
      expect(half.trimEnd().split('\n')).toEqual(lines.slice(-3));

      const run = async (content: string, ...args: string[]) => {
        await writeFile(file, content);
        return command('--file', file, ...args);
      };
      expect(await run(text)).toMatchObject({ code: 0, line: { count, first: '1', head: hash } });
      expect(await run(half)).toMatchObject({ code: 0, line: { count: 3 } });
      const cut = lines.slice(0, -1).join('\n');
      expect(await run(cut)).toMatchObject({ code: 0 });
      expect(await run(cut, '--expect-head', hash)).toMatchObject({ code: 1, line: { entry: String(count - 1) } });
      const missing = lines.filter((_, i) => i !== 4).join('\n');
      expect(await run(missing)).toMatchObject({ code: 1, line: { entry: '6' } });
      const swapped = [lines[1], lines[0], ...lines.slice(2)].join('\n');
      expect((await run(swapped)).code).toBe(1);
      expect(await run(text.replace('"createStack"', '"createstack"'))).toMatchObject({ code: 1 });
      expect(await run(`${text}{`)).toMatchObject({ code: 1 });
    } finally {
      await rm(join(file, '..'), { recursive: true });
    }
  });

  describe('in the hands of a superuser', () => {
    /** Changes rows behind the triggers, looks, and puts everything back. */
    const after = async (...sql: readonly string[]) => {
      const runner = api.dataSource.createQueryRunner();
      await runner.startTransaction();
      try {
        await runner.query('SET LOCAL session_replication_role = replica');
        for (const each of sql) await runner.query(each);
        const source = { query: (text: string, values?: unknown[]) => runner.query(text, values) };
        const entries = new AuditEntries(source as never);
        return await verifyChain(entries.from('1'), { whole: true, recordedHead: await entries.recordedHead() });
      } finally {
        await runner.rollbackTransaction();
        await runner.release();
      }
    };

    it('is whole while nothing was changed', async () => {
      expect((await after()).fault).toBeNull();
      expect(await command()).toMatchObject({ code: 0, line: { count: (await heads()).count } });
    });

    it.each([...SAID, 'write_id', 'previous_hash', 'hash'])('tells that one byte of %s was changed', async (column) => {
      const [row] = await api.dataSource.query<{ id: string }[]>(
        `SELECT id FROM audit_entries WHERE ${column} IS NOT NULL AND ${column}::text <> '' AND id > 1 ORDER BY id LIMIT 1`,
      );
      const { fault } = await after(`UPDATE audit_entries SET ${column} = ${changed(column)} WHERE id = ${row?.id}`);
      expect(fault?.id).toBe(row?.id);
    });

    it.each(MAY_BE_EMPTY)('tells that %s was emptied', async (column) => {
      const { fault } = await after(`UPDATE audit_entries SET ${column} = NULL WHERE ${column} IS NOT NULL`);
      expect(fault).not.toBeNull();
    });

    it('tells of a number that was changed', async () => {
      const { count } = await heads();
      const { fault } = await after(`UPDATE audit_entries SET id = ${count + 1} WHERE id = ${count}`);
      expect(fault?.id).toBe(String(count + 1));
    });

    it('tells of an entry that was taken out, in the middle and at the end', async () => {
      const { count } = await heads();
      expect((await after('DELETE FROM audit_entries WHERE id = 7')).fault?.id).toBe('8');
      expect((await after('DELETE FROM audit_entries WHERE id = 1')).fault?.id).toBe('2');
      expect((await after(`DELETE FROM audit_entries WHERE id = ${count}`)).fault?.reason).toContain(
        'the head was recorded',
      );
      expect((await after('TRUNCATE audit_entries')).fault?.reason).toContain('the head was recorded');
    });

    it('tells of two that were swapped', async () => {
      const swap = `UPDATE audit_entries SET id = CASE id WHEN 5 THEN 6 ELSE 5 END WHERE id IN (5, 6)`;
      await api.dataSource.query('SELECT 1');
      const { fault } = await after('ALTER TABLE audit_entries DROP CONSTRAINT "PK_audit_entries"', swap);
      expect(fault?.id).toBe('5');
    });

    it('tells of a cut end with a head to match by a hash that was kept elsewhere', async () => {
      const { count, hash } = await heads();
      const runner = api.dataSource.createQueryRunner();
      await runner.startTransaction();
      try {
        await runner.query('SET LOCAL session_replication_role = replica');
        await runner.query(`DELETE FROM audit_entries WHERE id = ${count}`);
        await runner.query(
          'UPDATE audit_head SET last_id = e.id, hash = e.hash FROM (SELECT id, hash FROM audit_entries ORDER BY id DESC LIMIT 1) e',
        );
        const source = { query: (text: string, values?: unknown[]) => runner.query(text, values) };
        const entries = new AuditEntries(source as never);
        const known = { whole: true, recordedHead: await entries.recordedHead() };
        expect((await verifyChain(entries.from('1'), known)).fault).toBeNull();
        expect((await verifyChain(entries.from('1'), { ...known, expectedHead: hash })).fault?.reason).toContain(
          'cut off',
        );
      } finally {
        await runner.rollbackTransaction();
        await runner.release();
      }
    });
  });

  const heads = async (): Promise<{ count: number; hash: string }> => {
    const [head] = await api.dataSource.query<{ count: number; hash: string }[]>(
      'SELECT last_id::int AS count, hash FROM audit_head',
    );
    return head as { count: number; hash: string };
  };

  const verified = async () => verifyChain(api.app.get(AuditEntries).from('1'), { whole: true });

  /** Runs `audit:verify` as its entry point does, and answers its code and its line. */
  const command = async (...args: string[]) => {
    const lines: string[] = [];
    const out = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString());
        done();
      },
    });
    const { url } = api.dataSource.options as { url: string };
    const code = await verifyAudit({ args, databaseUrl: () => url, log: pino(out) });
    return { code, line: JSON.parse(lines.at(-1) ?? '{}') as ChainedEntry & Record<string, unknown> };
  };
});

/** Columns that are null where there is nothing to say. */
const MAY_BE_EMPTY = [
  'actor_login',
  'after',
  'app_id',
  'before',
  'environment',
  'error',
  'input',
  'status',
  'subject_id',
  'verb',
];

/** What a process wrote that died long ago. */
const LONG_AGO: NewAuditEntry = {
  phase: 'begun',
  at: '2026-01-01T00:00:00.000Z',
  writeId: null,
  requestId: 'long-ago',
  actorKind: 'person',
  actorName: 'octocat',
  actorLogin: 'octocat',
  operation: 'createStack',
  verb: 'manage',
  subject: 'stack',
  subjectId: null,
  appId: null,
  environment: null,
  method: 'POST',
  path: '/stacks',
  ip: '127.0.0.1',
  userAgent: 'a-test \ud800 \0',
  status: null,
  error: null,
  replayed: false,
  input: null,
  before: null,
  after: null,
};

/** SQL of a column's value with one byte changed. */
function changed(column: string): string {
  if (column === 'at') return `at + interval '1 millisecond'`;
  if (column === 'replayed') return 'NOT replayed';
  if (['status', 'app_id', 'write_id'].includes(column)) return `${column} + 1`;
  return `overlay(${column} placing CASE WHEN left(${column}, 1) = 'x' THEN 'y' ELSE 'x' END from 1 for 1)`;
}

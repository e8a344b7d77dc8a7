import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DeployRow, InstanceRow, RunRow } from '../../src/store/entities/index.js';
import { LogBook } from '../../src/store/log-book.js';
import { TestApi, TOKEN } from '../support/api.js';
import type { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { aHost } from '../support/fake-ports.js';
import { putRelease } from '../support/releases.js';
import { clientWith } from '../support/tokens.js';
import { putInstance, seedPlaces } from '../support/world.js';

const PLACE = { app: 'sample', environment: 'production' };

describe('runs', () => {
  let api: TestApi;
  let client: ApiClient;
  let instance: InstanceRow;

  beforeAll(async () => {
    api = await TestApi.start({ environment: { RUNS_PER_APP: '100', RUN_MEMORY_LIMIT_MB: '512' } });
    client = api.client;
    await seedPlaces(api.dataSource);
    await client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    await client.post('/workers', { ...PLACE, name: 'web', command: '/start web', port: 8888 });
    const { deployId } = await putRelease(api.dataSource, PLACE, { commit: 1 });
    const deploy = await api.dataSource.manager.findOneByOrFail(DeployRow, { id: deployId });
    instance = await putInstance(api.dataSource, deploy, { host: 'h1' });
    api.world.hosts.pools.set('api/production', [aHost('h1')]);
  });
  afterAll(() => api?.stop());

  const create = async (more: object = {}) =>
    (await client.post('/runs', { ...PLACE, command: ['true'], ...more })).body;

  const set = (id: string, fields: Partial<RunRow>) => api.dataSource.manager.update(RunRow, { id }, fields);

  it('are asked for with the release, its resources and a limit', async () => {
    const { data } = await create({ command: `rake "db:migrate all"` });
    expect(data).toMatchObject({
      ...{ kind: 'one_off', state: 'waiting', command: ['rake', 'db:migrate all'], worker: null },
      ...{ release: { name: 'v1' }, memory_mb: 256, cpus: 0.1, time_limit_seconds: 3600, requested_by: 'bootstrap' },
    });
    expect(api.world.queue.sent).toContainEqual({ kind: 'run', runId: data.id });
    expect((await client.get(`/runs/${data.id}`)).body.data).toEqual(data);
    const { body } = await client.get('/runs?app=sample&environment=production&state=waiting');
    expect((body.data as unknown as { id: string }[]).map(({ id }) => id)).toContain(data.id);
  });

  it.each([
    ['a release that is not there', { release: 'v9' }, 404, 'v9'],
    ['a worker that is not there', { worker: 'mailer' }, 422, 'worker is none of the release: that has web.'],
    ['too much memory', { memory_mb: 513 }, 422, 'RUN_MEMORY_LIMIT_MB allows 512'],
    ['too much time', { time_limit_seconds: 3601 }, 422, 'RUN_TIME_LIMIT_SECONDS allows 3600'],
    ['a terminal that nobody is at', { interactive: true, detach: true }, 422, 'does not go with interactive'],
    ['nothing to run', { command: [] }, 422, 'names no program'],
    ['a command that is none', { command: [1] }, 422, 'should be a text, or a list of texts'],
    ['a quote without its end', { command: `echo "a` }, 422, 'without its closing one'],
  ])('are refused for %s', async (...[, more, status, says]) => {
    const answer = await client.post('/runs', { ...PLACE, command: ['true'], ...more });
    expect([answer.status, answer.text]).toEqual([status, expect.stringContaining(says)]);
  });

  it('are refused where there is no release yet', async () => {
    const answer = await client.post('/runs', { ...PLACE, environment: 'staging', command: ['true'] });
    expect([answer.status, answer.body.detail]).toEqual([422, expect.stringContaining('deploy it first')]);
  });

  it('need a right of their own', async () => {
    const reader = await clientWith(api, { verbs: ['read', 'deploy'] });
    expect((await reader.post('/runs', { ...PLACE, command: ['true'] })).status).toBe(403);
    expect((await reader.post(`/instances/${instance.id}/exec`, { command: ['true'] })).status).toBe(403);
  });

  it('are canceled once', async () => {
    const { data } = await create();
    expect((await client.post(`/runs/${data.id}/cancel`)).status).toBe(202);
    await set(data.id, { state: 'canceled', outcome: 'canceled', completedAt: new Date() });
    expect((await client.post(`/runs/${data.id}/cancel`)).status).toBe(409);
  });

  it('have a log', async () => {
    const { data } = await create({ detach: true });
    const line = { logger: 'run', text: 'migrated', stream: 'stdout' as const };
    await api.app.get(LogBook).append({ subject: 'run', id: data.id }, [line]);
    const { body } = await client.get(`/runs/${data.id}/logs`);
    expect(body).toMatchObject({ logs: [{ message: { text: 'migrated' }, stream: 'stdout' }] });
  });

  describe('at their console', () => {
    /** Opens a console, and keeps what it says. */
    async function openConsole(id: string) {
      const url = `${api.url.replace('http', 'ws')}/runs/${id}/console`;
      const socket = new WebSocket(url, ['jockey.console.v1'], { headers: { Authorization: `Bearer ${TOKEN}` } });
      const words: Record<string, unknown>[] = [];
      const shown = { 1: '', 2: '' };
      socket.on('message', (data: Buffer, isBinary) => {
        if (!isBinary) words.push(JSON.parse(data.toString()) as Record<string, unknown>);
        else shown[data[0] as 1 | 2] += data.subarray(1).toString();
      });
      const closed = once(socket, 'close').then(([code]) => code as number);
      await once(socket, 'open');
      return { socket, words, shown, closed };
    }

    it('say what becomes of them, carry what is typed and shown, and end with the exit code', async () => {
      const { data } = await create({ interactive: true, columns: 80, rows: 24 });
      const { socket, words, shown, closed } = await openConsole(data.id);
      await eventually('its first state', async () => words.length > 0);
      const name = `sample-production-run-r${data.id}`;
      const program = api.world.consoles.of(name);
      socket.send(Buffer.from('\0early\n'));
      await set(data.id, { state: 'starting', host: 'h1', containerName: name });
      program.print('made');
      await eventually('what it shows', async () => shown[1] === 'made');
      expect(program.typed).toEqual([]);
      await set(data.id, { state: 'running', startedAt: new Date() });
      await eventually('what was typed', async () => program.typed.length === 1);
      program.print('hello');
      await eventually('what it shows', async () => shown[1] === 'madehello');
      expect(program.size).toEqual({ columns: 80, rows: 24 });
      socket.send(Buffer.from('\0ls\n'));
      socket.send(JSON.stringify({ type: 'resize', columns: 100, rows: 30 }));
      socket.send(JSON.stringify({ type: 'signal', signal: 'SIGINT' }));
      socket.send(JSON.stringify({ type: 'end_of_input' }));
      await eventually('all that was said', async () => program.typed.length === 3 && program.signals.length === 1);
      expect(Buffer.concat(program.typed).toString()).toBe('early\nls\n\x04');
      expect(program.size).toEqual({ columns: 100, rows: 30 });
      await set(data.id, { state: 'exited', outcome: 'failed', exitCode: 3, completedAt: new Date() });
      program.exit(3);
      expect(await closed).toBe(1000);
      expect(words.map(({ state }) => state)).toEqual(expect.arrayContaining(['waiting', 'running']));
      expect(words.at(-1)).toMatchObject({ type: 'exit', exit_code: 3, signal: null });
      const row = await api.dataSource.manager.findOneByOrFail(RunRow, { id: data.id });
      expect(row.consoleSeenAt).not.toBeNull();
      const { body } = await client.get(`/runs/${data.id}/logs`);
      expect(JSON.stringify(body)).toContain('console opened by bootstrap');
      expect(JSON.stringify(body)).not.toContain('hello');
    });

    it('begin what is typed to in an instance, once', async () => {
      const asked = { command: ['sh'], interactive: true };
      const { data } = (await client.post(`/instances/${instance.id}/exec`, asked)).body;
      expect(data).toMatchObject({ kind: 'exec', instance: { id: instance.id }, host: 'h1', memory_mb: null });
      const first = await openConsole(data.id);
      const row = await eventually('its beginning', async () => {
        const found = await api.dataSource.manager.findOneByOrFail(RunRow, { id: data.id });
        return found.execId !== null && found;
      });
      expect(row.state).toBe('starting');
      const program = api.world.consoles.of(row.execId ?? '');
      await eventually('its program', async () => program.begun);
      const second = await openConsole(data.id);
      expect(await second.closed).toBe(1008);
      expect(second.words.at(-1)).toMatchObject({ type: 'problem', status: 409 });
      await set(data.id, { state: 'exited', outcome: 'succeeded', exitCode: 0, completedAt: new Date() });
      program.exit(0);
      expect(await first.closed).toBe(1000);
    });

    it('show the log of what is over', async () => {
      const { data } = await create();
      const lines = [{ logger: 'run', text: 'all done', stream: 'stdout' as const }];
      await api.app.get(LogBook).append({ subject: 'run', id: data.id }, lines);
      await set(data.id, { state: 'exited', outcome: 'succeeded', exitCode: 0, completedAt: new Date() });
      const { shown, words, closed } = await openConsole(data.id);
      expect(await closed).toBe(1000);
      expect(shown[1]).toBe('all done\n');
      expect(words.at(-1)).toMatchObject({ type: 'exit', exit_code: 0 });
    });

    it.each([
      'no JSON',
      '{"type":"dance"}',
      '{"type":"resize","columns":0,"rows":1}',
      '{"type":"signal","signal":"SEGV"}',
    ])('refuse %s', async (word) => {
      const { data } = await create({ interactive: true });
      const { socket, words, closed } = await openConsole(data.id);
      socket.send(word);
      expect(await closed).toBe(1008);
      expect(words.at(-1)).toMatchObject({ type: 'problem', status: 400 });
    });

    it('say to a plain request that they are WebSockets', async () => {
      const { data } = await create();
      expect((await client.get(`/runs/${data.id}/console`)).status).toBe(426);
    });
  });

  describe('instances', () => {
    it('are listed by place, worker, host and state, and shown', async () => {
      const { body } = await client.get(
        '/instances?app=sample&environment=production&worker=web&host=h1&state=healthy',
      );
      expect(body.data).toMatchObject([{ id: instance.id, worker: 'web', host: 'h1', slot: 1, state: 'healthy' }]);
      expect((await client.get('/instances?worker=mailer')).body.data).toEqual([]);
      expect((await client.get(`/instances/${instance.id}`)).body.data).toMatchObject({ id: instance.id });
      expect((await client.get('/instances/999999')).status).toBe(404);
    });

    it('take no command when they do not run', async () => {
      await api.dataSource.manager.update(InstanceRow, { id: instance.id }, { state: 'stopped' });
      const answer = await client.post(`/instances/${instance.id}/exec`, { command: ['true'] });
      expect([answer.status, answer.body.detail]).toEqual([422, expect.stringContaining('is stopped')]);
    });
  });
});

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DeployRow } from '../../src/store/entities/index.js';
import { LogBook } from '../../src/store/log-book.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi, TOKEN } from '../support/api.js';
import { EventFollower } from '../support/event-follower.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, seedPlaces } from '../support/world.js';

interface Line {
  readonly position: string;
  readonly timestamp: string;
  readonly logger: string;
  readonly level: string;
  readonly message: { readonly text: string };
}

describe('logs', () => {
  let api: TestApi;
  let client: ApiClient;
  let book: LogBook;
  let deploy: DeployRow;
  let count = 0;
  const followers: EventFollower[] = [];

  const of = () => ({ subject: 'deploy' as const, id: deploy.id });
  const write = (...texts: string[]) =>
    book.append(
      of(),
      texts.map((text) => ({ logger: 'engine', text })),
    );
  const read = async (query = '') =>
    ((await client.get(`/deploys/${deploy.id}/logs${query}`)).body as unknown as { logs: Line[] }).logs;
  const textsOf = (lines: readonly Line[]) => lines.map(({ message }) => message.text);
  const settle = () => api.dataSource.manager.update(DeployRow, { id: deploy.id }, { state: 'failed' });

  async function follow(headers: Record<string, string> = {}, query = ''): Promise<EventFollower> {
    const follower = await EventFollower.begin(`${api.url}/deploys/${deploy.id}/logs${query}`, {
      authorization: `Bearer ${TOKEN}`,
      ...headers,
    });
    followers.push(follower);
    return follower;
  }

  beforeAll(async () => {
    api = await TestApi.start();
    client = api.client;
    book = api.app.get(LogBook);
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    const app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    deploy = await putDeploy(api.dataSource, { app, environment: 'production' }, 'deploying');
  });
  afterEach(() => followers.splice(0).forEach((follower) => follower.leave()));

  it('are an empty list while there is none, and 404 for what is not there', async () => {
    const empty = await client.get(`/deploys/${deploy.id}/logs`);
    expect([empty.status, empty.text]).toEqual([200, '{"logs":[]}']);
    for (const key of ['999999', 'abc', '0']) {
      const missing = await client.get(`/deploys/${key}/logs`, { accept: 'text/event-stream' });
      expect([missing.status, missing.body.error.message]).toEqual([404, `There is no deploy "${key}".`]);
    }
  });

  it('are listed oldest first, as old clients read them', async () => {
    await book.append(of(), [{ logger: 'docker', level: 'warn', text: 'Step 1/9 : FROM scratch' }]);
    await write('placed', 'healthy');
    const lines = await read();
    expect(lines[0]).toEqual({
      position: expect.stringMatching(/^[0-9]+$/),
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      logger: 'docker',
      level: 'warn',
      stream: null,
      step: null,
      message: { text: 'Step 1/9 : FROM scratch' },
    });
    expect(textsOf(lines)).toEqual(['Step 1/9 : FROM scratch', 'placed', 'healthy']);
  });

  it('continue from a position, part by part, over the whole of a long log', async () => {
    const texts = Array.from({ length: 1203 }, (_, index) => `line ${index}`);
    await write(...texts);
    const all = await read();
    expect(textsOf(all)).toEqual(texts);
    const parts: string[] = [];
    for (let after = '0'; ;) {
      const part = await read(`?after=${after}&limit=500`);
      if (part.length === 0) break;
      expect(part.length).toBeLessThanOrEqual(500);
      parts.push(...textsOf(part));
      after = part.at(-1)?.position ?? '0';
    }
    expect(parts).toEqual(texts);
  });

  it.each(['after=x', 'after=-1', 'limit=0', 'limit=many', 'from=3'])('refuse ?%s', async (query) => {
    expect((await client.get(`/deploys/${deploy.id}/logs?${query}`)).status).toBe(422);
  });

  it('are followed live, and end when their subject has settled and all is sent', async () => {
    await write('before');
    const follower = await follow();
    expect(follower.status).toBe(200);
    expect(follower.headers.get('content-type')).toBe('text/event-stream');
    expect(await follower.lines(1)).toEqual(['before']);
    await write('a', 'b');
    expect(await follower.lines(3)).toEqual(['before', 'a', 'b']);
    expect(follower.events.map(({ event }) => event)).toEqual(['message', 'message', 'message']);
    await settle();
    await write('the last word, after the state');
    await eventually('the end', () => follower.ended);
    expect(follower.texts.at(-1)).toBe('the last word, after the state');
    expect(follower.events.at(-1)).toMatchObject({ event: 'end' });
    expect(follower.events[0]?.id).toBe((await read())[0]?.position);
  });

  it('resume where a follower was cut off, without a gap and without a repetition', async () => {
    await write('one', 'two', 'three');
    const first = await follow();
    await first.lines(3);
    const second = first.events[1]?.id ?? '';
    first.leave();
    await write('four');
    const again = await follow({ 'last-event-id': second }, '?after=0');
    expect(await again.lines(2)).toEqual(['three', 'four']);
    const continued = await follow({}, `?after=${second}`);
    expect(await continued.lines(2)).toEqual(['three', 'four']);
  });

  it('reach many followers by one look at the database each time', async () => {
    const many = await Promise.all(Array.from({ length: 20 }, () => follow()));
    await Promise.all(many.map((follower) => eventually('headers', () => follower.status === 200)));
    await write('known to all');
    await Promise.all(many.map((follower) => follower.lines(1)));
    const reads = vi.spyOn(book, 'read');
    await write('and this');
    await Promise.all(many.map((follower) => follower.lines(2)));
    const withLines = await Promise.all(reads.mock.results.map(async ({ value }) => (await value).length));
    expect(withLines.filter((length) => length > 0)).toHaveLength(1);
    many.forEach((follower) => follower.leave());
    await eventually('nobody looks any more', async () => {
      const before = reads.mock.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 600));
      return reads.mock.calls.length === before;
    });
  });

  it('come whole to a follower while many write at once', async () => {
    const follower = await follow();
    const texts = Array.from({ length: 300 }, (_, index) => `writer ${index}`);
    await Promise.all(texts.map((text) => write(text)));
    const seen = await follower.lines(300);
    expect(new Set(seen)).toEqual(new Set(texts));
    expect(seen).toHaveLength(300);
    expect(seen).toEqual(textsOf(await read()));
    const times = (await read()).map(({ timestamp }) => timestamp);
    expect(times).toEqual([...times].sort());
  });

  it('send a follower away when Jockey stops', async () => {
    const other = await TestApi.start();
    await seedPlaces(other.dataSource);
    await other.client.post('/apps', { name: 'sample', repo: 'jockey/sample', stack: 'api' });
    const running = await putDeploy(other.dataSource, { app: 'sample', environment: 'production' }, 'deploying');
    const follower = await EventFollower.begin(`${other.url}/deploys/${running.id}/logs`, {
      authorization: `Bearer ${TOKEN}`,
    });
    await other.stop();
    await eventually('the stream is over', () => follower.ended);
    expect(follower.events).toEqual([]);
  });
});

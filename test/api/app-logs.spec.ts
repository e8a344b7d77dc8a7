import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OutputLine } from '../../src/domain/log/output-line.js';
import { InstanceRow } from '../../src/store/entities/index.js';
import type { ApiClient } from '../support/api-client.js';
import { TestApi, TOKEN } from '../support/api.js';
import { EventFollower } from '../support/event-follower.js';
import { eventually } from '../support/eventually.js';
import { putDeploy, putInstance, putThere, seedPlaces } from '../support/world.js';

const SECRET = 'a-secret-that-is-long-enough';

/** The beginning of all that is printed, in nanoseconds. */
const BEGIN = 1_763_696_164_000_000_000n;

interface Answer {
  readonly logs: readonly { readonly instance: string; readonly message: { readonly text: string } }[];
  readonly missing: readonly { readonly instance: string; readonly because: string }[];
  readonly position: string | null;
}

describe('what the instances of an app print', () => {
  let api: TestApi;
  let client: ApiClient;
  let app: string;
  let count = 0;
  let clock = 0;
  let one: InstanceRow;
  let other: InstanceRow;
  const followers: EventFollower[] = [];

  const place = () => ({ app, environment: 'production' });
  const ask = (query = '') => client.get(`/app_logs?app=${app}&environment=production${query}`);
  const read = async (query = '') => (await ask(query)).body as unknown as Answer;
  const textsOf = ({ logs }: Answer) => logs.map(({ message }) => message.text);

  function line(text: string, change: Partial<OutputLine> = {}): OutputLine {
    clock += 1;
    return { at: BEGIN + BigInt(clock) * 1_000_000n, stream: 'stdout', text, goesOn: false, ...change };
  }

  const print = ({ host, containerName }: InstanceRow, ...lines: (string | OutputLine)[]) =>
    api.world.containerLogs.print(
      host,
      containerName,
      ...lines.map((each) => (typeof each === 'string' ? line(each) : each)),
    );

  async function put(host: string, slot: number): Promise<InstanceRow> {
    const instance = await putInstance(api.dataSource, await putDeploy(api.dataSource, place(), 'deployed'), {
      host,
      slot,
    });
    putThere(api.world, place(), [instance]);
    return instance;
  }

  async function follow(query = '', headers: Record<string, string> = {}): Promise<EventFollower> {
    const follower = await EventFollower.begin(`${api.url}/app_logs?app=${app}&environment=production${query}`, {
      authorization: `Bearer ${TOKEN}`,
      ...headers,
    });
    followers.push(follower);
    await eventually('the follower to begin', () => follower.events.length > 0 || follower.ended);
    return follower;
  }

  const changesOf = ({ events }: EventFollower) =>
    events
      .filter(({ event }) => event === 'instance')
      .map(({ data }) => JSON.parse(data) as { instance: string; change: string; because: string | null })
      .map(({ instance, change }) => `${instance} ${change}`);

  const stop = ({ id }: InstanceRow) => api.dataSource.manager.update(InstanceRow, { id }, { state: 'stopped' });

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: Buffer.alloc(32, 9).toString('base64') } });
    client = api.client;
    await seedPlaces(api.dataSource);
  });
  afterAll(() => api?.stop());
  beforeEach(async () => {
    count += 1;
    app = `app-${count}`;
    await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' });
    await client.post('/config_sets', place());
    await client.post('/workers', { ...place(), name: 'web', command: '/start web' });
    one = await put(`h1-${count}`, 1);
    other = await put(`h2-${count}`, 2);
  });
  afterEach(() => {
    followers.splice(0).forEach((follower) => follower.leave());
    api.world.containerLogs.silent.clear();
  });

  it('is empty while nothing was printed', async () => {
    expect((await ask()).body).toEqual({ logs: [], missing: [], position: null });
  });

  it('is one list of all, in the order of its time, and says whose each line is', async () => {
    print(one, 'first');
    print(other, line('second', { stream: 'stderr' }));
    print(one, 'third');
    const answer = await read();
    expect(textsOf(answer)).toEqual(['first', 'second', 'third']);
    expect(answer.logs[1]).toEqual({
      instance: other.id,
      worker: 'web',
      slot: 2,
      host: other.host,
      stream: 'stderr',
      timestamp: expect.stringMatching(/^2025-11-21T03:36:04\.\d{9}Z$/) as string,
      message: { text: 'second' },
    });
  });

  it('keeps the order of an engine whose two streams were a little out of order', async () => {
    const [early, late] = [line('printed first'), line('printed last')];
    print(one, late, early);
    expect(textsOf(await read())).toEqual(['printed last', 'printed first']);
  });

  it('is cut to the last lines, to a time, to a worker and to an instance', async () => {
    print(one, 'a', 'b');
    print(other, 'c', 'd');
    expect(textsOf(await read('&tail=3'))).toEqual(['b', 'c', 'd']);
    expect(textsOf(await read('&since=2025-11-21T03:36:04Z'))).toEqual(['a', 'b', 'c', 'd']);
    expect(textsOf(await read('&since=1d'))).toEqual([]);
    expect(textsOf(await read('&worker=web'))).toEqual(['a', 'b', 'c', 'd']);
    for (const name of [other.id, other.containerName, 'web.2'])
      expect(textsOf(await read(`&instance=${name}`))).toEqual(['c', 'd']);
  });

  it('is a text with whose each line is, and with its time where asked for', async () => {
    print(one, '\u001B[31mred\u001B[0m');
    expect((await ask('&format=text&ansi=strip')).text).toBe('web.1 | red\n');
    expect((await ask('&format=text&instance=web.1&times=true&ansi=strip')).text).toMatch(
      /^2025-11-21T03:36:04\.\d{9}Z red\n$/,
    );
  });

  it('goes on where an answer ended', async () => {
    print(one, 'a');
    print(other, 'b');
    const { position } = await read();
    print(one, 'c');
    const next = await read(`&after=${position}`);
    expect(textsOf(next)).toEqual(['c']);
    expect(textsOf(await read(`&after=${next.position}`))).toEqual([]);
  });

  it('hides the secrets of the app, also one that a cut line was parted in', async () => {
    const [set] = (await client.get(`/config_sets?app=${app}&environment=production`)).body.data as unknown as {
      id: string;
    }[];
    await client.put(`/config_sets/${set?.id}`, { secrets: { API_KEY: SECRET } });
    const [begin, end] = [SECRET.slice(0, 10), SECRET.slice(10)];
    print(one, `key ${SECRET}!`, line(`cut ${begin}`, { goesOn: true }), line(`${end}!`));
    const { text } = await ask();
    expect(text).toContain('key [secret API_KEY]!');
    expect(text).not.toContain(begin);
    expect(text).not.toContain(end);
  });

  it('tells of an instance whose host is silent, and gives the lines of the others', async () => {
    print(one, 'heard');
    print(other, 'unheard');
    api.world.containerLogs.silence(other.host, true);
    const answer = await read();
    expect(textsOf(answer)).toEqual(['heard']);
    expect(answer.missing).toEqual([
      expect.objectContaining({
        instance: other.id,
        because: `host ${other.host} does not answer: connect ECONNREFUSED`,
      }),
    ]);
  });

  it('refuses what is not there, what is gone and what cannot be meant', async () => {
    await stop(other);
    const said = async (query: string) => {
      const { status, body } = await ask(query);
      return [status, body.error?.message ?? ''];
    };
    expect(await said('&worker=clock')).toEqual([404, 'There is no worker "clock".']);
    expect(await said('&instance=9999')).toEqual([404, 'There is no instance "9999".']);
    expect(await said(`&instance=${other.id}`)).toEqual([404, expect.stringContaining('is gone') as string]);
    expect(await said('&since=soon')).toEqual([422, expect.stringContaining('since is "soon"') as string]);
    expect(await said('&after=x')).toEqual([422, expect.stringContaining('after is "x"') as string]);
    expect(await said('&after=1:1&tail=3')).toEqual([422, expect.stringContaining('goes without') as string]);
    expect((await client.get('/app_logs?app=nowhere&environment=production')).status).toBe(404);
    expect((await client.get(`/app_logs?app=${app}`)).status).toBe(422);
  });

  it('is followed from its last lines on, live', async () => {
    print(one, 'a', 'b');
    print(other, 'c');
    const follower = await follow('&tail=2');
    expect(await follower.lines(2)).toEqual(['b', 'c']);
    print(other, 'd');
    print(one, 'e');
    expect(await follower.lines(4)).toEqual(['b', 'c', 'd', 'e']);
    expect(changesOf(follower)).toEqual([`${one.id} joined`, `${other.id} joined`]);
  });

  it('is followed from now on where no lines are wanted', async () => {
    print(one, 'before');
    const follower = await follow('&tail=0');
    print(one, line('after', { at: BigInt(Date.now() + 1000) * 1_000_000n }));
    expect(await follower.lines(1)).toEqual(['after']);
  });

  it('is resumed without a gap and without a line twice', async () => {
    print(one, 'a');
    print(other, 'b');
    const first = await follow();
    await first.lines(2);
    print(one, 'c');
    await first.lines(3);
    const id = first.events.findLast(({ event }) => event === 'message')?.id ?? '';
    first.leave();
    print(other, 'd');
    const second = await follow('', { 'last-event-id': id });
    expect(await second.lines(1)).toEqual(['d']);
    print(one, 'e');
    expect(await second.lines(2)).toEqual(['d', 'e']);
  });

  it('is resumed also in the middle of what it began with', async () => {
    print(one, 'a', 'b');
    print(other, 'c');
    const first = await follow();
    await first.lines(3);
    const id = first.events.find(({ event }) => event === 'message')?.id ?? '';
    expect(await (await follow('', { 'last-event-id': id })).lines(2)).toEqual(['b', 'c']);
  });

  it('lets instances join and leave while it is followed', async () => {
    const follower = await follow();
    const fresh = await put(`h1-${count}`, 3);
    print(fresh, 'hello');
    expect(await follower.lines(1)).toEqual(['hello']);
    print(one, 'goodbye');
    api.world.containerLogs.end(one.host, one.containerName);
    await stop(one);
    await eventually('it to leave', () => changesOf(follower).includes(`${one.id} left`));
    expect(follower.texts).toEqual(['hello', 'goodbye']);
  });

  it('tells once of a host that is silent, and goes on when it is back', async () => {
    print(one, 'before');
    const follower = await follow();
    await follower.lines(1);
    api.world.containerLogs.silence(one.host, true);
    await eventually('it to be told', () => changesOf(follower).includes(`${one.id} silent`));
    print(one, 'meanwhile');
    api.world.containerLogs.silence(one.host, false);
    expect(await follower.lines(2)).toEqual(['before', 'meanwhile']);
    expect(changesOf(follower).filter((each) => each.endsWith('silent'))).toEqual([`${one.id} silent`]);
  });

  it('ends for who follows one instance when it is gone', async () => {
    print(one, 'last words');
    const follower = await follow('&instance=web.1');
    await follower.lines(1);
    api.world.containerLogs.end(one.host, one.containerName);
    await stop(one);
    await eventually('the stream to end', () => follower.ended);
    expect(follower.events.at(-1)?.event).toBe('end');
  });
});

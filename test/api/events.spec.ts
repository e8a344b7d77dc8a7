import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { NewEvent } from '../../src/domain/event/event-kind.js';
import { EventBell } from '../../src/store/event-bell.js';
import { Events } from '../../src/store/repositories/events.js';
import { ApiClient } from '../support/api-client.js';
import { TestApi, TOKEN } from '../support/api.js';
import { EventFollower } from '../support/event-follower.js';
import { eventually } from '../support/eventually.js';
import { clientWith, makeToken, type TokenRights } from '../support/tokens.js';
import { seedPlaces } from '../support/world.js';

interface Told {
  readonly id: string;
  readonly type: string;
  readonly subject_id: string;
  readonly app: { readonly name: string } | null;
}

describe('events', () => {
  let api: TestApi;
  let client: ApiClient;
  let count = 0;
  let app: string;
  let appId: string;
  const environments = new Map<string, string>();
  const followers: EventFollower[] = [];

  beforeAll(async () => {
    api = await TestApi.start({ environment: { SECRETS_KEY: Buffer.alloc(32, 5).toString('base64') } });
    client = api.client;
    await seedPlaces(api.dataSource);
    const listed = (await client.get('/environments')).body.data as unknown as { id: string; name: string }[];
    for (const { id, name } of listed) environments.set(name, id);
  });
  afterAll(() => api.stop());
  beforeEach(async () => {
    count += 1;
    app = `events-${count}`;
    appId = (await client.post('/apps', { name: app, repo: 'jockey/sample', stack: 'api' })).body.data.id;
  });
  afterEach(() => {
    for (const follower of followers.splice(0)) follower.leave();
  });

  const eventOf = (subjectId: string, kind: NewEvent['kind'] = 'deploy.created', environment = 'production') => {
    const environmentId = kind.startsWith('build') ? null : (environments.get(environment) ?? '');
    const subject = kind.startsWith('build') ? ('build' as const) : ('deploy' as const);
    return { kind, appId, environmentId, subject, subjectId, data: { state: 'created' } };
  };

  const put = (...events: NewEvent[]) =>
    api.dataSource.transaction(async (manager) => {
      for (const event of events) await Events.record(manager, event);
    });

  /** A new app tells of its Config Sets too. */
  const typed = (query: string): string => (query.includes('type=') ? query : `${query}&type=deploy.*,build.*`);

  const list = async (query: string, as = client): Promise<Told[]> => {
    const { status, body, text } = await as.get(`/events?app=${app}&${typed(query)}`);
    expect(status, text).toBe(200);
    return body.data as unknown as Told[];
  };

  const follow = async (query = '', headers: Readonly<Record<string, string>> = {}): Promise<EventFollower> => {
    const url = `${api.url}/events?app=${app}&${typed(query)}`;
    const follower = await EventFollower.begin(url, { authorization: `Bearer ${TOKEN}`, ...headers });
    followers.push(follower);
    expect(follower.status).toBe(200);
    return follower;
  };

  const toldTo = (follower: EventFollower): Told[] =>
    follower.events.filter(({ event }) => event === 'message').map(({ data }) => JSON.parse(data) as Told);

  const subjects = (events: readonly Told[]): string[] => events.map((event) => event.subject_id);

  const waitFor = async (follower: EventFollower, ...expected: string[]): Promise<Told[]> => {
    await eventually(`${expected.length} events`, () => toldTo(follower).length >= expected.length);
    expect(subjects(toldTo(follower))).toEqual(expected);
    return toldTo(follower);
  };

  it('are listed with what happened, newest first, and behind an id oldest first', async () => {
    await put(eventOf('1'), eventOf('2', 'build.started'), eventOf('3', 'deploy.failed'));
    const [last, , first] = await list('');
    expect(last).toEqual({
      id: expect.stringMatching(/^[0-9]+$/),
      type: 'deploy.failed',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      app: { id: appId, name: app },
      environment: { id: environments.get('production'), name: 'production' },
      subject: 'deploy',
      subject_id: '3',
      data: { state: 'created', by: null },
      summary: `Deploy 3 of ${app} in production failed`,
    });
    expect(subjects(await list(`after=${first?.id}`))).toEqual(['2', '3']);
    expect(subjects(await list('after=0&per_page=2'))).toEqual(['1', '2']);
    expect(subjects(await list('sort_by=id'))).toEqual(['1', '2', '3']);
  });

  it('are filtered by type and environment', async () => {
    await put(eventOf('1'), eventOf('2', 'build.started'), eventOf('3', 'deploy.failed', 'staging'));
    expect(subjects(await list('type=deploy.*'))).toEqual(['3', '1']);
    expect(subjects(await list('type=build.started,deploy.created'))).toEqual(['2', '1']);
    expect(subjects(await list('environment=production'))).toEqual(['1']);
    const follower = await follow('after=0&type=deploy.*&environment=staging');
    await waitFor(follower, '3');
  });

  it.each(['type=deploy', 'type=', 'after=x', 'after=-1', 'since=1'])(
    'refuse ?%s or take it as nothing',
    async (query) => {
      const { status } = await client.get(`/events?${query}`);
      expect(status).toBe(query === 'type=' ? 200 : 422);
    },
  );

  it('are followed live, from now on', async () => {
    await put(eventOf('0'));
    const follower = await follow();
    expect(follower.headers.get('content-type')).toBe('text/event-stream');
    await put(eventOf('1'), eventOf('2'));
    const told = await waitFor(follower, '1', '2');
    expect(follower.events[0]?.id).toBe(told[0]?.id);
  });

  it('are resumed behind the last one that was seen, none twice and none left out', async () => {
    const first = await follow();
    await put(eventOf('1'), eventOf('2'));
    const [seen] = await waitFor(first, '1', '2');
    first.leave();
    await put(eventOf('3'));
    const again = await follow('', { 'last-event-id': seen?.id ?? '' });
    await waitFor(again, '2', '3');
    await put(eventOf('4'));
    await waitFor(again, '2', '3', '4');
  });

  it('are resumed at another process, which hears of what the first one writes', async () => {
    const here = await follow();
    await put(eventOf('1'), eventOf('2'));
    const [seen] = await waitFor(here, '1', '2');
    const other = await TestApi.start({ beside: api });
    try {
      const headers = { authorization: `Bearer ${TOKEN}`, 'last-event-id': seen?.id ?? '' };
      const there = await EventFollower.begin(`${other.url}/events?app=${app}&${typed('')}`, headers);
      await waitFor(there, '2');
      await put(eventOf('3'));
      await waitFor(there, '2', '3');
      there.leave();
    } finally {
      await other.stop();
    }
  });

  it('end with the process, so that who follows comes to another', async () => {
    const other = await TestApi.start({ beside: api });
    const follower = await EventFollower.begin(`${other.url}/events`, { authorization: `Bearer ${TOKEN}` });
    expect(follower.status).toBe(200);
    await other.stop();
    await eventually('the end', () => follower.ended);
  });

  it('have ids in the order of the commits, whoever began first', async () => {
    const follower = await follow();
    const slow = api.dataSource.createQueryRunner();
    await slow.startTransaction();
    await Events.record(slow.manager, eventOf('1'));
    await put(eventOf('2'));
    await waitFor(follower, '2');
    await slow.commitTransaction();
    await slow.release();
    const [early, late] = await waitFor(follower, '2', '1');
    expect(Number(late?.id)).toBeGreaterThan(Number(early?.id));
    expect(subjects(await list(`after=${early?.id}`))).toEqual(['1']);
  });

  it('written by many at once are told to many, each once and in one order', async () => {
    const readers = [await follow(), await follow(), await follow()];
    const write = (of: number) => put(eventOf(`${of}01`), eventOf(`${of}02`));
    await Promise.all(Array.from({ length: 20 }, (_, of) => write(of + 1)));
    await eventually('all of them', () => readers.every((reader) => toldTo(reader).length === 40));
    const [told = [], ...others] = readers.map(toldTo);
    for (const other of others) expect(other).toEqual(told);
    expect(new Set(subjects(told)).size).toBe(40);
    const ids = told.map(({ id }) => Number(id));
    expect(ids).toEqual([...ids].sort((one, other) => one - other));
    expect(subjects(await list('after=0&per_page=100'))).toEqual(subjects(told));
  });

  it('that are no longer kept are said to be missing', async () => {
    await put(eventOf('1'), eventOf('2'), eventOf('3'));
    const [first, second] = await list('after=0');
    await api.dataSource.query('DELETE FROM events WHERE position <= $1', [second?.id]);
    await api.dataSource.query('INSERT INTO event_prunings (id, up_to) VALUES (1, $1)', [second?.id]);
    const follower = await follow('', { 'last-event-id': first?.id ?? '' });
    await waitFor(follower, '3');
    const gap = { after: first?.id, lost_up_to: second?.id };
    expect(follower.events[0]).toMatchObject({ event: 'gap', data: JSON.stringify(gap) });
    const refused = await client.get(`/events?after=${first?.id}`);
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('no longer kept')]);
    expect(subjects(await list('after=0'))).toEqual(['3']);
    const whole = await follow('after=0');
    await waitFor(whole, '3');
    expect(whole.events[0]?.event).toBe('message');
    await api.dataSource.query('DELETE FROM event_prunings');
  });

  it('behind a place that there never was begin behind the last one', async () => {
    const follower = await follow('after=999999999');
    await eventually('a gap', () => follower.events[0]?.event === 'gap');
    await put(eventOf('1'));
    await waitFor(follower, '1');
  });

  describe('over a WebSocket', () => {
    const open = (query: string, token = TOKEN): WebSocket =>
      new WebSocket(`${api.url.replace('http', 'ws')}/events/socket?${typed(query)}`, {
        headers: { authorization: `Bearer ${token}` },
      });

    const messagesOf = (socket: WebSocket): (Told & { after?: string })[] => {
      const messages: Told[] = [];
      socket.on('message', (data: Buffer) => messages.push(JSON.parse(data.toString()) as Told));
      return messages;
    };

    it('are the same, each a message', async () => {
      await put(eventOf('1'));
      const socket = open(`app=${app}&after=0`);
      const messages = messagesOf(socket);
      await once(socket, 'open');
      await put(eventOf('2'));
      await eventually('both', () => messages.length === 2);
      expect(messages).toEqual(await list('after=0'));
      socket.close();
      await once(socket, 'close');
    });

    it('say what is no longer kept', async () => {
      const socket = open(`app=${app}&after=999999999`);
      const messages = messagesOf(socket);
      await eventually('a gap', () => messages.length === 1);
      expect(messages[0]).toMatchObject({ type: 'gap', after: '999999999' });
      socket.close();
      await once(socket, 'close');
    });

    it('are for those who may see their place', async () => {
      const socket = open('after=0', await makeToken(api, { apps: [app], environments: ['staging'] }));
      const messages = messagesOf(socket);
      await put(eventOf('1'), eventOf('2', 'deploy.failed', 'staging'));
      await eventually('its own', () => messages.length > 0);
      expect(subjects(messages)).toEqual(['2']);
      socket.close();
      await once(socket, 'close');
    });

    it('are asked for by an upgrade, and by who may see something', async () => {
      expect((await client.get('/events/socket')).status).toBe(426);
      const socket = open('app=nowhere');
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, IncomingMessage];
      expect(response.statusCode).toBe(404);
      socket.on('error', () => undefined);
      socket.terminate();
    });
  });

  describe('are for those who may see their place', () => {
    const rights: readonly [string, () => TokenRights, string[]][] = [
      ['of the app', () => ({ apps: [app] }), ['1', '2', '3']],
      ['of one environment', () => ({ environments: ['staging'] }), ['2', '3']],
      ['of both', () => ({ apps: [app], environments: ['production'] }), ['1', '2']],
    ];

    it.each(rights)('a token %s', async (_, rightsOf, expected) => {
      const token = await makeToken(api, rightsOf());
      const own = new ApiClient(api.url, token);
      await put(eventOf('1'), eventOf('2', 'build.started'), eventOf('3', 'deploy.failed', 'staging'));
      expect(subjects(await list('after=0', own))).toEqual(expected);
      const follower = await follow('after=0', { authorization: `Bearer ${token}` });
      await waitFor(follower, ...expected);
    });

    it('not a token of another app', async () => {
      const other = `${app}-other`;
      await client.post('/apps', { name: other, repo: 'jockey/other', stack: 'api' });
      const own = await clientWith(api, { apps: [other] });
      await put(eventOf('1'));
      expect((await own.get(`/events?app=${app}`)).status).toBe(404);
      expect((await own.get('/events')).text).not.toContain(`"${app}"`);
    });
  });

  it('are told where nobody hears the bell, only later', async () => {
    await api.app.get(EventBell).stop();
    const follower = await follow();
    await put(eventOf('1'));
    await waitFor(follower, '1');
  });
});

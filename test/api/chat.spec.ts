import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { TestApi } from '../support/api.js';
import { ApiClient } from '../support/api-client.js';
import { eventually } from '../support/eventually.js';
import { FAKE_HOOKS } from '../support/fake-chat.js';
import { aMember } from '../support/fake-github.js';

const SECRET = 'signing-secret-of-the-tests';
const SHA = 'a'.repeat(40);

let api: TestApi;
let octocat: ApiClient;

beforeAll(async () => {
  api = await TestApi.start({
    environment: {
      SLACK_SIGNING_SECRET: SECRET,
      SECRETS_KEY: randomBytes(32).toString('base64'),
      GITHUB_ORG: 'acme',
      ACCESS_TEAMS: 'developers=deployer:staging',
      ACCESS_CACHE_SECONDS: '0',
    },
  });
  for (const name of ['production', 'staging']) await api.client.post('/environments', { name });
  await api.client.post('/stacks', { name: 'api' });
  await api.client.post('/apps', { name: 'shop', repo: 'acme/shop', stack: 'api' });
  api.world.source.commits.set('main', SHA);
  octocat = new ApiClient(api.url, api.world.members.add(aMember('octocat', { teams: ['developers'] })));
});
afterAll(() => api?.stop());

beforeEach(() => {
  api.world.chat.failing = null;
  api.world.chat.mayPost = true;
});

interface Answer {
  readonly status: number;
  readonly body: { readonly response_type?: string; readonly text?: string };
}

let requests = 0;

/** A slash command, signed as Slack signs. */
async function say(
  text: string,
  change: Partial<{ user: string; body: string; headers: Record<string, string> }> = {},
) {
  const form = new URLSearchParams({
    team_id: 'T1',
    user_id: change.user ?? 'U1',
    channel_id: 'C1',
    command: '/jockey',
    text,
    response_url: `${FAKE_HOOKS}/answers/1`,
    trigger_id: String((requests += 1)),
  });
  const body = change.body ?? form.toString();
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-signature': signature,
    'x-slack-request-timestamp': timestamp,
    ...change.headers,
  };
  return send(body, headers);
}

async function send(body: string, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${api.url}/chat/slack`, { method: 'POST', body, headers });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

async function link(user: string): Promise<void> {
  const { status, body } = await octocat.post('/chat_links');
  expect(status).toBe(201);
  const { code } = body.data as unknown as { code: string };
  expect((await say(`link ${code.toLowerCase()}`, { user })).body.text).toContain('You are octocat now');
}

describe('a person of the chat', () => {
  it('can do nothing before it is known who it is', async () => {
    const { status, body } = await say('status shop', { user: 'UNKNOWN1' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ response_type: 'ephemeral' });
    expect(body.text).toContain('POST /chat_links');
  });

  it('is linked by a code that is good once, for whom it was given to', async () => {
    const { body } = await octocat.post('/chat_links');
    const { code } = body.data as unknown as { code: string };
    const both = await Promise.all([say(`link ${code}`, { user: 'U7' }), say(`link ${code}`, { user: 'U8' })]);
    expect(both.filter(({ body: { text } }) => text?.includes('You are octocat now'))).toHaveLength(1);
    expect(both.filter(({ body: { text } }) => text?.includes('is not good'))).toHaveLength(1);
    expect((await say('link WRONG-CODE', { user: 'U9' })).body.text).toContain('is not good');
  });

  it('sees and removes links of their own; tokens of nobody get none', async () => {
    await link('U5');
    const { body } = await octocat.get('/chat_links');
    const own = (body.data as unknown as { id: string; user_id: string }[]).find(({ user_id: id }) => id === 'U5');
    const other = new ApiClient(api.url, api.world.members.add(aMember('hubot')));
    expect((await other.delete(`/chat_links/${own?.id}`)).status).toBe(404);
    expect((await octocat.delete(`/chat_links/${own?.id}`)).status).toBe(200);
    expect((await say('status shop', { user: 'U5' })).body.text).toContain('POST /chat_links');
    expect((await api.client.post('/chat_links')).status).toBe(422);
  });
});

describe('a slash command', () => {
  beforeAll(() => link('U1'));

  it('deploys with the rights of the person, and tells the end in a thread', async () => {
    const { body } = await say('deploy shop staging main');
    expect(body).toMatchObject({ response_type: 'in_channel' });
    expect(body.text).toMatch(/^octocat: Deploy \d+: aaaaaaaaaaaa of shop to staging\.$/);
    const id = /Deploy (\d+)/.exec(body.text ?? '')?.[1];
    await eventually('the thread is begun', async () => (await threadsOf(id ?? '')).length === 1);
    expect(api.world.chat.posted.at(-1)).toMatchObject({ channel: 'C1', thread: null, text: body.text });
    await api.client.post(`/deploys/${id}/cancel`);
    expect((await api.client.get(`/deploys/${id}`)).body.data).toMatchObject({ id });
  });

  it('cannot do what the person cannot, and says so in the words of the API', async () => {
    const { body } = await say('deploy shop production main');
    expect(body).toMatchObject({ response_type: 'ephemeral' });
    const refused = await octocat.post('/deploys', { app: 'shop', environment: 'production', rref: 'main' });
    expect(refused.status).toBe(403);
    expect(body.text).toBe(refused.body.error?.message);
  });

  it('does nothing for who left the organization, and nothing while GitHub does not say', async () => {
    api.world.members.failing = unavailable('GitHub', 'it is down');
    expect((await say('lock shop staging x')).body.text).toContain('GitHub does not answer');
    api.world.members.failing = null;
    const member = aMember('octocat', { teams: ['developers'] });
    api.world.members.byLogin.delete('octocat');
    expect((await say('lock shop staging x')).body.text).toContain('no member');
    expect((await api.client.get('/apps/shop/hold?environment=staging')).status).toBe(404);
    api.world.members.byLogin.set('octocat', member);
  });

  it('is done once, however often it comes', async () => {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const body = new URLSearchParams({ team_id: 'T1', user_id: 'U1', channel_id: 'C1', text: 'help' }).toString();
    const signature = `v0=${createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp };
    const answers = await Promise.all(Array.from({ length: 5 }, () => send(body, headers)));
    expect(answers.filter(({ body: { text } }) => text?.startsWith('deploy APP'))).toHaveLength(1);
    expect(answers.filter(({ body: { text } }) => text?.includes('nothing is done twice'))).toHaveLength(4);
  });

  it.each([
    ['a forged signature', { 'x-slack-signature': `v0=${'0'.repeat(64)}` }],
    ['an old time', { 'x-slack-request-timestamp': '1531420618' }],
    ['no signature', { 'x-slack-signature': '' }],
  ])('with %s is refused before it is looked at', async (_, headers) => {
    expect((await say('help', { headers })).status).toBe(401);
  });

  it.each(['', 'text=help', 'team_id=T1&user_id=<x>&channel_id=C1&text=help', `x=${'y'.repeat(10_000)}`])(
    'that is none is answered politely: %.40s',
    async (body) => {
      const answer = await say('', { body });
      expect(answer).toMatchObject({ status: 200, body: { text: 'This is no slash command.' } });
    },
  );
});

const threadsOf = (deployId: string): Promise<unknown[]> =>
  api.dataSource.query('SELECT id FROM chat_threads WHERE deploy_id = $1', [deployId]);

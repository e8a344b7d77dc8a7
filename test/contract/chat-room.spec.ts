import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SlackRoom } from '../../src/adapters/slack/slack-room.js';
import { unavailable } from '../../src/domain/kernel/errors.js';
import type { ChatRoom } from '../../src/ports/chat-room.js';
import { FAKE_HOOKS, FakeChatRoom } from '../support/fake-chat.js';

interface Heard {
  readonly path: string;
  readonly token: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What stands in for Slack: it keeps what it hears, and answers as it is told. */
class SlackStandIn {
  readonly heard: Heard[] = [];
  reply: { status: number; body: unknown } | 'nothing' = { status: 200, body: { ok: true, ts: '1' } };

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SlackStandIn> {
    const server = createServer();
    const standIn = new SlackStandIn(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Heard['body'];
        standIn.heard.push({ path: request.url ?? '', token: request.headers.authorization, body });
        if (standIn.reply === 'nothing') return;
        response.writeHead(standIn.reply.status, { 'content-type': 'application/json', location: '/elsewhere' });
        response.end(JSON.stringify(standIn.reply.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

let slack: SlackStandIn;
let room: SlackRoom;

beforeAll(async () => {
  slack = await SlackStandIn.start();
  room = new SlackRoom({ apiUrl: `${slack.url}/api`, hooksUrl: slack.url, botToken: 'xoxb-test' });
});
afterAll(() => slack?.stop());
beforeEach(() => {
  slack.heard.length = 0;
  slack.reply = { status: 200, body: { ok: true, ts: '1' } };
});

interface Case {
  readonly room: () => ChatRoom;
  readonly hooks: () => string;
  readonly break: () => void;
}

const CASES: [string, Case][] = [
  ['Slack', { room: () => room, hooks: () => slack.url, break: () => (slack.reply = { status: 503, body: 'away' }) }],
  ['the fake', fakeCase()],
];

function fakeCase(): Case {
  const fake = new FakeChatRoom();
  return {
    room: () => fake,
    hooks: () => FAKE_HOOKS,
    break: () => (fake.failing = unavailable('Slack', 'it is away')),
  };
}

describe.each(CASES)('a chat room: %s', (_, { room: subject, hooks, break: breakIt }) => {
  it('takes messages, and says what they are called', async () => {
    const id = await subject().post({ channel: 'C1', thread: null, text: 'begun' });
    expect(id).toMatch(/^\d+$/);
    expect(await subject().post({ channel: 'C1', thread: id, text: 'ended' })).toMatch(/^\d+$/);
  });

  it('takes answers at its own address, and calls no other', async () => {
    await subject().answer(`${hooks()}/answers/1`, 'done');
    for (const url of ['http://169.254.169.254/', 'file:///etc/passwd', 'no url', ''])
      await expect(subject().answer(url, 'done')).rejects.toMatchObject({ code: 'unprocessable_entity' });
  });

  it('says that it is away', async () => {
    breakIt();
    await expect(subject().post({ channel: 'C1', thread: null, text: 'x' })).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});

describe('SlackRoom', () => {
  it('sends what Slack documents, and nothing that Slack would take for a mark', async () => {
    await room.post({ channel: 'C1', thread: '7.1', text: 'a < b & <!channel>' });
    expect(slack.heard).toEqual([
      {
        path: '/api/chat.postMessage',
        token: 'Bearer xoxb-test',
        body: { channel: 'C1', thread_ts: '7.1', text: 'a &lt; b &amp; &lt;!channel&gt;', unfurl_links: false },
      },
    ]);
  });

  it('never sends its token with an answer', async () => {
    await room.answer(`${slack.url}/commands/1`, 'done');
    expect(slack.heard).toEqual([
      { path: '/commands/1', token: undefined, body: { response_type: 'in_channel', text: 'done' } },
    ]);
  });

  it('says why Slack refuses', async () => {
    slack.reply = { status: 200, body: { ok: false, error: 'not_in_channel' } };
    await expect(room.post({ channel: 'C1', thread: null, text: 'x' })).rejects.toThrow('not_in_channel');
    slack.reply = { status: 404, body: 'expired' };
    await expect(room.answer(`${slack.url}/commands/1`, 'x')).rejects.toMatchObject({ code: 'unprocessable_entity' });
  });

  it.each([
    ['too many messages', { status: 429, body: {} }],
    ['a redirect', { status: 302, body: {} }],
    ['silence', 'nothing'],
  ] as const)('may do better after %s', async (_, reply) => {
    slack.reply = reply;
    const patience = reply === 'nothing' ? 200 : 10_000;
    const subject = new SlackRoom({ apiUrl: slack.url, hooksUrl: slack.url, botToken: undefined, patience });
    await expect(subject.answer(`${slack.url}/commands/1`, 'x')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('may post by itself only with a bot token', () => {
    expect(room.mayPost).toBe(true);
    expect(new SlackRoom({ apiUrl: slack.url, hooksUrl: slack.url, botToken: undefined }).mayPost).toBe(false);
  });
});

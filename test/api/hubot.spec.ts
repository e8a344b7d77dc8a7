import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { TestApi } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { aMember } from '../support/fake-github.js';
import { makeToken } from '../support/tokens.js';

const HUBOT = fileURLToPath(new URL('../../node_modules/hubot/bin/hubot', import.meta.url));
const SCRIPTS = fileURLToPath(new URL('../../clients/chat', import.meta.url));

/** A real Hubot with our script, spoken with on its shell. */
class Hubot {
  said = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
  }

  static async start(variables: Readonly<Record<string, string>>): Promise<Hubot> {
    const folder = await mkdtemp(join(tmpdir(), 'hubot-'));
    const env = { PATH: process.env['PATH'], HOME: folder, HUBOT_HTTPD: 'false', ...variables };
    const child = spawn(process.execPath, [HUBOT, '--adapter', 'Shell', '--require', SCRIPTS], { cwd: folder, env });
    const hubot = new Hubot(child, folder);
    // What is said before the script is loaded is not heard.
    await eventually('Hubot to listen', () => {
      hubot.type('jockey help');
      return hubot.said.includes('Shell: ');
    });
    return hubot;
  }

  type(line: string): void {
    this.child.stdin?.write(`${line}\n`);
  }

  /** Says a line, and waits for words that come after it. */
  async say(line: string, words: string | RegExp): Promise<string> {
    const before = this.said.length;
    this.type(line);
    return this.hears(words, before);
  }

  async hears(words: string | RegExp, from = 0): Promise<string> {
    const heard = () => this.said.slice(from);
    await eventually(`Hubot to say ${String(words)}`, () =>
      typeof words === 'string' ? heard().includes(words) : words.test(heard()),
    );
    return heard();
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      const end = once(this.child, 'exit');
      this.child.kill();
      await end;
    }
    await rm(this.folder, { recursive: true });
  }
}

const SHA = 'a'.repeat(40);

describe('a Hubot in a chat', () => {
  let api: TestApi;
  let octocat: ApiClient;
  let hubot: Hubot;

  const variables = async (verbs: readonly ('admin' | 'deploy')[]) => ({
    JOCKEY_URL: api.url,
    JOCKEY_OAUTH_TOKEN: await makeToken(api, { verbs: [...verbs] }),
  });

  beforeAll(async () => {
    api = await TestApi.start({
      environment: {
        SECRETS_KEY: randomBytes(32).toString('base64'),
        GITHUB_ORG: 'acme',
        ACCESS_TEAMS: 'developers=deployer:staging',
      },
    });
    for (const name of ['production', 'staging']) await api.client.post('/environments', { name });
    await api.client.post('/stacks', { name: 'api' });
    await api.client.post('/apps', { name: 'shop', repo: 'acme/shop', stack: 'api' });
    api.world.source.commits.set('main', SHA);
    octocat = new ApiClient(api.url, api.world.members.add(aMember('octocat', { teams: ['developers'] })));
    hubot = await Hubot.start(await variables(['admin']));
  });
  afterAll(async () => {
    await hubot?.stop();
    await api?.stop();
  });

  it('does nothing for people whom it does not know', async () => {
    await hubot.say('Hubot jockey status shop', 'Who you are on GitHub is not known');
  });

  it('links a person with the code of the API, and only with a good one', async () => {
    await hubot.say('jockey link AAAA-2222', 'This code is not good');
    const { code } = (await octocat.post('/chat_links')).body.data as unknown as { code: string };
    await hubot.say(`jockey link ${code}`, 'You are octocat now');
    expect((await octocat.get('/chat_links')).body.data).toEqual([
      expect.objectContaining({ team_id: 'bot:hubot-shell', user_id: '1', login: 'octocat' }),
    ]);
  });

  it('says what the API says, to the letter', async () => {
    const { text } = (await octocat.post('/commands', { text: 'help' })).body.data as unknown as { text: string };
    expect(await hubot.say('jockey help', 'unlock APP ENVIRONMENT')).toContain(`Shell: ${text}`);
    const refused = await octocat.post('/deploys', { app: 'shop', environment: 'production', rref: 'main' });
    await hubot.say('jockey deploy shop production main', refused.body.error?.message ?? '-');
    await hubot.say('jockey dance', 'There is no "dance"');
  });

  it('deploys with the rights of the person, and tells the room how it ended', async () => {
    const said = await hubot.say('jockey deploy shop to staging main', /Deploy \d+: a{12} of shop to staging\./);
    const id = /Deploy (\d+): /.exec(said)?.[1] ?? '';
    const deploy = (await octocat.get(`/deploys/${id}`)).body.data as unknown as { requested_by?: string };
    expect(JSON.stringify(deploy)).toContain('octocat');
    const from = hubot.said.length;
    await octocat.post(`/deploys/${id}/cancel`);
    await hubot.hears(`Deploy ${id} of shop to staging: canceled.`, from);
  });

  it('is refused by the API without the right to speak for people, and then speaks for itself alone', async () => {
    const bot = await Hubot.start(await variables(['deploy']));
    await bot.hears('has no right to "admin" here').finally(() => bot.stop());
    const own = await Hubot.start({ ...(await variables(['deploy'])), JOCKEY_SPEAKS_AS: 'bot' });
    await own.say('jockey status shop staging', 'shop in staging: nothing was deployed yet').finally(() => own.stop());
  });

  it('says that Jockey does not answer', async () => {
    const lost = await Hubot.start({ JOCKEY_URL: 'http://127.0.0.1:1', JOCKEY_OAUTH_TOKEN: 'none' });
    await lost.hears('Jockey does not answer').finally(() => lost.stop());
  });
});

describe('a message of a chat', () => {
  it('is refused to all but who may speak for people, and never speaks for those of another chat', async () => {
    const api = await TestApi.start({ environment: { GITHUB_ORG: 'acme' } });
    try {
      const post = async (body: object, token: string) =>
        (await new ApiClient(api.url, token).post('/chat/messages', body)).status;
      const body = { team_id: 'T1', user_id: 'U1', text: 'help' };
      expect(await post(body, await makeToken(api, { verbs: ['deploy'] }))).toBe(403);
      await api.dataSource.query(`INSERT INTO chat_links (team_id, user_id, login) VALUES ('T1', 'U1', 'octocat')`);
      const admin = await makeToken(api, { verbs: ['admin'] });
      expect(await post(body, admin)).toBe(403);
      expect(await post({ ...body, user_id: '<x>' }, admin)).toBe(422);
    } finally {
      await api.stop();
    }
  });
});

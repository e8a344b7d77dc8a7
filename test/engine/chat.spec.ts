import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../../src/domain/kernel/errors.js';
import { DeliveryRow } from '../../src/store/entities/index.js';
import { ChatThreads } from '../../src/store/repositories/chat-threads.js';
import { SecretBox } from '../../src/store/secret-box.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import { FAKE_HOOKS } from '../support/fake-chat.js';

const KEY = randomBytes(32);
const KEYED = { SECRETS_KEY: KEY.toString('base64') };
const RESPONSE_URL = `${FAKE_HOOKS}/answers/secret-part`;

let scene: EngineScene;
let threads: ChatThreads;
beforeEach(async () => {
  scene = await EngineScene.set(1);
  threads = new ChatThreads(scene.dataSource, new SecretBox(KEY));
});
afterEach(() => scene.stop());

const keep = (deployId: string, message: string | null) =>
  threads.keep({ deployId, channel: 'C1', message, responseUrl: RESPONSE_URL });

describe('a deploy that was asked for in a chat', () => {
  it('is told of in its thread, in order and each once', async () => {
    const deployId = await scene.askForDeploy();
    await keep(deployId, '7.1');
    const engine = await scene.watchingEngine(KEYED);
    await engine.look(scene.key);
    await eventually('the end is told', () => engine.chat.posted.length === 2);
    expect(engine.chat.posted).toMatchObject([
      { channel: 'C1', thread: '7.1', text: `Deploy ${deployId}: its containers are being started.` },
      { channel: 'C1', thread: '7.1', text: `Deploy ${deployId} is deployed.` },
    ]);
  });

  it('is told of when its thread is kept after its end', async () => {
    const engine = await scene.watchingEngine(KEYED);
    const deployId = await scene.askForDeploy();
    await engine.look(scene.key);
    await keep(deployId, '7.1');
    await eventually('the end is told', () => engine.chat.posted.length === 2);
    expect(engine.chat.posted.at(-1)?.text).toBe(`Deploy ${deployId} is deployed.`);
  });

  it('is told of by the address for answers where no thread can be begun, its end alone, and why it failed', async () => {
    scene.world.fateOf = () => ({ healthyAfter: null, endsAfter: 50, exitCode: 3 });
    const deployId = await scene.askForDeploy();
    await keep(deployId, null);
    const engine = await scene.watchingEngine(KEYED);
    await engine.look(scene.key);
    await eventually('the end is told', () => engine.chat.answered.length > 0);
    expect(engine.chat.answered).toEqual([
      { url: RESPONSE_URL, text: expect.stringMatching(new RegExp(`^Deploy ${deployId} failed.*3`)) as string },
    ]);
    const kept = await scene.dataSource.query<{ text: string }[]>(
      'SELECT chat_threads::text AS text FROM chat_threads',
    );
    expect(JSON.stringify(kept)).not.toContain('secret-part');
  });

  it('waits for a chat that is away', async () => {
    const deployId = await scene.askForDeploy();
    await keep(deployId, '7.1');
    const engine = await scene.watchingEngine(KEYED);
    engine.chat.failing = unavailable('Slack', 'it answered 503');
    await engine.look(scene.key);
    const waiting = () =>
      scene.dataSource.manager.find(DeliveryRow, {
        where: { channel: 'chat', state: 'waiting' },
        order: { id: 'ASC' },
      });
    await eventually('the first try failed', async () => (await waiting()).some(({ lastError }) => lastError !== null));
    const [first] = await waiting();
    expect(first).toMatchObject({ lastError: 'Slack does not answer: it answered 503' });
    expect(first?.nextAttemptAt?.getTime()).toBeGreaterThan(Date.now());
    expect((await scene.deploy(deployId)).state).toBe('deployed');
  });
});

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppRow, ConfigSetRow, ConfigVersionRow, DeployRow, InstanceRow } from '../../src/store/entities/index.js';
import { SecretBox } from '../../src/store/secret-box.js';
import { sealSecret } from '../../src/store/sealed-secrets.js';
import { WITHHELD } from '../../src/store/redactors.js';
import { everythingIn } from '../support/everything.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';
import { WrittenLines } from '../support/written-lines.js';

const KEY = randomBytes(32);
const CANARY = 'c4n4ry-"quoted"-$ecret/+=';
const KEYED = { SECRETS_KEY: KEY.toString('base64') };

let scene: EngineScene;
let lines: WrittenLines;
beforeEach(async () => {
  scene = await EngineScene.set(1);
  lines = WrittenLines.ofThisProcess();
});
afterEach(async () => {
  lines.stop();
  await scene.stop();
});

/** A new version of the Config Set, as the API writes one. */
async function putConfig(value: string, version: number): Promise<void> {
  const { manager } = scene.dataSource;
  if (version === 1) await manager.save(manager.create(ConfigSetRow, { ...scene.key, version }));
  const set = await manager.findOneByOrFail(ConfigSetRow, scene.key);
  const secrets = { TOKEN: sealSecret(new SecretBox(KEY), { configSetId: set.id, name: 'TOKEN', value, version }) };
  await manager.insert(ConfigVersionRow, { configSetId: set.id, version, config: { PORT: '8888' }, secrets });
  await manager.update(ConfigSetRow, { id: set.id }, { version });
}

const containers = () => [...scene.world.machines.values()].flatMap((machine) => [...machine.containers.values()]);

/** All that an app can say of its secret, in every way in which it may be read. */
const SAYING = {
  lines: [
    `the token is ${CANARY}`,
    JSON.stringify({ token: CANARY }),
    Buffer.from(`user:${CANARY}`).toString('base64'),
  ],
  checkOutput: `HTTP GET http://10.0.0.1/?token=${encodeURIComponent(CANARY)}: 500 ${CANARY}`,
};

async function expectNoCanary(): Promise<void> {
  expect(lines.all.some((line) => line.includes('[secret TOKEN]') || line.includes('engine started'))).toBe(true);
  const inLabels = containers().map(({ spec }) => JSON.stringify({ ...spec, env: {} }));
  const registered = [...scene.world.machines.values()].map(({ registrations }) => JSON.stringify([...registrations]));
  const everything = [...(await everythingIn(scene.dataSource)), ...lines.all, ...inLabels, ...registered];
  const forms = [
    CANARY,
    JSON.stringify(CANARY).slice(1, -1),
    encodeURIComponent(CANARY),
    'c4n4ry',
    'YzRuNHJ5',
    'M0bjRyeS',
  ];
  for (const form of forms) expect(everything.filter((text) => text.includes(form))).toEqual([]);
}

describe('secrets in the engine', () => {
  it('are in the container of an app that works, and nowhere else', async () => {
    await putConfig(CANARY, 1);
    await scene.dataSource.manager.update(AppRow, { id: scene.key.appId }, { releaseCommand: 'bin/migrate' });
    let released: unknown = null;
    scene.world.fateOf = (spec) => {
      if (spec.labels['io.jockey.worker'] !== 'release') return { ...SAYING, healthyAfter: 100 };
      released = spec.env;
      return { endsAfter: 0, lines: SAYING.lines };
    };
    const engine = await scene.watchingEngine(KEYED);
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'deployed' });
    expect(containers().map(({ spec }) => spec.env)).toEqual([{ PORT: '8888', TOKEN: CANARY }]);
    expect(released).toEqual({ PORT: '8888', TOKEN: CANARY });
    expect(await scene.story(id)).toContain('release | the token is [secret TOKEN]');
    await expectNoCanary();
  });

  it('are taken out of what an app leaves that prints them and dies', async () => {
    await putConfig(CANARY, 1);
    scene.world.fateOf = () => ({ ...SAYING, healthyAfter: null, endsAfter: 50, exitCode: 1 });
    const engine = await scene.watchingEngine(KEYED);
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    const { state, failure } = await scene.deploy(id);
    expect(state).toBe('failed');
    expect(failure?.lastLines).toEqual([
      'the token is [secret TOKEN]',
      '{"token":"[secret TOKEN]"}',
      expect.stringContaining('[secret TOKEN]'),
    ]);
    await expectNoCanary();
  });

  it('are taken out of what an app answers that never gets healthy, and out of what Docker says', async () => {
    await putConfig(CANARY, 1);
    await scene.setWorker({ healthDeadlineSeconds: 1 });
    scene.world.fateOf = () => ({ ...SAYING, healthyAfter: null });
    const engine = await scene.watchingEngine(KEYED);
    const first = await scene.askForDeploy();
    await engine.look(scene.key);
    expect((await scene.deploy(first)).failure?.lastCheck).toContain('[secret TOKEN]');
    scene.world.before = ({ method }) => {
      if (method === 'docker.start') throw new Error(`cannot start: bad variable TOKEN=${CANARY}`);
    };
    const second = await scene.askForDeploy();
    await engine.look(scene.key);
    expect((await scene.deploy(second)).failureReason).toContain('TOKEN=[secret TOKEN]');
    await expectNoCanary();
  });

  it('are known after they were changed: what runs with the old one may still say it', async () => {
    await putConfig(CANARY, 1);
    const engine = await scene.watchingEngine(KEYED);
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    await putConfig('another value', 2);
    scene.world.fateOf = () => ({ ...SAYING, healthyAfter: null, endsAfter: 50, exitCode: 1 });
    const next = await scene.askForDeploy();
    await engine.look(scene.key);
    expect((await scene.deploy(next)).state).toBe('failed');
    expect((await scene.deploy(id)).state).toBe('deployed');
    await expectNoCanary();
  });

  it('that cannot be opened fail the deploy with the way out, and nothing is moved', async () => {
    await putConfig(CANARY, 1);
    const engine = await scene.watchingEngine({ SECRETS_KEY: randomBytes(32).toString('base64') });
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({
      ...{ state: 'failed', outcome: 'config_unreadable' },
      failureReason: expect.stringMatching(/secret of config set \d+ TOKEN cannot be opened: .*SECRETS_OLD_KEYS/),
    });
    expect(await scene.dataSource.manager.count(InstanceRow)).toBe(0);
    expect(scene.world.calls.filter(({ method }) => method === 'docker.start')).toEqual([]);
  });

  it('that cannot be opened withhold what the app says, as they cannot be taken out of it', async () => {
    await putConfig(CANARY, 1);
    const able = await scene.watchingEngine(KEYED);
    const id = await scene.askForDeploy();
    await able.look(scene.key);
    await able.stop();
    await scene.leasesRunOut();
    const lines = [`the token is ${CANARY}`];
    await scene.dataSource.manager.update(DeployRow, id, { state: 'deploying' });
    await scene.dataSource.query(`UPDATE instances SET state = 'started', healthy_at = NULL, live_at = NULL`);
    for (const container of containers()) container.fate = { ...container.fate, endsAfter: 0, exitCode: 1, lines };
    const unable = await scene.watchingEngine({ SECRETS_KEY: randomBytes(32).toString('base64') });
    void unable.look(scene.key);
    await eventually('it failed', async () => (await scene.deploy(id)).failure !== null);
    expect((await scene.deploy(id)).failure?.lastLines).toEqual([WITHHELD]);
    await expectNoCanary();
  });
});

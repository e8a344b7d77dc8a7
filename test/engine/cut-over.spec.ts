import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { AppRow } from '../../src/store/entities/index.js';
import { EngineScene } from '../support/engine-scene.js';
import type { TestEngine } from '../support/test-engine.js';

let scene: EngineScene;
let engine: TestEngine;
let first: string;
beforeEach(async () => {
  scene = await EngineScene.set(2);
  engine = await scene.engine();
  first = await scene.askForDeploy();
  await engine.look(scene.key);
});
afterEach(() => scene.stop());

const starts = (): string[] =>
  scene.world.calls.filter(({ method }) => method === 'docker.start').map(({ about }) => about);

describe('a release command', () => {
  beforeEach(() => scene.dataSource.manager.update(AppRow, { name: 'sample' }, { releaseCommand: 'bin/migrate' }));

  it('runs once, before anything of the deploy is started', async () => {
    scene.world.fateOf = ({ labels }) => (labels[LABELS.worker] === 'release' ? { endsAfter: 20, exitCode: 0 } : {});
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({
      state: 'deployed',
      releaseCommand: { state: 'succeeded', exitCode: 0 },
    });
    const own = starts().filter((about) => about.endsWith(`-d${id}`));
    expect(own[0]).toContain('release');
    expect(own.filter((about) => about.includes('release'))).toHaveLength(1);
    expect(scene.containers()).toEqual([`1 of deploy ${id}`, `2 of deploy ${id}`]);
  });

  it('that fails ends the deploy with nothing changed, and says what it printed', async () => {
    scene.world.fateOf = ({ labels }) =>
      labels[LABELS.worker] === 'release' ? { endsAfter: 20, exitCode: 7, lines: ['no such table'] } : {};
    const before = scene.containers();
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({
      state: 'failed',
      outcome: 'release_command_failed',
      failure: { exitCode: 7, lastLines: ['no such table'] },
    });
    expect(scene.containers()).toEqual(before);
    expect(starts().filter((about) => about.endsWith(`-d${id}`))).toHaveLength(1);
  });

  it('is not run for a rollback', async () => {
    const id = await scene.askForRollback(1);
    await engine.look(scene.key);
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(starts().some((about) => about.includes('release'))).toBe(false);
  });
});

describe('a probe through a router', () => {
  beforeEach(() => scene.setWorker({ probeUrl: 'http://router.test/', probeAllowedFailures: 0 }));

  it('counts while traffic moves', async () => {
    const id = await scene.askForDeploy();
    await engine.look(scene.key);
    const { state, probe } = await scene.deploy(id);
    expect(state).toBe('deployed');
    expect(probe?.requests).toBeGreaterThan(5);
    expect(probe?.failures).toBe(0);
  });

  it('takes the deploy back at the first drop where none is allowed', async () => {
    const id = await scene.askForDeploy();
    engine.probe.fateOf = () => ({ status: 502, milliseconds: 1 });
    await engine.look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'reverted' });
    expect((await scene.deploy(id)).failureReason).toContain('502');
    expect(scene.containers()).toEqual([`1 of deploy ${first}`, `2 of deploy ${first}`]);
  });
});

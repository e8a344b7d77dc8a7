import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineScene } from '../support/engine-scene.js';

let scene: EngineScene;
beforeEach(async () => {
  scene = await EngineScene.set(3);
});
afterEach(() => scene.stop());

describe('a rollout', () => {
  it('starts one container a slot, spread over the hosts, and then is deployed', async () => {
    const id = await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'deployed', outcome: 'succeeded' });
    expect(scene.containers()).toEqual([`1 of deploy ${id}`, `2 of deploy ${id}`, `3 of deploy ${id}`]);
    expect(new Set((await scene.living()).map(({ host }) => host)).size).toBe(3);
    expect(scene.registered()).toHaveLength(3);
  });

  it('takes the old out only when the new are healthy, and leaves nothing of them', async () => {
    const engine = await scene.engine();
    const first = await scene.askForDeploy();
    await engine.look(scene.key);
    const second = await scene.askForDeploy();
    let healthyWhenFirstLeft: number | null = null;
    scene.world.before = async ({ method }) => {
      if (!method.includes('deregister') || healthyWhenFirstLeft !== null) return;
      healthyWhenFirstLeft = (await scene.living()).filter(
        ({ deployId, state }) => deployId === second && state === 'healthy',
      ).length;
    };
    await engine.look(scene.key);
    expect(healthyWhenFirstLeft).toBe(3);
    expect(scene.containers().every((name) => name.endsWith(`deploy ${second}`))).toBe(true);
    expect((await scene.deploy(first)).state).toBe('stopped');
  });

  it('fails at the first proof: the new are gone, the old untouched, the proof is kept', async () => {
    const engine = await scene.engine();
    const first = await scene.askForDeploy();
    await engine.look(scene.key);
    const before = scene.registered();
    const second = await scene.askForDeploy();
    scene.setFate(second, { healthyAfter: null, endsAfter: 0, exitCode: 3, lines: ['about to end'] });
    await engine.look(scene.key);
    expect(await scene.deploy(second)).toMatchObject({
      state: 'failed',
      outcome: 'reverted',
      failure: { kind: 'exited', exitCode: 3, lastLines: ['about to end'] },
    });
    expect(scene.registered()).toEqual(before);
    expect(scene.containers().every((name) => name.endsWith(`deploy ${first}`))).toBe(true);
  });

  it('fails at the health deadline with what the check said', async () => {
    const id = await scene.askForDeploy();
    scene.setFate(id, { healthyAfter: null, checkOutput: 'HTTP GET: 503' });
    await (await scene.engine()).look(scene.key);
    expect(await scene.deploy(id)).toMatchObject({ state: 'failed', outcome: 'timed_out' });
    expect((await scene.deploy(id)).failureReason).toContain('503');
    expect(scene.containers()).toEqual([]);
  });

  it('fails at once, with every host and its reason, when there is no room', async () => {
    await scene.dataSource.query('UPDATE workers SET memory_mb = 100000');
    const id = await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
    const { outcome, failureReason } = await scene.deploy(id);
    expect(outcome).toBe('not_placed');
    for (const host of ['h1', 'h2', 'h3']) expect(failureReason).toContain(host);
    expect(await scene.living()).toEqual([]);
  });

  it('takes another port when a stranger listens on its own', async () => {
    const id = await scene.askForDeploy();
    let taken: number | null = null;
    scene.world.before = async ({ method, host }) => {
      if (!method.endsWith('start') || taken !== null || host === null) return;
      const [first] = (await scene.living()).filter((each) => each.host === host);
      taken = first?.hostPort ?? null;
      if (taken !== null) scene.world.machine(host).foreignPorts.add(taken);
    };
    await (await scene.engine()).look(scene.key);
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect((await scene.living()).map(({ hostPort }) => hostPort)).not.toContain(taken);
    expect(await scene.story(id)).toContain('is taken by something else');
  });

  it('names the host when one is lost in the middle', async () => {
    const id = await scene.askForDeploy();
    scene.setFate(id, { healthyAfter: null });
    scene.world.before = ({ method, host }) => {
      if (method.includes('register') && host === 'h3') setTimeout(() => scene.world.cut('h3'), 50);
    };
    await (await scene.engine()).look(scene.key);
    expect((await scene.deploy(id)).failureReason).toMatch(/h3.+lost/);
  });

  it('two engines at once do it once', async () => {
    const id = await scene.askForDeploy();
    const engines = await Promise.all([scene.engine(), scene.engine()]);
    await Promise.all(engines.map((engine) => engine.look(scene.key)));
    expect((await scene.deploy(id)).state).toBe('deployed');
    expect(engines.flatMap(({ deeds }) => deeds).filter((deed) => deed === 'start')).toHaveLength(3);
  });
});

describe('a reconcile', () => {
  beforeEach(async () => {
    await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
  });

  it.each([
    ['up', 5, 2],
    ['down', 1, 2],
    ['to nothing', 0, 3],
  ])('scales %s, and ends completed with its plan', async (_where, scale, steps) => {
    const id = await scene.scale(scale);
    await (await scene.engine()).look(scene.key);
    expect(scene.containers()).toHaveLength(scale);
    expect(scene.registered()).toHaveLength(scale);
    expect(await scene.reconcile(id)).toMatchObject({ state: 'completed', failureReason: null });
    expect((await scene.reconcile(id)).plan).toHaveLength(steps);
  });

  it('says why it could not: no room for one of them', async () => {
    await scene.dataSource.query(`UPDATE deploys SET workers = jsonb_set(workers, '{0,resources,memoryMb}', '100000')`);
    const id = await scene.scale(4);
    await (await scene.engine()).look(scene.key);
    expect(await scene.reconcile(id)).toMatchObject({ state: 'failed' });
    expect((await scene.reconcile(id)).failureReason).toContain('h1');
    expect(scene.containers()).toHaveLength(3);
  });

  it('brings back a container that vanished, in its slot and place', async () => {
    const [lost] = await scene.living();
    scene.world.lose(lost?.host ?? '', lost?.containerName ?? '');
    await (await scene.engine()).look(scene.key);
    expect(scene.containers()).toHaveLength(3);
    expect((await scene.living()).map(({ id }) => id)).toContain(lost?.id);
  });

  it('stops everything of an app that was deleted', async () => {
    await scene.dataSource.query('UPDATE apps SET deleted_at = now()');
    await (await scene.engine()).look(scene.key);
    expect(scene.containers()).toEqual([]);
    expect(scene.registered()).toEqual([]);
  });

  it('leaves alone what is not ours, and removes what is ours and nobody knows', async () => {
    scene.world.addForeign('h1', 'somebody');
    await scene.dataSource.query(`UPDATE instances SET state = 'stopped' WHERE slot = 1`);
    await (await scene.engine()).look(scene.key);
    expect(scene.world.machine('h1').containers.has('somebody')).toBe(true);
    expect(scene.containers()).toHaveLength(3);
    expect(scene.registered()).toHaveLength(3);
  });
});

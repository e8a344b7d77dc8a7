import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EventRow } from '../../src/store/entities/index.js';
import { Hosts } from '../../src/store/repositories/hosts.js';
import { LookoutRecords } from '../../src/store/repositories/lookout-records.js';
import { EngineScene } from '../support/engine-scene.js';

let scene: EngineScene;
beforeEach(async () => {
  scene = await EngineScene.set(3);
});
afterEach(() => scene.stop());

const eventsAfter = async (position = '0'): Promise<EventRow[]> => {
  const events = await scene.dataSource.manager.find(EventRow, { order: { position: 'ASC' } });
  return events.filter((event) => BigInt(event.position ?? 0) > BigInt(position));
};

/** The steps of one slot, and those of the deploys around them. */
const stepsOf = (events: readonly EventRow[], slot: number): string[] =>
  events
    .filter(({ subject, data }) => subject === 'deploy' || data['slot'] === slot)
    .map(({ kind, subject, subjectId, data }) =>
      [kind, data['change'], subject === 'deploy' ? subjectId : data['deploy_id']].filter(Boolean).join(' '),
    );

describe('events', () => {
  it('tell of each step of a rollout in its order, and of the way out of what was there', async () => {
    const engine = await scene.engine();
    const first = await scene.askForDeploy();
    await engine.look(scene.key);
    const told = await eventsAfter();
    for (const slot of [1, 2, 3])
      expect(stepsOf(told, slot).filter((step) => !step.startsWith('deploy.deploying'))).toEqual([
        `instance.planned ${first}`,
        `instance.started ${first}`,
        `instance.healthy ${first}`,
        `route.changed added ${first}`,
        `deploy.deployed ${first}`,
      ]);
    const second = await scene.askForDeploy();
    await engine.look(scene.key);
    const replaced = stepsOf(await eventsAfter(told.at(-1)?.position ?? '0'), 1);
    const ofFirst = replaced.filter((step) => step.endsWith(` ${first}`) && !step.startsWith('deploy'));
    expect(ofFirst).toEqual([
      `route.changed removed ${first}`,
      `instance.draining ${first}`,
      `instance.stopped ${first}`,
    ]);
    expect(replaced.indexOf(`route.changed added ${second}`)).toBeLessThan(
      replaced.indexOf(`route.changed removed ${first}`),
    );
  });

  it('say why an instance failed, and nothing of a route that it never had', async () => {
    const id = await scene.askForDeploy();
    scene.setFate(id, { healthyAfter: null, endsAfter: 0, exitCode: 3 });
    await (await scene.engine()).look(scene.key);
    const events = await eventsAfter();
    const failed = events.filter(({ kind }) => kind === 'instance.failed');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]?.data).toMatchObject({ deploy_id: id, worker: 'web', cause: expect.stringContaining('3') });
    expect(events.map(({ kind }) => kind)).not.toContain('route.changed');
  });

  it('tell of hosts: what is said of them, and that they are lost and back, once each', async () => {
    const hosts = new Hosts(scene.dataSource);
    const say = (word: { cordoned?: boolean; drain?: boolean }) =>
      hosts.say({ name: 'h1', word: { ...word, reason: 'a look' }, require: () => undefined, judge: () => undefined });
    await say({ cordoned: true });
    await say({ cordoned: true });
    await say({ drain: true });
    await say({ cordoned: false });
    const records = new LookoutRecords(scene.dataSource);
    for (const lost of [['h2'], ['h2'], []]) await records.keepStandings({ lost, well: lost.length > 0 ? [] : ['h2'] });
    const told = (await eventsAfter()).map(({ kind, subject, subjectId }) => [kind, subject, subjectId]);
    expect(told).toEqual([
      ['host.cordoned', 'host', 'h1'],
      ['host.draining', 'host', 'h1'],
      ['host.uncordoned', 'host', 'h1'],
      ['host.lost', 'host', 'h2'],
      ['host.returned', 'host', 'h2'],
    ]);
  });
});

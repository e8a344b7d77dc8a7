import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LABELS } from '../../src/domain/instance/container-name.js';
import { EventRow, InstanceRow, RunRow } from '../../src/store/entities/index.js';
import { HostLoads } from '../../src/store/repositories/host-loads.js';
import { type NewRun, Runs } from '../../src/store/repositories/runs.js';
import type { Fate } from '../fakes/fake-world.js';
import { EngineScene } from '../support/engine-scene.js';
import { eventually } from '../support/eventually.js';

describe('runs', () => {
  let scene: EngineScene;
  let deployId: string;

  beforeEach(async () => {
    scene = await EngineScene.set(1);
    deployId = await scene.askForDeploy();
    await (await scene.engine()).look(scene.key);
  });
  afterEach(() => scene.stop());

  const wanted = (): NewRun =>
    ({
      ...{ ...scene.key, deployId, kind: 'one_off', command: ['bin/task'] },
      ...{ memoryMb: 64, cpus: 0.1, timeLimitSeconds: 600 },
    }) as unknown as NewRun;

  const put = async (fields: Partial<RunRow> = {}): Promise<string> => {
    const { id } = await scene.dataSource.manager.save(RunRow, { ...wanted(), ...fields } as RunRow);
    return id;
  };

  const rowOf = (id: string): Promise<RunRow> => scene.dataSource.manager.findOneByOrFail(RunRow, { id });

  const until = (id: string, state: RunRow['state']): Promise<RunRow> =>
    eventually(`run ${id} ${state}`, async () => {
      const row = await rowOf(id);
      return row.state === state && row;
    });

  /** What becomes of containers of runs; instances go on as they do. */
  const fate = (change: Partial<Fate>): void => {
    scene.world.fateOf = ({ labels }) => (labels[LABELS.run] === undefined ? {} : change);
  };

  const starts = (): number =>
    scene.world.calls.filter(({ method, about }) => method === 'docker.start' && /-run-r/.test(about)).length;

  const containers = (): string[] =>
    [...scene.world.machines.values()].flatMap(({ containers: all }) =>
      [...all.keys()].filter((name) => /-run-r/.test(name)),
    );

  it('are run in the image of their release, end with its exit code, and leave nothing', async () => {
    fate({ endsAfter: 0, exitCode: 3 });
    const id = await put();
    const engine = await scene.engine();
    const done = engine.run(id);
    const row = await until(id, 'exited');
    expect(row).toMatchObject({ outcome: 'failed', exitCode: 3, failureReason: 'it ended with exit code 3' });
    const [name] = containers();
    const spec = scene.world.machine(row.host ?? '').containers.get(name ?? '')?.spec;
    const instance = await scene.dataSource.manager.findOneByOrFail(InstanceRow, { deployId });
    const image = scene.world.machine(instance.host).containers.get(instance.containerName)?.spec.image;
    expect(spec).toMatchObject({ image, command: ['bin/task'], publish: null, resources: { memoryMb: 64 } });
    await done;
    expect(containers()).toEqual([]);
    expect((await rowOf(id)).removedAt).not.toBeNull();
  });

  it('hold room on their host while they run, and are no instance that is too many', async () => {
    fate({ endsAfter: null });
    const id = await put({ memoryMb: 1024 });
    const engine = await scene.engine();
    const done = engine.run(id);
    const { host } = await until(id, 'running');
    const [name] = containers();
    const before = (await new HostLoads(scene.dataSource).read('0')).get(host ?? '')?.reserved.memoryMb;
    expect(before).toBeGreaterThanOrEqual(1024);
    await engine.look(scene.key);
    expect(containers()).toEqual([name]);
    scene.world.alter(host ?? '', name ?? '', { endsAfter: 0 });
    await until(id, 'exited');
    const after = (await new HostLoads(scene.dataSource).read('0')).get(host ?? '')?.reserved.memoryMb ?? 0;
    expect((before ?? 0) - after).toBe(1024);
    await done;
  });

  it('wait for room, and say for what', async () => {
    const id = await put({ memoryMb: 1_000_000 });
    const engine = await scene.engine();
    void engine.run(id);
    await eventually('what it waits for', async () => (await rowOf(id)).waitingFor !== null);
    expect((await rowOf(id)).waitingFor).toMatch(/0 of 3 hosts fit/);
    await scene.dataSource.manager.update(RunRow, { id }, { cancelRequestedAt: new Date() });
    expect(await until(id, 'canceled')).toMatchObject({ host: null, outcome: 'canceled' });
  });

  it('end when their time is over, and when they are canceled', async () => {
    fate({ endsAfter: null });
    const [late, canceled] = [await put({ timeLimitSeconds: 1 }), await put()];
    const engine = await scene.engine();
    void engine.run(late);
    void engine.run(canceled);
    await until(canceled, 'running');
    await scene.dataSource.manager.update(RunRow, { id: canceled }, { cancelRequestedAt: new Date() });
    expect(await until(late, 'failed')).toMatchObject({ outcome: 'timed_out', signal: 'SIGTERM' });
    expect(await until(canceled, 'canceled')).toMatchObject({ outcome: 'canceled', exitCode: 143 });
  });

  it('say that they needed too much memory', async () => {
    fate({ endsAfter: 0, exitCode: 137, outOfMemory: true });
    const id = await put();
    const engine = await scene.engine();
    void engine.run(id);
    expect(await until(id, 'exited')).toMatchObject({ outcome: 'out_of_memory', signal: 'SIGKILL' });
  });

  it('are lost with their container, and not begun again', async () => {
    fate({ endsAfter: null });
    const id = await put();
    const engine = await scene.engine();
    void engine.run(id);
    const { host, containerName } = await until(id, 'running');
    scene.world.lose(host ?? '', containerName ?? '');
    expect(await until(id, 'failed')).toMatchObject({ outcome: 'lost' });
    expect(starts()).toBe(1);
  });

  it('are told of: that somebody asks for them, that they begin and how they end, and never what they run', async () => {
    fate({ endsAfter: 0, exitCode: 3 });
    const { id } = await new Runs(scene.dataSource).create({ ...wanted(), requestedBy: 'ann' }, 5);
    void (await scene.engine()).run(id);
    const { host } = await until(id, 'exited');
    const told = await scene.dataSource.manager.find(EventRow, {
      where: { subject: 'run' },
      order: { position: 'ASC' },
    });
    expect(told.map(({ kind, subjectId, data }) => [kind, subjectId, data['outcome'], data['host']])).toEqual([
      ['run.created', id, null, null],
      ['run.started', id, null, host],
      ['run.ended', id, 'failed', host],
    ]);
    expect(told.map(({ data }) => [data['requested_by'], data['exit_code'] ?? null])).toEqual([
      ['ann', null],
      ['ann', null],
      ['ann', 3],
    ]);
    expect(JSON.stringify(told)).not.toContain('bin/task');
  });

  it('are begun once where two engines are told of them at the same time', async () => {
    fate({ endsAfter: null });
    const id = await put();
    const engines = [await scene.engine(), await scene.engine()];
    for (const engine of engines) void engine.run(id);
    const { host, containerName } = await until(id, 'running');
    scene.world.alter(host ?? '', containerName ?? '', { endsAfter: 0 });
    await until(id, 'exited');
    expect([starts(), containers().length]).toEqual([1, 1]);
  });

  it('outlast a host that does not answer for a while, and are not begun on another', async () => {
    fate({ endsAfter: null });
    const id = await put();
    void (await scene.engine()).run(id);
    const { host, containerName } = await until(id, 'running');
    scene.world.cut(host ?? '');
    const looks = (): number =>
      scene.world.calls.filter(({ method, host: at }) => method === 'docker.inspect' && at === host).length;
    const before = looks();
    await eventually('two looks in vain', () => Promise.resolve(looks() >= before + 2));
    expect((await rowOf(id)).state).toBe('running');
    scene.world.mend(host ?? '');
    scene.world.alter(host ?? '', containerName ?? '', { endsAfter: 0 });
    expect(await until(id, 'exited')).toMatchObject({ outcome: 'succeeded', host });
    expect(starts()).toBe(1);
  });

  it('are run in an instance, whose room they use', async () => {
    const instance = await scene.dataSource.manager.findOneByOrFail(InstanceRow, { deployId });
    const { host, containerName, id: instanceId } = instance;
    const id = await put({ kind: 'exec', instanceId, host, containerName, memoryMb: null, cpus: null });
    const engine = await scene.engine();
    void engine.run(id);
    await until(id, 'running');
    await scene.dataSource.manager.update(RunRow, { id }, { cancelRequestedAt: new Date() });
    expect(await until(id, 'canceled')).toMatchObject({ exitCode: 143 });
    expect(containers()).toEqual([]);
  });

  it.each([1, 2])('go on where an engine is killed at its deed %i, and are begun once', async (step) => {
    fate({ endsAfter: 0, exitCode: 0 });
    const id = await put();
    for (const when of ['before', 'after'] as const) {
      const dying = await scene.engine({ step, when });
      void dying.run(id);
      await dying.died;
      await scene.dataSource.query('UPDATE leases SET expires_at = now()');
    }
    const next = await scene.engine();
    void next.run(id);
    expect(await until(id, 'exited')).toMatchObject({ outcome: 'succeeded', exitCode: 0 });
    expect(containers()).toHaveLength(1);
  });
});

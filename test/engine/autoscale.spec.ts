import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScaleMetric } from '../../src/domain/worker/worker-scaling.js';
import {
  DeployRow,
  EventRow,
  ReconcileRow,
  ScalingSettingsRow,
  WorkerRow,
  WorkerScalingRow,
} from '../../src/store/entities/index.js';
import { Leases } from '../../src/store/leases.js';
import { EngineScene } from '../support/engine-scene.js';
import type { TestEngine } from '../support/test-engine.js';

const QUEUE: ScaleMetric = {
  kind: 'http_json',
  target: 10,
  url: 'http://queue.example.com/length',
  query: '/jobs',
};
const CPU: ScaleMetric = { kind: 'cpu', target: 50, url: null, query: null };

let scene: EngineScene;
let engine: TestEngine;

beforeEach(async () => {
  scene = await EngineScene.set(2);
  engine = await scene.engine();
  await scene.askForDeploy();
  await engine.look(scene.key);
});
afterEach(() => scene.stop());

const manager = () => scene.dataSource.manager;
const worker = () => manager().findOneByOrFail(WorkerRow, { ...scene.key, name: 'web' });
const scale = async (): Promise<number> => (await worker()).scale;
const scaling = async () => manager().findOneByOrFail(WorkerScalingRow, { workerId: (await worker()).id });

/** Lets the worker scale itself, at once in both directions unless the change says else. */
async function scales(change: Partial<WorkerScalingRow>): Promise<void> {
  const { id: workerId } = await worker();
  const rule = { minScale: 1, maxScale: 6, scaleInAfterSeconds: 0, coolDownSeconds: 0, metric: null, schedules: [] };
  await manager().delete(WorkerScalingRow, { workerId });
  await manager().save(WorkerScalingRow, { workerId, ...rule, ...change } as WorkerScalingRow);
}

async function events(): Promise<readonly EventRow[]> {
  return manager().find(EventRow, { where: { kind: 'worker.scaled' }, order: { id: 'ASC' } });
}

describe('a worker that scales itself', () => {
  it('follows a number up, says why, and the instances come', async () => {
    await scales({ metric: QUEUE });
    engine.metrics.fateOf = () => 45;
    await engine.scale();
    expect(await scale()).toBe(5);
    expect(await scaling()).toMatchObject({
      lastValue: 45,
      trouble: null,
      reason: 'From 2 to 5: http_json is 45, and one instance should bear 10.',
    });
    const { id } = await worker();
    expect(await events()).toMatchObject([
      {
        subject: 'worker',
        subjectId: id,
        data: { worker: 'web', from_scale: 2, to_scale: 5, cause: 'autoscaling', by: null },
      },
    ]);
    await engine.look(scene.key);
    expect(scene.registered()).toHaveLength(5);
    expect(engine.metrics.asked).toEqual([{ kind: 'http_json', url: QUEUE.url, query: '/jobs' }]);
  });

  it('follows it down when so few were enough for a while, half at a time', async () => {
    await scales({ metric: QUEUE, scaleInAfterSeconds: 300 });
    await scene.setWorker({ scale: 5 });
    engine.metrics.fateOf = () => 8;
    await engine.scale();
    expect([await scale(), (await scaling()).lowerSince]).toEqual([5, expect.any(Date)]);
    await manager().query(`UPDATE worker_scalings SET lower_since = now() - interval '301 seconds'`);
    await engine.scale();
    expect(await scale()).toBe(2);
    await engine.scale();
    expect(await scale()).toBe(1);
    await engine.scale();
    expect((await events()).map(({ data }) => data['to_scale'])).toEqual([2, 1]);
  });

  it('measures its instances where they run', async () => {
    await scales({ metric: CPU });
    scene.world.usageOf = ({ resources }) => ({ cpus: resources.cpus, memoryMb: 1 });
    await engine.scale();
    expect(await scaling()).toMatchObject({ lastValue: 100, trouble: null });
    expect(await scale()).toBe(4);
  });

  it('takes nothing away for want of a host that answers', async () => {
    await scales({ metric: CPU });
    scene.world.usageOf = () => ({ cpus: 0, memoryMb: 1 });
    for (const name of ['h1', 'h2', 'h3']) scene.world.cut(name);
    await engine.scale();
    expect(await scale()).toBe(2);
    expect(await scaling()).toMatchObject({ trouble: 'No instance could be measured.', lastValue: null });
    scene.world.consulAnswers = false;
    await engine.scale();
    expect((await scaling()).trouble).toMatch(/Consul .+ does not answer/);
    expect(await scale()).toBe(2);
  });

  it.each([
    [{ failure: 'connect ECONNREFUSED' }, 'queue.example.com does not answer: connect ECONNREFUSED.'],
    [{ nothing: 'has nothing at /jobs' }, 'The answer of queue.example.com has nothing at /jobs.'],
  ])('takes nothing away for want of a number, says so, and forgets it: %j', async (fate, trouble) => {
    await scales({ metric: QUEUE });
    engine.metrics.fateOf = () => fate;
    await engine.scale();
    expect(await scaling()).toMatchObject({ trouble, lastValue: null });
    expect(await scale()).toBe(2);
    engine.metrics.fateOf = () => 20;
    await engine.scale();
    expect(await scaling()).toMatchObject({ trouble: null, lastValue: 20 });
  });

  it('does what the schedule in force asks for', async () => {
    await scales({ schedules: [{ cron: '* * * * *', timeZone: 'Europe/Berlin', scale: 4 }] });
    await engine.scale();
    expect(await scale()).toBe(4);
    expect((await scaling()).reason).toBe('From 2 to 4: the schedule * * * * * (Europe/Berlin) asks for 4.');
  });

  it('is brought back into its bounds after somebody set another scale', async () => {
    await scales({});
    await scene.setWorker({ scale: 20 });
    await engine.scale();
    expect(await scale()).toBe(6);
    expect((await events()).map(({ data }) => data['reason'])).toEqual([
      'From 20 to 6: 20 was set, which asks for 20, but max_scale is 6.',
    ]);
  });

  it('rests after a change', async () => {
    await scales({ metric: QUEUE, coolDownSeconds: 600 });
    engine.metrics.fateOf = () => 30;
    await engine.scale();
    engine.metrics.fateOf = () => 60;
    await engine.scale();
    expect(await scale()).toBe(3);
    expect((await scaling()).reason).toMatch(/^Stays at 3, not yet 6: .+ rests for \d+ s more\.$/);
  });

  it('has instances started and none stopped while a deploy exchanges them', async () => {
    await scales({ metric: QUEUE });
    const id = await scene.askForDeploy();
    await manager().update(DeployRow, { id }, { state: 'deploying' });
    engine.metrics.fateOf = () => 1;
    await engine.scale();
    expect(await scale()).toBe(2);
    expect((await scaling()).reason).toContain(`deploy ${id} is in progress`);
    engine.metrics.fateOf = () => 30;
    await engine.scale();
    expect(await scale()).toBe(3);
  });

  it.each(['its own mode', 'the switch for all'])('only advises where %s says so', async (which) => {
    await scales({ metric: QUEUE, mode: which === 'its own mode' ? 'advice' : 'automatic' });
    if (which === 'the switch for all') await manager().update(ScalingSettingsRow, { id: 1 }, { mode: 'advice' });
    engine.metrics.fateOf = () => 45;
    await engine.scale();
    expect(await scaling()).toMatchObject({
      reason: 'Advice only. From 2 to 5: http_json is 45, and one instance should bear 10.',
      scaledAt: null,
    });
    expect([await scale(), await events(), await manager().count(ReconcileRow)]).toEqual([2, [], 0]);
  });

  it('changes nothing by a rule, or from a scale, that is no more', async () => {
    await scales({ metric: QUEUE });
    let meanwhile: () => Promise<unknown> = () => scene.setWorker({ scale: 3 });
    engine.metrics.fateOf = () => 45;
    const read = engine.metrics.read.bind(engine.metrics);
    engine.metrics.read = async (question) => {
      await meanwhile();
      return read(question);
    };
    await engine.scale();
    expect([await scale(), (await scaling()).reason]).toEqual([3, null]);
    meanwhile = async () => manager().save(WorkerScalingRow, { ...(await scaling()), maxScale: 3 });
    await engine.scale();
    expect([await scale(), (await scaling()).reason]).toEqual([3, null]);
  });

  it('is left alone by an engine while another looks', async () => {
    await scales({ metric: QUEUE });
    engine.metrics.fateOf = () => 45;
    const leases = new Leases(scene.dataSource);
    const request = { key: 'autoscale', holder: 'another', reason: 'scaling workers', milliseconds: 60_000 };
    const lease = await leases.take(request);
    await engine.scale();
    expect([await scale(), engine.metrics.asked]).toEqual([2, []]);
    if (lease !== null) await leases.release(lease);
    await engine.scale();
    expect(await scale()).toBe(5);
  });
});

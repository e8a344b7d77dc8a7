import { describe, expect, it } from 'vitest';
import { anInstance, observed } from '../../../test/factories/instances.js';
import type { Instance, Observation } from '../instance/instance.js';
import { DEFAULT_POLICY, type RolloutPolicy } from '../rollout/rollout-policy.js';
import { explainDeploy } from './explain-deploy.js';
import type { DeployFacts, ExplainedDeploy } from './explanation.js';

const NOW = Date.UTC(2026, 10, 21, 4, 0, 0);
const BEFORE = NOW - 60_000;

const DEPLOY: ExplainedDeploy = {
  id: '42',
  app: 'sample',
  environment: 'production',
  sha: 'a'.repeat(40),
  kind: 'deploy',
  state: 'deploying',
  outcome: null,
  failureReason: null,
  queued: false,
  automatic: false,
  createdAt: BEFORE,
  completedAt: null,
  cancelRequestedAt: null,
  deployingAt: BEFORE + 1_000,
  failingAt: null,
  pausedAt: null,
  pausedBecause: null,
  continuedAt: null,
  releaseCommand: null,
};
const HOLDER = { holder: 'engine-1', since: BEFORE, until: NOW + 10_000 };
const BUILD = { id: '7', state: 'completed' as const, host: 'h1', failureReason: null, lease: null };

const fresh = (slot: number, patch: Partial<Instance> = {}, seen: Partial<Observation> = {}) =>
  observed(anInstance({ slot, deployId: '42', healthyAt: patch.state === 'healthy' ? BEFORE : null, ...patch }), seen);

function policed(slot: number, patch: Partial<Instance>, policy: Partial<RolloutPolicy>) {
  const spec = anInstance({}, { policy: { ...DEFAULT_POLICY, ...policy } }).spec;
  return fresh(slot, { ...patch, spec });
}

function explain(patch: Partial<Omit<DeployFacts, 'deploy'>> & { deploy?: Partial<ExplainedDeploy> } = {}) {
  const { deploy, ...others } = patch;
  return explainDeploy({
    now: NOW,
    deploy: { ...DEPLOY, ...deploy },
    before: null,
    queueMode: 'latest_wins',
    hold: null,
    build: { ...BUILD, createdAt: BEFORE, completedAt: BEFORE },
    engine: HOLDER,
    room: null,
    hasReleaseCommand: false,
    workers: [{ workerId: '1', scale: 2, spec: anInstance({}).spec }],
    fresh: [],
    old: [],
    consulSilentBecause: null,
    ...others,
  });
}

const stepsOf = (explanation: ReturnType<typeof explain>) =>
  explanation.steps.map(({ step, state }) => `${step} ${state}`);

describe('explainDeploy of one that waits for room', () => {
  const room = {
    since: BEFORE,
    wanted: [
      { workerId: '1', worker: 'web', each: { memoryMb: 512, cpus: 1 }, count: 3, needsTcpDocker: false },
      { workerId: '2', worker: 'jobs', each: { memoryMb: 256, cpus: 0.5 }, count: 1, needsTcpDocker: true },
    ],
    pool: { id: '5', desired: 4, max: 6, reason: '4 instances wait for room.', trouble: null, waitSeconds: 900 },
  };

  it('says for what, until when, and what its pool does about it', () => {
    const { answer, steps } = explain({ deploy: { state: 'created' }, engine: null, room });
    const placement = steps.find(({ step }) => step === 'placement');
    expect(placement).toMatchObject({ state: 'blocked', since: BEFORE, until: BEFORE + 900_000 });
    expect(placement?.sentence).toBe(
      'It waits since 2026-11-21T03:59:00.000Z for hosts with room for 3 of web (512 MB and 1 CPU each), ' +
        '1 of jobs (256 MB and 0.5 CPUs). Host pool 5 is to have 4 hosts, at most 6: 4 instances wait for room. ' +
        'At 2026-11-21T04:14:00.000Z it ends as not_placed; GET /host_pools/5 shows the hosts that come.',
    );
    expect(answer).toContain('is not there yet: it waits since');
    expect(steps.find(({ step }) => step === 'engine')?.sentence).toContain('before a host comes');
  });

  it('says what is the matter with the pool, where something is', () => {
    const pool = { ...room.pool, trouble: 'Group api cannot launch: VcpuLimitExceeded.' };
    const { answer } = explain({ deploy: { state: 'created' }, room: { ...room, pool } });
    expect(answer).toContain('at most 6: Group api cannot launch: VcpuLimitExceeded. At');
    expect(explain({ deploy: { state: 'created' }, room: { ...room, pool: null } }).answer).toContain('1 of jobs');
  });
});

describe('explainDeploy', () => {
  it('tells all stations of one that is on its way, in their order, and what the first instance waits for', () => {
    const started = fresh(2, { state: 'started', startedAt: NOW - 5_000, wave: 1 }, { checkOutput: 'HTTP GET: 503' });
    const explanation = explain({ fresh: [fresh(1, { state: 'healthy' }), started, fresh(3, { wave: 2 })] });
    expect(stepsOf(explanation)).toEqual([
      'asked done',
      'build done',
      'engine done',
      'placement done',
      'worker current',
      'end waiting',
    ]);
    expect(explanation.answer).toContain('web: 1 of 3 new instances are healthy, in wave 2 of 3.');
    expect(explanation.answer).toContain('HTTP GET: 503');
    expect(explanation.answer).toContain('it has until 2026-11-21T04:00:25.000Z');
  });

  it('says of each instance that is not started yet what it waits for', () => {
    const waiting = explain({ fresh: [fresh(1, { state: 'started', startedAt: NOW }), fresh(2, { wave: 1 })] });
    const [worker] = waiting.steps.filter(({ step }) => step === 'worker');
    expect(worker?.instances.map(({ sentence }) => sentence)[1]).toBe('it waits for its wave: web 1 first');
    const roomless = explain({ fresh: [fresh(1, { state: 'healthy' }), fresh(2, { wave: 1 })] });
    expect(roomless.steps.flatMap(({ instances }) => instances)[0]?.sentence).toMatch(/room on host h1/);
    const delayed = { ...DEFAULT_POLICY, delaySeconds: 120 };
    const spec = anInstance({}, { policy: delayed }).spec;
    const paused = explain({ fresh: [fresh(1, { state: 'healthy', spec }), fresh(2, { wave: 1, spec })] });
    expect(paused.steps.flatMap(({ instances }) => instances)[0]?.sentence).toContain('the pause before its wave');
    const old = [anInstance({ deployId: '41', state: 'draining' })];
    const once = explain({ fresh: [policed(1, {}, { strategy: 'recreate' })], old });
    expect(once.steps.flatMap(({ instances }) => instances)[0]?.sentence).toContain('recreate');
  });

  it('names the deploy that it waits behind, and then nothing is asked of an engine', () => {
    const before = { id: '41', state: 'deploying' as const, since: BEFORE };
    const explanation = explain({ deploy: { queued: true, state: 'created' }, before, engine: null });
    expect(explanation.answer).toContain('it waits for deploy 41, which is in progress (deploying) since 2026');
    expect(explanation.answer).toContain('latest_wins');
    expect(stepsOf(explanation)).toContain('engine waiting');
  });

  it('names the hold that keeps an automatic one out, and how it is released', () => {
    const hold = { reason: 'v41 was brought back', since: BEFORE };
    const { answer } = explain({ deploy: { automatic: true, state: 'created' }, hold });
    expect(answer).toContain('v41 was brought back; DELETE /apps/sample/hold?environment=production');
    expect(explain({ hold }).answer).not.toContain('hold');
  });

  it.each([
    ['who makes the build', { state: 'in_progress' as const, lease: HOLDER }, 'is made on host h1 by engine engine-1'],
    [
      'that nobody makes it',
      { state: 'in_progress' as const, lease: null },
      'for an engine that has a place for it free',
    ],
  ])('says %s', (_what, build, words) => {
    const facts = { deploy: { state: 'building' as const }, engine: null };
    const explanation = explain({ ...facts, build: { ...BUILD, createdAt: BEFORE, completedAt: null, ...build } });
    expect(explanation.answer).toContain(words);
    expect(stepsOf(explanation)).toContain('engine waiting');
  });

  it.each([
    ['ever did', null, BEFORE],
    ['does any more', { ...HOLDER, until: NOW - 7_000 }, NOW - 7_000],
  ])('asks whether an engine is running where none %s', (_what, engine, since) => {
    const explanation = explain({ engine });
    expect(explanation.answer).toContain(
      `no engine works on it since ${new Date(since).toISOString()}; is one running?`,
    );
  });

  it('says who works on it, since when and until when', () => {
    const [engine] = explain().steps.filter(({ step }) => step === 'engine');
    expect(engine).toMatchObject({ state: 'done', since: BEFORE, until: NOW + 10_000 });
    expect(engine?.sentence).toContain('Engine engine-1 works on sample in production since 2026-11-21T03:59:00.000Z');
  });

  it('follows the release command', () => {
    const run = {
      state: 'running' as const,
      host: 'h2',
      containerName: 'c',
      startedAt: BEFORE,
      endedAt: null,
      exitCode: null,
    };
    expect(explain({ hasReleaseCommand: true }).steps.map(({ step }) => step)).toContain('release_command');
    expect(explain({ deploy: { releaseCommand: run } }).answer).toContain('the release command runs on host h2');
    const waiting = explain({ hasReleaseCommand: true, deploy: { releaseCommand: run }, fresh: [fresh(1)] });
    expect(waiting.steps.flatMap(({ instances }) => instances)[0]?.sentence).toBe('it waits for the release command');
    const failed = { ...run, state: 'failed' as const, exitCode: 2 };
    const over = { state: 'failed' as const, outcome: 'release_command_failed' as const, failureReason: 'it ended' };
    const explanation = explain({ deploy: { ...over, releaseCommand: failed } });
    expect(stepsOf(explanation)).toContain('release_command failed');
    expect(explanation.steps.find(({ step }) => step === 'release_command')?.sentence).toContain('exit code 2');
  });

  it('says why every host refuses', () => {
    const failureReason = 'worker web slots 1, 2 cannot be placed: 0 of 1 hosts fit: h1: needs 512 MB';
    const deploy = { state: 'failed' as const, outcome: 'not_placed' as const, failureReason, completedAt: NOW };
    const { answer, steps } = explain({ deploy });
    expect(answer).toContain('h1: needs 512 MB');
    expect(steps.find(({ step }) => step === 'placement')).toMatchObject({ state: 'failed' });
  });

  it('says that nothing will start where every worker is at scale 0', () => {
    const workers = [{ workerId: '1', scale: 0, spec: anInstance({}).spec }];
    expect(explain({ workers }).steps.find(({ step }) => step === 'placement')?.sentence).toContain('/workers/rescale');
  });

  it('says why it is paused and how it goes on, until it did', () => {
    const paused = { pausedAt: NOW - 1_000, pausedBecause: '2 new instances of web failed' };
    const { answer } = explain({ deploy: paused, engine: null });
    expect(answer).toContain('2 new instances of web failed; POST /deploys/42/continue lets it go on');
    expect(answer).toContain('/deploys/42/cancel');
    expect(stepsOf(explain({ deploy: { ...paused, continuedAt: NOW } }))).not.toContain('pause blocked');
  });

  it.each([
    [null, { state: 'blocked', words: 'the rest waits for POST /deploys/42/continue' }],
    [120, { state: 'current', words: 'are watched until 2026-11-21T04:01:00.000Z' }],
  ])('says what canaries with a pause of %s wait for', (canaryPauseSeconds, { state, words }) => {
    const policy = { strategy: 'canary' as const, canaryPauseSeconds };
    const canary = policed(1, { state: 'healthy' }, policy);
    const explanation = explain({ fresh: [canary, policed(2, { wave: 2 }, policy)] });
    expect(stepsOf(explanation)).toContain(`pause ${state}`);
    expect(explanation.steps.find((each) => each.step === 'pause')?.sentence).toContain(words);
  });

  it('says what is put back while it fails, and why', () => {
    const failing = { failingAt: NOW, failureReason: 'web 1 on h1: its container ended with exit code 3' };
    const { answer } = explain({ deploy: failing, fresh: [fresh(1, { state: 'failed' })] });
    expect(answer).toContain('exit code 3; 1 new instance is still taken away');
    expect(explain({ deploy: { cancelRequestedAt: NOW } }).answer).toContain(
      'it was canceled at 2026-11-21T04:00:00.000Z',
    );
  });

  it('ends with where it came to', () => {
    const at = { completedAt: NOW };
    const well = explain({ deploy: { ...at, state: 'deployed' }, fresh: [fresh(1, { state: 'healthy' })] });
    expect(well.answer).toBe(
      'Deploy 42 of sample to production is where it was asked for since 2026-11-21T04:00:00.000Z: 1 of its instances is healthy.',
    );
    expect(stepsOf(well)).not.toContain('engine done');
    const failed = {
      ...at,
      state: 'failed' as const,
      outcome: 'reverted' as const,
      failureReason: 'x',
      failingAt: NOW,
    };
    expect(explain({ deploy: failed }).answer).toContain('failed (reverted) since 2026-11-21T04:00:00.000Z: x.');
    expect(stepsOf(explain({ deploy: failed }))).toContain('revert done');
    expect(explain({ deploy: { state: 'stopped' } }).answer).toContain('a later one has taken its place');
  });

  it('says that the checks are not known while Consul is silent', () => {
    const started = fresh(1, { state: 'started', startedAt: NOW }, { check: 'unknown' });
    const { answer } = explain({ fresh: [started], consulSilentBecause: 'Consul does not answer: ECONNREFUSED' });
    expect(answer).toContain('ECONNREFUSED');
    expect(answer).toContain('what its check says is not known');
  });
});

import { describe, expect, it } from 'vitest';
import { aBuild, aDeploy, aFailure, anApp, anInstance } from './deploy-scene.js';
import { deployProgress } from './deploy-progress.js';

const AT = Date.parse('2026-01-01T00:00:12.000Z');

describe('deployProgress', () => {
  it('says what is deployed, where, and for how long', () => {
    const { title, seconds, stage } = deployProgress(aDeploy(), AT);
    expect({ title, seconds, stage }).toEqual({
      title: 'Deploy 17 of sample to production, 6e1f0c0',
      seconds: 12,
      stage: 'current',
    });
  });

  it.each([
    ['rollback', 'Rollback 17 of sample to production, v41, 6e1f0c0'],
    ['promotion', 'Promotion 17 of sample to production, v41, 6e1f0c0'],
  ])('calls a %s by its name, and says of what', (kind, title) => {
    expect(deployProgress(aDeploy({ kind, from_release: 'v41' }), AT).title).toBe(title);
  });

  it('shows the build that it waits for', () => {
    const build = aBuild({ state: 'in_progress', phase: 'building', completed_at: null });
    expect(deployProgress(aDeploy({ state: 'building', build }), AT).steps).toEqual([
      { name: 'build 12', stage: 'current', detail: 'building on h3, 11 s' },
    ]);
  });

  it('leaves a build out that was there before', () => {
    const build = aBuild({ completed_at: '2025-12-31T23:00:00.000Z' });
    expect(deployProgress(aDeploy({ build }), AT).steps).toEqual([]);
  });

  it('shows the queue and a release command to come', () => {
    const app = anApp({ release_command: 'migrate' });
    const steps = deployProgress(aDeploy({ app, state: 'created', queued: true, position: 2 }), AT).steps;
    expect(steps.map(({ name, stage, detail }) => [name, stage, detail])).toEqual([
      ['queue', 'current', 'waits for another deploy, place 2'],
      ['build 12', 'done', 'completed, 8 s'],
      ['release command', 'waiting', 'waits for its turn'],
    ]);
  });

  it('shows a release command that failed', () => {
    const run = { state: 'failed', host: 'h1', exit_code: 4 };
    const [, step] = deployProgress(aDeploy({ release_command: run, state: 'failed' }), AT).steps;
    expect(step).toEqual({ name: 'release command', stage: 'failed', detail: 'failed on h1, exit code 4' });
  });

  it('counts the healthy instances of each worker, slot by slot', () => {
    const instances = [
      anInstance('web', 2, { state: 'started' }),
      anInstance('jobs', 1, { state: 'planned' }),
      anInstance('web', 1),
    ];
    expect(deployProgress(aDeploy({ instances }), AT).workers).toEqual([
      {
        ...{ name: 'jobs', stage: 'waiting', healthy: 0, wanted: 1 },
        slots: [{ slot: 1, host: 'h1', stage: 'waiting', detail: 'has its place' }],
      },
      {
        ...{ name: 'web', stage: 'current', healthy: 1, wanted: 2 },
        slots: [
          { slot: 1, host: 'h1', stage: 'done', detail: 'healthy' },
          { slot: 2, host: 'h2', stage: 'current', detail: 'runs, waits for its check' },
        ],
      },
    ]);
  });

  it('shows the cause at the slot that failed', () => {
    const instances = [anInstance('web', 1, { state: 'stopped', failure: aFailure() })];
    const [web] = deployProgress(aDeploy({ instances, state: 'failed' }), AT).workers;
    expect(web).toMatchObject({
      stage: 'failed',
      healthy: 0,
      slots: [{ stage: 'failed', detail: 'It ended with exit code 3.' }],
    });
  });

  it('says why it is paused, what it waits for room for, and that it is taken back', () => {
    const room = { since: '2026-01-01T00:00:10.000Z', room: [{ worker: 'web', count: 2, memory_mb: 512, cpus: 1 }] };
    const deploy = aDeploy({
      ...{ paused_because: 'The canary is 9 % slower.', waits_for_room: room },
      cancel_requested_at: '2026-01-01T00:00:11.000Z',
    });
    expect(deployProgress(deploy, AT).remarks).toEqual([
      'It is paused: The canary is 9 % slower.',
      'It is being taken back.',
      'It waits for hosts with room for 2 of web (each 512 MiB, 1 cores).',
    ]);
  });

  it('ends its time with the deploy', () => {
    const done = aDeploy({ state: 'deployed', outcome: 'succeeded', completed_at: '2026-01-01T00:00:10.000Z' });
    expect(deployProgress(done, AT)).toMatchObject({ seconds: 10, stage: 'done', remarks: [] });
  });
});

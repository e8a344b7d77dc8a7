import { describe, expect, it } from 'vitest';
import { aDeploy, aFailure, anInstance } from './deploy-scene.js';
import { failureLines, resultOf } from './deploy-report.js';
import { exitOfDeploy } from './outcome-exit.js';

const ended = { completed_at: '2026-01-01T00:01:05.000Z' };

describe('exitOfDeploy', () => {
  it.each([
    ['build_failed', 2],
    ['release_command_failed', 2],
    ['image_gone', 2],
    ['config_unreadable', 2],
    ['reverted', 3],
    ['timed_out', 3],
    ['revert_incomplete', 3],
    ['not_placed', 4],
    ['superseded', 7],
    ['an_outcome_of_a_newer_server', 2],
  ])('of a deploy that failed as %s is %i', (outcome, code) => {
    expect(exitOfDeploy(aDeploy({ state: 'failed', outcome }))).toBe(code);
  });

  it('is 0 for what was deployed, also where a later one has replaced it', () => {
    const codes = ['deployed', 'stopped'].map((state) => exitOfDeploy(aDeploy({ state, outcome: 'succeeded' })));
    expect(codes).toEqual([0, 0]);
  });

  it('tells a canceled one that had begun from one that had not', () => {
    const canceled = { state: 'failed', outcome: 'canceled' };
    const begun = aDeploy({ ...canceled, instances: [anInstance('web', 1, { state: 'stopped' })] });
    expect([exitOfDeploy(aDeploy(canceled)), exitOfDeploy(begun)]).toEqual([2, 3]);
  });
});

describe('the report of a deploy', () => {
  it('says in one sentence what became of it', () => {
    const deployed = aDeploy({ ...ended, state: 'deployed', outcome: 'succeeded', release: 'v12' });
    expect(resultOf(deployed)).toBe('Deploy 17 of sample to production, 6e1f0c0: deployed as v12 in 1 min 05 s.');
    expect(failureLines(deployed, 80)).toEqual([]);
  });

  it('shows the cause of a failure and what the instance said last', () => {
    const failure = {
      ...aFailure({ kind: 'unhealthy', last_check: 'HTTP 503' }),
      instance: 'sample-production-web-1-d17',
      host: 'h1',
    };
    const failed = aDeploy({
      ...ended,
      state: 'failed',
      outcome: 'reverted',
      failure_reason: 'Web 1 failed.',
      failure,
    });
    expect(resultOf(failed)).toBe('Deploy 17 of sample to production, 6e1f0c0: failed (reverted) after 1 min 05 s.');
    expect(failureLines(failed, 80)).toEqual([
      'Web 1 failed.',
      'sample-production-web-1-d17 on h1: It ended with exit code 3.',
      'Its check said last: HTTP 503',
      'Last lines of sample-production-web-1-d17:',
      '  starting',
      '  no such table: users',
    ]);
  });
});

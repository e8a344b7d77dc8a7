import { describe, expect, it } from 'vitest';
import type { ReleaseCommandRun } from './deploy-lifecycle.js';
import {
  exitCause,
  planReleaseCommand,
  planTakingBack,
  releaseContainerName,
  releaseFailure,
  type ReleaseCommandSnapshot,
} from './plan-release-command.js';

const RUNNING: ReleaseCommandRun = {
  state: 'running',
  host: 'h1',
  containerName: 'sample-production-release-d4',
  startedAt: 1_000,
  endedAt: null,
  exitCode: null,
};

const snapshot = (patch: Partial<ReleaseCommandSnapshot>): ReleaseCommandSnapshot => ({
  now: 2_000,
  run: RUNNING,
  waitingSince: 500,
  timeoutSeconds: 10,
  container: 'running',
  exitCode: null,
  ...patch,
});

describe('planReleaseCommand', () => {
  it('begins what nothing is written of', () => {
    expect(planReleaseCommand(snapshot({ run: null, container: 'unknown' }))).toEqual({ kind: 'begin' });
  });

  it.each(['running', 'unknown'] as const)(
    'waits for the end of one that is %s, until its time is over',
    (container) => {
      expect(planReleaseCommand(snapshot({ container }))).toEqual({ kind: 'wait', until: 11_000 });
    },
  );

  it('starts one that is written and has no container: it never began', () => {
    expect(planReleaseCommand(snapshot({ container: 'absent' }))).toEqual({ kind: 'start' });
  });

  it('starts one whose container was made and never started', () => {
    expect(planReleaseCommand(snapshot({ container: 'exited', exitCode: null }))).toEqual({ kind: 'start' });
  });

  it.each([0, 1, 137])('takes exit code %i, even when its time is over by now', (exitCode) => {
    const seen = { container: 'exited' as const, exitCode, now: 99_000 };
    expect(planReleaseCommand(snapshot(seen))).toEqual({ kind: 'end', exitCode });
  });

  it('stops one that takes too long, from its start on and not before', () => {
    expect(planReleaseCommand(snapshot({ now: 10_999 })).kind).toBe('wait');
    const late = planReleaseCommand(snapshot({ now: 11_000 }));
    expect(late).toEqual({ kind: 'stop', cause: 'the release command did not end within 10 s' });
  });

  it('never starts one again whose time is over, also where its container is gone', () => {
    expect(planReleaseCommand(snapshot({ now: 11_000, container: 'absent' })).kind).toBe('stop');
  });

  it('says of a silent host that it is silent', () => {
    const late = planReleaseCommand(snapshot({ now: 11_000, container: 'unknown' }));
    expect(late).toMatchObject({ kind: 'stop', cause: expect.stringContaining('host h1') as string });
  });

  it('does not try for ever to begin', () => {
    const late = planReleaseCommand(snapshot({ run: null, container: 'unknown', now: 10_500 }));
    expect(late).toEqual({ kind: 'stop', cause: 'the release command could not be begun within 10 s' });
  });

  it('goes on after one that succeeded and gives up after one that failed, whatever Docker shows', () => {
    const at = (state: ReleaseCommandRun['state']) =>
      planReleaseCommand(snapshot({ run: { ...RUNNING, state }, container: 'absent', now: 99_000 })).kind;
    expect([at('succeeded'), at('failed')]).toEqual(['go_on', 'give_up']);
  });
});

describe('planTakingBack', () => {
  it.each(['running', 'exited', 'absent'] as const)('removes one whose container is %s', (container) => {
    expect(planTakingBack(snapshot({ container })).kind).toBe('stop');
  });

  it('waits for a silent host as long as the command had time', () => {
    expect(planTakingBack(snapshot({ container: 'unknown' }))).toEqual({ kind: 'wait', until: 11_000 });
    expect(planTakingBack(snapshot({ container: 'unknown', now: 11_000 })).kind).toBe('stop');
  });

  it('has nothing to do where it was never begun, or has ended', () => {
    expect(planTakingBack(snapshot({ run: null })).kind).toBe('go_on');
    expect(planTakingBack(snapshot({ run: { ...RUNNING, state: 'failed' } })).kind).toBe('go_on');
  });
});

describe('why it failed', () => {
  it('names exit code, signal and the last line that is not empty', () => {
    const cause = exitCause({ exitCode: 137, outOfMemory: false }, ['first', 'Killed ', '']);
    expect(cause).toBe('the release command ended with exit code 137 (SIGKILL): Killed');
  });

  it('says when memory ran out, and when nothing was printed', () => {
    const cause = exitCause({ exitCode: 137, outOfMemory: true }, []);
    expect(cause).toBe('the release command ended with exit code 137 (it ran out of memory), and printed nothing');
  });

  it('is kept with the last 50 lines', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index}`);
    const failure = releaseFailure('why', { exitCode: 143, outOfMemory: false }, lines);
    expect(failure).toMatchObject({ cause: 'why', kind: 'exited', exitCode: 143, signal: 'SIGTERM' });
    expect(failure.lastLines).toEqual(lines.slice(10));
  });
});

it('names its container as no instance is named', () => {
  expect(releaseContainerName('sample', 'production', '42')).toBe('sample-production-release-d42');
});

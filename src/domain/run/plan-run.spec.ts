import { describe, expect, it } from 'vitest';
import { planRun, type RunSnapshot, SILENCE, STOP_GRACE } from './plan-run.js';

const LIMITS = { run: 60_000, room: 30_000, console: 10_000 };

const WAITING: RunSnapshot = {
  now: 1_000,
  kind: 'one_off',
  state: 'waiting',
  needsConsole: false,
  createdAt: 0,
  startedAt: null,
  consoleSeenAt: null,
  canceled: false,
  stop: null,
  lacksRoom: false,
  seen: 'absent',
  exitCode: null,
  limits: LIMITS,
};
const STARTING: RunSnapshot = { ...WAITING, state: 'starting' };
const RUNNING: RunSnapshot = { ...WAITING, state: 'running', startedAt: 500, seen: 'running' };
const STOPPING: RunSnapshot = { ...RUNNING, stop: { reason: 'timed_out', at: 1_000 } };

describe('planRun', () => {
  it.each<[string, RunSnapshot, object]>([
    ['looks for a place', WAITING, { kind: 'place' }],
    ['goes on looking while it may wait', { ...WAITING, lacksRoom: true }, { kind: 'place' }],
    ['tries once however short it may wait', { ...WAITING, now: 40_000 }, { kind: 'place' }],
    ['gives up', { ...WAITING, lacksRoom: true, now: 30_000 }, { kind: 'drop', because: 'no_room' }],
    ['drops what is canceled before it began', { ...WAITING, canceled: true }, { kind: 'drop', because: 'canceled' }],
    ['makes what is written to be somewhere', STARTING, { kind: 'start' }],
    ['begins what was made and never begun', { ...STARTING, seen: 'created' }, { kind: 'start' }],
    ['waits for a host that says nothing', { ...STARTING, seen: 'unknown' }, { kind: 'wait' }],
    ['sees that it runs', { ...STARTING, seen: 'running' }, { kind: 'began' }],
    ['begins nothing that has ended', { ...STARTING, seen: 'exited', exitCode: 0 }, { kind: 'began' }],
    ['lets it run', RUNNING, { kind: 'wait' }],
    ['sees its end', { ...RUNNING, seen: 'exited', exitCode: 3 }, { kind: 'exited', exitCode: 3 }],
    ['begins nothing again that is gone', { ...RUNNING, seen: 'absent' }, { kind: 'lose', because: 'gone' }],
    ['ends what takes too long', { ...RUNNING, now: 60_500 }, { kind: 'stop', because: 'timed_out' }],
    ['ends what is canceled', { ...RUNNING, canceled: true }, { kind: 'stop', because: 'canceled' }],
    ['asks it to end', STOPPING, { kind: 'signal', signal: 'SIGTERM' }],
    ['kills it', { ...STOPPING, now: 1_000 + STOP_GRACE }, { kind: 'signal', signal: 'SIGKILL' }],
    ['sees the end that it made', { ...STOPPING, seen: 'exited', exitCode: 143 }, { kind: 'exited', exitCode: 143 }],
    ['waits for a host that it cannot tell', { ...STOPPING, seen: 'unknown' }, { kind: 'wait' }],
    [
      'does not wait for ever',
      { ...STOPPING, seen: 'unknown', now: 1_000 + SILENCE },
      { kind: 'lose', because: 'silent' },
    ],
    ['does nothing for what is over', { ...RUNNING, state: 'exited' }, { kind: 'none' }],
  ])('%s', (_, snapshot, step) => {
    expect(planRun(snapshot)).toEqual(step);
  });

  describe('of what somebody has to be connected to', () => {
    const TYPED: RunSnapshot = { ...RUNNING, needsConsole: true };

    it('ends it when nobody was there for the grace', () => {
      expect(planRun({ ...TYPED, now: 10_499 })).toEqual({ kind: 'wait' });
      expect(planRun({ ...TYPED, now: 10_500 })).toEqual({ kind: 'stop', because: 'abandoned' });
      expect(planRun({ ...TYPED, now: 10_500, consoleSeenAt: 9_000 })).toEqual({ kind: 'wait' });
    });

    it('leaves it to who connects to begin it in an instance', () => {
      const exec: RunSnapshot = { ...WAITING, kind: 'exec', needsConsole: true };
      expect(planRun(exec)).toEqual({ kind: 'wait' });
      expect(planRun({ ...exec, state: 'starting', seen: 'created' })).toEqual({ kind: 'wait' });
      expect(planRun({ ...exec, now: 10_000 })).toEqual({ kind: 'drop', because: 'abandoned' });
      expect(planRun({ ...exec, needsConsole: false })).toEqual({ kind: 'start' });
    });
  });
});

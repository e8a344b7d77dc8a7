import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { detailOf, isOurs, listFilter, seenOf } from './container-view.js';

type State = Partial<Docker.ContainerInspectInfo['State']>;

/** The part of Docker's long answer that is looked at. */
function inspected(state: State, more: Record<string, unknown> = {}): Docker.ContainerInspectInfo {
  return {
    Id: 'abc',
    Name: '/web-1',
    RestartCount: 0,
    State: { Status: 'running', ExitCode: 0, OOMKilled: false, ...state },
    Config: { Labels: { 'io.jockey.app': 'sample' } },
    HostConfig: { PortBindings: { '8888/tcp': [{ HostPort: '20001' }] } },
    ...more,
  } as unknown as Docker.ContainerInspectInfo;
}

describe('detailOf', () => {
  it('shows one that runs', () => {
    expect(detailOf(inspected({}))).toStrictEqual({
      id: 'abc',
      name: 'web-1',
      state: 'running',
      labels: { 'io.jockey.app': 'sample' },
      hostPort: 20_001,
      exitCode: null,
      outOfMemory: false,
      restarts: 0,
    });
  });

  it.each([
    ['exited', 3, 3],
    ['restarting', 1, 1],
    ['dead', 137, 137],
    ['created', 0, null],
    ['created', 127, 127],
    ['exited', 0, 0],
  ] as const)('shows one that is %s with exit code %d as ended', (Status, ExitCode, exitCode) => {
    expect(detailOf(inspected({ Status, ExitCode }))).toMatchObject({ state: 'exited', exitCode });
  });

  it('shows restarts and a lack of memory', () => {
    const detail = detailOf(inspected({ Status: 'restarting', ExitCode: 137, OOMKilled: true }, { RestartCount: 4 }));
    expect(detail).toMatchObject({ restarts: 4, outOfMemory: true, exitCode: 137 });
  });

  it.each([[{}], [null], [{ '8888/tcp': null }], [{ '8888/tcp': [{ HostPort: '' }] }]])(
    'knows no port in %j',
    (PortBindings) => expect(detailOf(inspected({}, { HostConfig: { PortBindings } })).hostPort).toBeNull(),
  );
});

describe('seenOf', () => {
  const listed = { Id: 'abc', Names: ['/web-1'], Labels: {}, Ports: [{ PrivatePort: 80 }, { PublicPort: 20_001 }] };

  it('shows a line of a list', () => {
    expect(seenOf({ ...listed, State: 'running' } as unknown as Docker.ContainerInfo)).toStrictEqual({
      id: 'abc',
      name: 'web-1',
      state: 'running',
      labels: {},
      hostPort: 20_001,
    });
  });

  it.each(['created', 'restarting', 'paused', 'exited', 'dead', 'removing'])('takes %s for ended', (State) => {
    expect(seenOf({ ...listed, State } as unknown as Docker.ContainerInfo).state).toBe('exited');
  });
});

describe('what is ours', () => {
  it('is asked for with our label, whatever else is asked for', () => {
    expect(listFilter({})).toEqual(['io.jockey.app']);
    expect(listFilter({ 'io.jockey.slot': '2' })).toEqual(['io.jockey.app', 'io.jockey.slot=2']);
  });

  it('carries our label', () => {
    expect(isOurs({ labels: { 'io.jockey.app': 'sample' } })).toBe(true);
    expect(isOurs({ labels: { app: 'sample' } })).toBe(false);
  });
});

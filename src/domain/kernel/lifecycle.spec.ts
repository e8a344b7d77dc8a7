import { describe, expect, it } from 'vitest';
import { buildLifecycle } from '../build/build-lifecycle.js';
import { deployLifecycle, IN_PROGRESS_DEPLOY_STATES } from '../deploy/deploy-lifecycle.js';
import { instanceLifecycle } from '../instance/instance-lifecycle.js';
import { reconcileLifecycle } from '../reconcile/reconcile-lifecycle.js';
import { defineLifecycle, diagramOf, type Lifecycle } from './lifecycle.js';

const ALL: readonly Lifecycle<string>[] = [
  buildLifecycle,
  deployLifecycle,
  instanceLifecycle,
  reconcileLifecycle,
] as readonly Lifecycle<string>[];

describe.each(ALL)('the lifecycle of a $name', (lifecycle) => {
  it('begins in one of its states and can end from each of them', () => {
    expect(lifecycle.states).toContain(lifecycle.initial);
    for (const state of lifecycle.states) expect(lastStates(lifecycle, state)).not.toEqual([]);
  });

  it('never moves back: no state can come again', () => {
    for (const state of lifecycle.states) expect(reachable(lifecycle, state)).not.toContain(state);
  });

  it('moves along its table and no other way', () => {
    for (const from of lifecycle.states)
      for (const to of lifecycle.states)
        expect(lifecycle.canMove(from, to)).toBe(lifecycle.transitions[from]?.includes(to));
  });

  it('is final or open in each state, never both', () => {
    for (const state of lifecycle.states) expect(lifecycle.open.includes(state)).toBe(!lifecycle.isFinal(state));
  });

  it('is drawn whole: its start, each arrow and each end, once', () => {
    const arrows = lifecycle.states.flatMap((from) => lifecycle.transitions[from]?.map((to) => `  ${from} --> ${to}`));
    const ends = lifecycle.states.filter((state) => lifecycle.isFinal(state)).map((state) => `  ${state} --> [*]`);
    const [title, ...lines] = diagramOf(lifecycle).split('\n');
    expect(title).toBe('stateDiagram-v2');
    expect(lines.sort()).toEqual([`  [*] --> ${lifecycle.initial}`, ...arrows, ...ends].sort());
  });
});

describe('the states of a deploy', () => {
  it('are in progress exactly until it is deployed or has ended', () => {
    const settled = deployLifecycle.states.filter((state) => !IN_PROGRESS_DEPLOY_STATES.some((each) => each === state));
    expect(settled).toEqual(['deployed', 'failed', 'stopped']);
  });
});

describe('defineLifecycle', () => {
  it('refuses a state that no way leads to, and names it', () => {
    expect(() => defineLifecycle<'off' | 'on'>('lamp', 'off', { off: [], on: [] })).toThrow(
      'lifecycle lamp: no way leads to on',
    );
  });

  it('refuses a table that goes backward, and shows the way', () => {
    expect(() => defineLifecycle('lamp', 'off', { off: ['on'], on: ['off'] })).toThrow(
      'lifecycle lamp: off -> on -> off goes backward',
    );
  });

  it('refuses a state that follows itself', () => {
    expect(() => defineLifecycle('lamp', 'off', { off: ['off'] })).toThrow('off -> off goes backward');
  });
});

describe('diagramOf', () => {
  it('is a Mermaid state diagram', () => {
    expect(diagramOf(buildLifecycle as Lifecycle<string>)).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> in_progress',
        '  in_progress --> completed',
        '  in_progress --> failed',
        '  completed --> [*]',
        '  failed --> [*]',
      ].join('\n'),
    );
  });
});

function reachable(lifecycle: Lifecycle<string>, from: string): string[] {
  const found = new Set(lifecycle.transitions[from]);
  for (const state of found) for (const next of lifecycle.transitions[state] ?? []) found.add(next);
  return [...found];
}

function lastStates(lifecycle: Lifecycle<string>, from: string): string[] {
  return [from, ...reachable(lifecycle, from)].filter((state) => lifecycle.isFinal(state));
}

import { describe, expect, it } from 'vitest';
import { poolHostState } from './pool-host-state.js';

const FACTS = { lifecycleState: 'InService', registered: true, leaving: false, released: false, gone: false };

describe('poolHostState', () => {
  it.each([
    ['launching', { lifecycleState: 'Pending', registered: false }],
    ['launching', { lifecycleState: 'Pending:Wait' }],
    ['launching', { lifecycleState: 'Warmed:Running', registered: false }],
    ['in_service', { registered: false }],
    ['registered', {}],
    ['registered', { lifecycleState: null }],
    ['registered', { lifecycleState: 'Standby' }],
    ['draining', { leaving: true }],
    ['draining', { lifecycleState: 'Terminating:Wait' }],
    ['draining', { lifecycleState: 'Pending', leaving: true }],
    ['terminating', { released: true }],
    ['terminating', { lifecycleState: 'Terminating:Proceed', leaving: true }],
    ['gone', { gone: true, leaving: true, released: true }],
    ['gone', { lifecycleState: 'Terminated' }],
  ])('is %s of %j', (state, facts) => {
    expect(poolHostState({ ...FACTS, ...facts })).toBe(state);
  });
});
